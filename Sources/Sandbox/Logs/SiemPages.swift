import Foundation
import Mimecast
import MusterStore

/// The newer calls for mail logs: events by the page, and files by the page.
enum SiemPages {
    /// For events, a client in production says that anything older is refused; our choice is an hour's grace.
    private static let eventsLookBack = VendorTime.day + 3_600_000
    /// For files as long as there are any, with a day's grace for dates without a time (our choice).
    private static let filesLookBack = (TenantDirectory.mailDays + 1) * VendorTime.day

    static func events(_ call: Call) async throws -> Answer {
        try await answer(call) {
            let size = try SiemPlace.pageSize(call.query["pageSize"])
            var place = try SiemPlace(
                call.query, types: SiemPlace.types(call.query["types"] ?? call.query["type"], "types"), call: call,
                lookBack: eventsLookBack)
            try await MailBox.catchUp(call)
            let asked = place
            let lines = try await call.read { directory in
                var lines: [MailLine] = []
                try directory.mail(after: asked.after, types: asked.types, between: asked.start, and: asked.end) { line in
                    lines.append(line)
                    return lines.count < size
                }
                return lines
            }
            place.after = lines.last?.number ?? place.after
            return try .json(SiemEvents(value: lines.map { try $0.event() }, nextPage: place.token(call)))
        }
    }

    static func files(_ call: Call) async throws -> Answer {
        try await answer(call) {
            let size = try SiemPlace.pageSize(call.query["pageSize"])
            guard let types = try SiemPlace.types(call.query["type"], "type") else {
                throw ItemFailure(FailureCode.validationNull, "This field is required", field: "type")
            }
            guard types.count == 1 else { throw ItemFailure.invalid("type", "One type is asked for at a time") }
            var place = try SiemPlace(call.query, types: types, call: call, lookBack: filesLookBack)
            try await MailBox.catchUp(call)
            let asked = place
            let (files, isCaughtUp) = try await call.read { directory in
                try SiemFile.list(directory, asked, type: types[0], most: size)
            }
            place.after = files.last?.last ?? place.after
            let expires = call.state.clock.milliseconds + SiemFile.life
            let base = call.state.address(of: call.caller.application.region) ?? call.state.address(of: call.state.options.regions[0]) ?? ""
            let value = files.map { file in
                SiemBatch.File(
                    url: base + file.link(expires: expires, call.state.keys), expiry: SiemFile.date(expires), size: Gzip.size(of: file.size)
                )
            }
            return try .json(SiemBatch(value: value, nextPage: place.token(call), isCaughtUp: isCaughtUp))
        }
    }

    private static func answer(_ call: Call, _ body: () async throws -> Answer) async throws -> Answer {
        do {
            if let fault = call.fault, fault.kind == .refuse {
                throw ItemFailure(fault.code ?? FailureCode.forbiddenForAddress, "0003 Forbidden (scripted fault)")
            }
            let answer = try await body()
            call.state.log.append(call.line(.read, target: nil))
            return answer
        } catch let failure as ItemFailure {
            let refusal = failure.refusal
            call.state.log.append(call.line(.refused, target: nil, status: refusal.status))
            throw refusal
        }
    }
}
