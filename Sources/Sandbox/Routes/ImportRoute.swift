import Foundation
import HTTPTypes
import Mimecast

/// import-users: a file in the body, its arguments in a header, and an answer before anything was imported.
enum ImportRoute {
    static let route = Route.own(Endpoints.Portal.importUsers) { call in
        var echo: JSON?
        do {
            if let failure = call.scriptedRefusal { throw failure }
            let arguments = try ImportArguments(header: HTTPField.Name("x-mc-arg").flatMap { call.headers[$0] })
            echo = arguments.echo
            let order = arguments.order
            try checkKind(order.fileType)
            let file = try ImportFile(call.body)
            let reply = try await call.write { directory, log in
                let reply = try directory.acceptImport(order, file)
                try log(call.line(.created, target: reply.id))
                return reply
            }
            // It is due earlier than anything that was known.
            call.state.life.wake(call.caller.tenant)
            return try .json(ReplyEnvelope(status: 200, data: [reply]))
        } catch let failure as ItemFailure {
            call.state.log.append(call.line(.refused, target: nil))
            return try .failed([Failure(key: echo, errors: [failure.reason])])
        }
    }

    private static func checkKind(_ kind: String?) throws {
        guard let kind, !kind.isEmpty, kind.lowercased() != "csv" else { return }
        throw ItemFailure(FailureCode.importInvalid, "Only CSV is read", field: "fileType")
    }
}

extension Call {
    /// The fault of a refused item.
    var scriptedRefusal: ItemFailure? {
        guard let fault, fault.kind == .refuse else { return nil }
        return ItemFailure(fault.code ?? FailureCode.forbiddenForAddress, "0003 Forbidden (scripted fault)")
    }
}

extension Answer {
    /// Nothing but failures.
    static func failed(_ failures: [Failure]) throws -> Answer {
        try .json(ReplyEnvelope<Nothing>(status: 200, data: [], fail: failures))
    }
}
