import Mimecast

/// What a page of the newer mail logs asks for, and where it goes on: a sealed token carries all of it but the page's size.
struct SiemPlace: Codable, Sendable {
    /// nil is all.
    var types: [String]?
    /// Milliseconds since 1970, both inclusive.
    var start: Int
    var end: Int?
    /// The number of the last line seen.
    var after: Int

    /// What the vendor has logs of (recorded and documented). Only the first three ever happen here.
    static let types = [
        "receipt", "process", "delivery", "av", "spam", "internal email protect", "impersonation protect", "url protect",
        "attachment protect", "journal",
    ]

    /// - Parameters:
    ///   - types: the query's `type` or `types`.
    ///   - lookBack: how far back it may start, in milliseconds.
    /// - Throws: ``ItemFailure``.
    init(_ query: [String: String], types: [String]?, call: Call, lookBack: Int) throws {
        let now = call.state.clock.milliseconds
        let end = try Self.time(query["dateRangeEndsAt"], "dateRangeEndsAt", isEnd: true)
        if let token = query["nextPage"], !token.isEmpty {
            guard
                let opened = PageToken<SiemPlace>.open(
                    token, endpoint: call.description.name, tenant: call.caller.tenant, call.state.keys)
            else {
                throw ItemFailure(FailureCode.siemInvalidToken, "The nextPage was not made by this server", field: "nextPage")
            }
            // Clients repeat the range, or move its end on; where they are is in the token.
            self = opened.item
            self.types = types ?? self.types
            self.end = end ?? self.end
            return
        }
        let start = try Self.time(query["dateRangeStartsAt"], "dateRangeStartsAt", isEnd: false) ?? now - VendorTime.day
        if let end, end < start { throw ItemFailure.invalid("dateRangeStartsAt", "The start is after the end") }
        guard start >= now - lookBack else { throw ItemFailure.invalid("dateRangeStartsAt", "The start is too long ago") }
        self.types = types
        self.start = start
        self.end = end
        after = MailNumber.before(start)
    }

    func token(_ call: Call) throws -> String {
        try PageToken(endpoint: call.description.name, tenant: call.caller.tenant, item: self, after: []).sealed(call.state.keys)
    }

    /// - Parameter list: names joined by commas; blanks or underscores within one.
    static func types(_ list: String?, _ field: String) throws -> [String]? {
        guard let list, !list.isEmpty else { return nil }
        let names = try FieldCheck.plain(list, field).split(separator: ",").map {
            $0.replacing("_", with: " ").lowercased().trimmingPrefix(" ")
        }.map { String($0) }
        for name in names where !types.contains(name) { throw ItemFailure.invalid(field, "There are no logs of the type \(name)") }
        return names
    }

    static func pageSize(_ text: String?) throws -> Int {
        guard let text, !text.isEmpty else { return 100 }
        guard let size = Int(text), (1...100).contains(size) else { throw ItemFailure.invalid("pageSize", "The page size is not 1 to 100") }
        return size
    }

    private static func time(_ text: String?, _ field: String, isEnd: Bool) throws -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let time = VendorTime.parseLenient(text, isEnd: isEnd) else { throw ItemFailure.invalid(field, "The time is not ISO 8601") }
        return time
    }
}
