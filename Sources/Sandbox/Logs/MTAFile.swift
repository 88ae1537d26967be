import Foundation
import Mimecast

/// A file of the older mail logs: lines of one kind, with that call's own names for everything (recorded).
struct MTAFile {
    /// In the order in which the files of one stretch are told.
    static let kinds = ["receipt", "process", "delivery"]

    enum Format: String, Codable, Sendable { case keyValue = "key_value", json }

    let kind: String
    let format: Format
    let events: [MailEvent]
    /// Milliseconds since 1970, for the name.
    let time: Int

    /// As recorded: the kind, an underscore, the time to the millisecond.
    var name: String {
        let digits = vendorDate(milliseconds: time).prefix(19).filter(\.isNumber)
        let milliseconds = String(1_000 + time % 1_000).dropFirst()
        return "\(kind)_\(digits)\(milliseconds).\(format == .json ? "json" : "log")"
    }

    func contents() throws -> [UInt8] {
        switch format {
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let rows = events.map { JSON.object(Dictionary(Self.fields($0)) { first, _ in first }) }
            return [UInt8](try encoder.encode(JSON.object(["type": .string("MTA"), "data": .array(rows)])))
        case .keyValue:
            let lines = events.map { event in
                Self.fields(event).map { "\($0.0)=\(Self.plain($0.1))" }.joined(separator: "|") + "\n"
            }
            return Array(lines.joined().utf8)
        }
    }

    private static func plain(_ value: JSON) -> String {
        switch value {
        // What would end a field or a line stands for itself nowhere in them.
        // Scalar by scalar: before a combining mark `|` is another character, and the same byte.
        case .string(let text):
            String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "|" || $0.properties.generalCategory == .control ? " " : $0 }))
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): Int64(exactly: number).map { String($0) } ?? String(number)
        case .null, .array, .object: ""
        }
    }

    private static func fields(_ event: MailEvent) -> [(String, JSON)] {
        var fields: [(String, JSON)] = [
            ("datetime", .string(vendorDate(milliseconds: Int(event.timestamp)))), ("aCode", .string(event.aggregateId)),
            ("acc", .string(event.accountId)),
        ]
        func add(_ name: String, _ text: String?) {
            if let text { fields.append((name, .string(text))) }
        }
        func add(number name: String, _ text: String?) {
            if let number = text.flatMap({ Double($0) }) { fields.append((name, .number(number))) }
        }
        if let delivered = event.delivered { fields.append(("Delivered", .bool(delivered == "true"))) }
        add("Act", event.action)
        add("Hld", event.holdReason)
        add("Dir", event.direction)
        add("MsgId", event.messageId)
        add("Subject", event.subject)
        add("headerFrom", event.senderHeader)
        add("Sender", event.senderEnvelope)
        add("Rcpt", event.recipients)
        add("IP", event.senderIp ?? event.destinationIp)
        add("RejType", event.rejectionType)
        add("RejCode", event.rejectionCode)
        add("RejInfo", event.rejectionInfo)
        add(number: "SpamScore", event.spamScore)
        add(number: "AttCnt", event.numberAttachments)
        add(number: "AttSize", event.totalSizeAttachments)
        add(number: event.type == "delivery" ? "Snt" : "MsgSize", event.emailSize)
        add(number: "Attempt", event.deliveryAttempts)
        add(number: "Latency", event.deliveryTime)
        add("TlsVer", event.tlsVersion)
        add("Cphr", event.tlsCipher)
        add("UseTls", event.tlsUsed)
        add("Route", event.route)
        return fields
    }
}
