import Foundation
import HTTPTypes

/// What was asked of the sandbox, and what is to go wrong.
extension ControlAPI {
    private struct FaultIDs: Encodable { var ids: [Int] }
    private struct FaultReport: Encodable {
        var faults: [FaultBook.Entry]
        /// How many strikes are still to come.
        var pending: Int
    }

    static let traffic = [
        ControlRoute(.get, "/requests", query: ["path", "since", "application", "tenant"]) { api, call in
            let (id, time) = try call.since()
            let lines = try await api.state.log.lines(
                api.state.store, path: call.value("path"), application: call.value("application"), tenant: call.value("tenant"), after: id,
                since: time)
            return .lines(lines)
        },
        ControlRoute(.post, "/faults") { api, call in
            let faults = try call.read(FaultList.self).faults
            for fault in faults { try fault.check(isServed: api.routes.canBeStruck) }
            let past = faults.contains { $0.kind == .staleRead } ? try await api.state.shelf.past() : nil
            return try .json(FaultIDs(ids: api.state.faults.add(faults, past: past)))
        },
        ControlRoute(.get, "/faults") { api, _ in
            let all = api.state.faults.all
            return try .json(FaultReport(faults: all, pending: all.reduce(0) { $0 + $1.pending }))
        },
        ControlRoute(.delete, "/faults") { api, _ in
            api.state.faults.clear()
            return Answer(status: 204)
        },
    ]
}

extension Answer {
    /// A list without an end in sight: a JSON document a line.
    static func lines(_ lines: Data) -> Answer {
        Answer(status: 200, headers: [.contentType: "application/x-ndjson"], body: [UInt8](lines))
    }
}
