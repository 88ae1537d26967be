import Foundation
import Mimecast
import MusterStore

/// One line of the mail logs as it is kept.
struct MailLine: Sendable {
    let number: Int
    let time: Int
    let type: String
    /// JSON.
    let text: String

    func event() throws -> MailEvent { try JSONDecoder().decode(MailEvent.self, from: Data(text.utf8)) }
    /// Hours since 1970.
    var hour: Int { MailNumber.hour(number) }
}

/// A line's number: its minute since 1970 and its place in that minute. So it grows with time, and what was dropped never comes again.
enum MailNumber {
    /// Lines of one minute; there are never nearly as many.
    static let perMinute = 64

    /// The number before the first line of a moment's minute.
    static func before(_ milliseconds: Int) -> Int { milliseconds / MailMaker.minute * perMinute - 1 }
    static func hour(_ number: Int) -> Int { number / perMinute / 60 }
}

/// A company's mail is made up when somebody reads it, up to the last full minute, and kept: reading twice gives the same.
extension TenantDirectory {
    /// For how many days mail logs are kept.
    static var mailDays: Int { 14 }
    private static var mailProgress: String { "mail" }

    /// Up to when there are mail events; milliseconds since 1970, nil where there are none yet.
    func mailUntil() throws -> Int? { try progress(Self.mailProgress) }

    /// Makes what is lacking, and lets go of what is too old.
    func catchUpMail() throws {
        let until = now / MailMaker.minute * MailMaker.minute
        let oldest = until - Self.mailDays * VendorTime.day
        let from = max(try mailUntil() ?? oldest, oldest)
        // A clock that was moved back makes nothing twice.
        guard from < until else { return }
        let maker = MailMaker(tenant: facts.code, people: try mailPeople(), leavers: try mailLeavers())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for hour in (from / MailMaker.hour)...((until - 1) / MailMaker.hour) {
            var (minute, place) = (0, 0)
            for event in maker.events(hour: hour, in: from..<until) {
                let own = Int(event.timestamp) / MailMaker.minute
                (minute, place) = own == minute ? (own, place + 1) : (own, 0)
                guard place < MailNumber.perMinute else { continue }
                try tx.execute(
                    "INSERT INTO sb_mail (tenant, number, time, type, event) VALUES ($1, $2, $3, $4, $5)",
                    [
                        tenant, .int(own * MailNumber.perMinute + place), .integer(event.timestamp), .text(event.type),
                        .text(String(decoding: try encoder.encode(event), as: UTF8.self)),
                    ])
            }
        }
        try tx.execute(
            "DELETE FROM sb_mail WHERE tenant = $1 AND number <= $2", [tenant, .int(MailNumber.before(oldest))])
        try setProgress(Self.mailProgress, until)
    }

    /// Lines after a number, in order, until `take` returns false.
    ///
    /// - Parameters:
    ///   - types: nil is all.
    ///   - upTo: the last number, inclusive; nil is the newest.
    ///   - between: milliseconds since 1970, inclusive; nil is no bound.
    func mail(
        after number: Int, upTo: Int? = nil, types: [String]? = nil, between start: Int? = nil, and end: Int? = nil,
        _ take: (MailLine) throws -> Bool
    ) throws {
        let wanted = types.map { Set($0) }
        try tx.each(
            """
            SELECT number, time, type, event FROM sb_mail
            WHERE tenant = $1 AND number > $2 AND number <= $3 AND time >= $4 AND time <= $5 ORDER BY number
            """,
            [tenant, .int(number), .integer(upTo.map { Int64($0) } ?? .max), .int(start ?? 0), .integer(end.map { Int64($0) } ?? .max)]
        ) { row in
            guard wanted?.contains(row.text(2)) ?? true else { return true }
            return try take(MailLine(number: row.int(0), time: row.int(1), type: row.text(2), text: row.text(3)))
        }
    }
}
