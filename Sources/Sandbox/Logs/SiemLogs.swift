import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// The older call for mail logs: one file after the other, each with the token of the next.
enum SiemLogs {
    /// Where a reader is: which lines are told already, and, between two files of one stretch, which kinds of those after them.
    private struct Place {
        var after: Int
        /// The stretch's last line; nil is a new stretch.
        var upTo: Int?
        /// How many kinds of the stretch are done.
        var kind = 0

        var parts: [String] { ([after] + (upTo.map { [$0, kind] } ?? [])).map { String($0) } }

        init(after: Int, upTo: Int? = nil, kind: Int = 0) {
            self.after = after
            self.upTo = upTo
            self.kind = kind
        }

        init?(_ parts: [String]) {
            let numbers = parts.compactMap { Int($0) }
            switch numbers.count {
            case 1: self.init(after: numbers[0])
            case 3 where numbers[2] > 0 && numbers[2] < MTAFile.kinds.count:
                self.init(after: numbers[0], upTo: numbers[1], kind: numbers[2])
            default: return nil
            }
        }
    }

    /// Most lines of one stretch, over all its files.
    private static let most = 300

    static func answer(_ call: Call) async throws -> Answer {
        let body = try IncomingBody(call.body)
        do {
            guard !body.items.isEmpty else {
                throw ItemFailure(FailureCode.validationNull, "This call needs an item", field: "data")
            }
            guard body.items.count == 1 else {
                throw ItemFailure(FailureCode.tooManyItems, "This call takes one item, so none was carried out")
            }
            if let fault = call.fault, fault.kind == .refuse {
                throw ItemFailure(fault.code ?? FailureCode.forbiddenForAddress, "0003 Forbidden (scripted fault)")
            }
            let query = try body.item(SiemQuery.self, at: 0)
            let answer = try await answer(call, query, format: checked(query))
            call.state.log.append(call.line(.read, target: nil))
            return answer
        } catch let failure as ItemFailure {
            for _ in 0..<max(1, body.items.count) { call.state.log.append(call.line(.refused, target: nil)) }
            // Every item fails alike: where there are two, neither was carried out.
            let keys = body.items.isEmpty ? [nil] : body.items.map { Optional($0) }
            return try .json(
                ReplyEnvelope<MailEvent>(status: 200, data: [], fail: keys.map { Failure(key: $0, errors: failure.reasons) }))
        }
    }

    private static func checked(_ query: SiemQuery) throws -> MTAFile.Format {
        let type = try FieldCheck.required(query.type, "type")
        guard type.uppercased() == "MTA" else { throw ItemFailure.invalid("type", "The only type is MTA") }
        guard let wanted = query.fileFormat, !wanted.isEmpty else { return .keyValue }
        guard let format = MTAFile.Format(rawValue: wanted.lowercased()) else {
            throw ItemFailure.invalid("fileFormat", "The format is key_value or json")
        }
        return format
    }

    /// - Parameter from: where to go on; nil is where the token says.
    private static func answer(_ call: Call, _ query: SiemQuery, format: MTAFile.Format, from: Place? = nil) async throws -> Answer {
        var place = from
        if from == nil, let token = query.token, !token.isEmpty {
            guard
                let opened = PageToken<Nothing>.open(
                    token, endpoint: call.description.name, tenant: call.caller.tenant, call.state.keys),
                let known = Place(opened.after)
            else { throw ItemFailure(FailureCode.siemInvalidToken, "The token was not made by this server", field: "token") }
            place = known
        }
        try await MailBox.catchUp(call)
        let start = place
        let stretch = try await call.read { directory in
            // Without a token the logs start a day back (our choice).
            let place = start ?? Place(after: MailNumber.before(directory.now - VendorTime.day))
            var lines: [MailLine] = []
            try directory.mail(after: place.after, upTo: place.upTo) { line in
                lines.append(line)
                return lines.count < most
            }
            return (place: place, events: try lines.map { try $0.event() }, last: lines.last?.number, now: directory.now)
        }
        guard let last = stretch.last else { return try end(call, stretch.place) }
        var files = MTAFile.kinds.enumerated().dropFirst(stretch.place.kind).compactMap { index, kind in
            let events = stretch.events.filter { $0.type == kind }
            return events.isEmpty ? nil : (index: index, file: MTAFile(kind: kind, format: format, events: events, time: stretch.now))
        }
        if query.compress ?? false {
            var zip = ZipFile()
            for (_, file) in files { zip.add(file.name, try file.contents(), time: stretch.now) }
            let name = "siem_\(stretch.now).zip"
            return try answer(call, zip.file, named: name, next: Place(after: last))
        }
        // What the token's kinds had in this stretch may be gone by now: retention has dropped it.
        guard !files.isEmpty else { return try await answer(call, query, format: format, from: Place(after: last)) }
        let first = files.removeFirst()
        let next = files.first.map { Place(after: stretch.place.after, upTo: last, kind: $0.index) } ?? Place(after: last)
        return try answer(call, Data(first.file.contents()), named: first.file.name, next: next)
    }

    private static func answer(_ call: Call, _ body: Data, named name: String, next: Place) throws -> Answer {
        var answer = Answer(status: 200, headers: [.contentType: "application/octet-stream"], body: [UInt8](body))
        // Clients cut the name out from between these very quotes.
        answer.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        try tell(next, call, &answer)
        return answer
    }

    /// Our choice: the token stands here too, so that whoever had none can go on from here.
    private static func end(_ call: Call, _ place: Place) throws -> Answer {
        var answer = try Answer.json(SiemEnd())
        try tell(place, call, &answer)
        return answer
    }

    private static func tell(_ place: Place, _ call: Call, _ answer: inout Answer) throws {
        guard let name = HTTPField.Name("mc-siem-token") else { return }
        let token = PageToken(endpoint: call.description.name, tenant: call.caller.tenant, item: Nothing(), after: place.parts)
        answer.headers[name] = try token.sealed(call.state.keys)
    }
}

/// Sees to it that there is mail to be read.
enum MailBox {
    /// Makes up what is lacking up to now. Costs a read where nothing is.
    static func catchUp(_ call: Call) async throws {
        let (tenant, now) = (call.caller.tenant, call.state.clock.milliseconds)
        let until = try await call.state.store.read { tx in try call.directory(tx).mailUntil() }
        guard (until ?? 0) / MailMaker.minute < now / MailMaker.minute else { return }
        try await call.state.store.write(tenant) { tx in try call.directory(tx).catchUpMail() }
    }
}
