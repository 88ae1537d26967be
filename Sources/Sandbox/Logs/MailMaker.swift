import Foundation
import Mimecast

/// Makes up a company's mail, hour by hour: the same tenant, hour and people give the same.
///
/// A message begins in the first 50 seconds of a minute and is over within it, so that mail can be made up to any full minute.
struct MailMaker {
    let tenant: String
    let people: [MailPerson]
    let leavers: [MailPerson]

    static let minute = 60_000
    static let hour = 60 * minute

    private static let companies = ["harbour-works.example", "lumen-audit.example", "tidewater-law.example", "baltic-freight.example"]
    private static let strangers = ["cheap-tonnage.example", "prize-desk.example"]
    private static let senders = ["accounts", "bookings", "customs", "dispatch", "office", "press", "quotes", "records"]
    private static let subjects = [
        "Berth plan for next week", "Bill of lading", "Crew list", "Customs papers", "Invoice", "Minutes of the meeting", "Quarterly audit",
        "Quotation", "Schedule change", "Tank inspection",
    ]

    /// The events of one hour that lie in a span, in order.
    ///
    /// - Parameters:
    ///   - hour: hours since 1970.
    ///   - span: milliseconds since 1970, both full minutes.
    func events(hour: Int, in span: Range<Int>) -> [MailEvent] {
        let start = hour * Self.hour
        var events: [MailEvent] = []
        if !people.isEmpty {
            // More by day than by night (UTC).
            for index in 0..<((7..<18).contains(hour % 24) ? 6 : 2) {
                var random = Self.random("\(tenant) \(hour) \(index)")
                let time = start + Self.moment(&random)
                if span.contains(time) { events += message(&random, at: time) }
            }
        }
        for leaver in leavers {
            var random = Self.random("\(tenant) \(hour) \(leaver.address)")
            let time = start + Self.moment(&random)
            guard span.contains(time), leaver.isDisabled(at: time) else { continue }
            let stranger = outside(&random)
            events += Message(&random, self, from: stranger, to: leaver.address, .inbound, at: time).refused(Self.disabled)
        }
        return events.enumerated().sorted { ($0.element.timestamp, $0.offset) < ($1.element.timestamp, $1.offset) }.map(\.element)
    }

    private static let disabled = Refusal(type: "Recipient Disabled", code: "550", info: "Recipient address is disabled")

    private func message(_ random: inout SplitMix64, at time: Int) -> [MailEvent] {
        let person = random.pick(people)
        let colleague = random.pick(people)
        let stranger = outside(&random)
        switch random.below(100) {
        case 0..<50:
            let message = Message(&random, self, from: stranger, to: person.address, .inbound, at: time)
            return person.isDisabled(at: time) ? message.refused(Self.disabled) : message.delivered
        case 50..<72:
            // Whoever is disabled writes nothing.
            return person.isDisabled(at: time)
                ? [] : Message(&random, self, from: person.address, to: stranger, .outbound, at: time).delivered
        case 72..<82:
            guard !person.isDisabled(at: time) else { return [] }
            let message = Message(&random, self, from: person.address, to: colleague.address, .internal, at: time)
            return colleague.isDisabled(at: time) ? message.refused(Self.disabled) : message.delivered
        case 82..<88:
            let sender = "winner@\(random.pick(Self.strangers))"
            return Message(&random, self, from: sender, to: person.address, .inbound, at: time)
                .refused(Refusal(type: "Spam Detection", code: "554", info: "Email rejected due to security policies"))
        case 88..<92:
            let sender = "scan@\(random.pick(Self.strangers))"
            return Message(&random, self, from: sender, to: person.address, .inbound, at: time)
                .refused(Refusal(type: "Virus Signature Detection", code: "554", info: "Email rejected, a virus was found"))
        case 92..<97:
            let unknown = "nobody\(random.below(90) + 10)@\(person.address.split(separator: "@").last ?? "")"
            return Message(&random, self, from: stranger, to: unknown, .inbound, at: time)
                .refused(Refusal(type: "Invalid Recipient Address", code: "550", info: "Invalid Recipient"))
        default:
            let message = Message(&random, self, from: stranger, to: person.address, .inbound, at: time)
            return person.isDisabled(at: time) ? message.refused(Self.disabled) : message.held("Spm")
        }
    }

    private func outside(_ random: inout SplitMix64) -> String { "\(random.pick(Self.senders))@\(random.pick(Self.companies))" }

    /// When in an hour a message begins.
    private static func moment(_ random: inout SplitMix64) -> Int { random.below(60) * minute + random.below(50_000) }

    private static func random(_ label: String) -> SplitMix64 {
        SplitMix64(seed: KeyRing.hash("mail \(label)").prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    private struct Refusal {
        let type: String
        let code: String
        let info: String
    }

    private enum Direction: String { case inbound = "Inbound", outbound = "Outbound", `internal` = "Internal" }

    /// One message with what becomes of it.
    private struct Message {
        private var base: MailEvent
        private let size: String
        private let destination: String
        private let latency: Int

        init(_ random: inout SplitMix64, _ maker: MailMaker, from: String, to: String, _ direction: Direction, at time: Int) {
            // 192.0.2.0/24 and 203.0.113.0/24 are for documentation (RFC 5737).
            let number = random.next()
            let id = Base64URL.encode(KeyRing.hash("\(number)").prefix(16)) + "_\(time / 1_000)"
            size = String(2_000 + random.below(60_000))
            destination = "203.0.113.\(1 + random.below(250))"
            latency = 400 + random.below(1_500)
            base = MailEvent(
                type: "receipt", aggregateId: id, processingId: Base64URL.encode(KeyRing.hash("\(number) p")) + "_\(time / 1_000)",
                accountId: maker.tenant, timestamp: Int64(time), direction: direction.rawValue, senderEnvelope: from, recipients: to,
                subject: random.pick(MailMaker.subjects),
                messageId: "<\(String(number, radix: 16))@\(from.split(separator: "@").last ?? "")>",
                senderIp: "192.0.2.\(1 + random.below(250))", spamScore: String(random.below(20)),
                numberAttachments: String(random.below(3)))
        }

        private func receipt(_ action: String) -> MailEvent {
            var event = base
            event.subtype = action
            event.action = action
            event.senderHeader = base.senderEnvelope
            event.tlsVersion = "TLSv1.3"
            event.tlsCipher = "TLS_AES_256_GCM_SHA384"
            return event
        }

        private func process(_ action: String, _ hold: String? = nil) -> MailEvent {
            var event = base
            event.type = "process"
            event.subtype = action
            event.action = action
            event.timestamp += 900
            (event.direction, event.recipients, event.senderIp, event.spamScore) = (nil, nil, nil, nil)
            event.holdReason = hold
            event.emailSize = size
            event.totalSizeAttachments = "0"
            return event
        }

        var delivered: [MailEvent] {
            var event = base
            event.type = "delivery"
            event.subtype = "true"
            event.timestamp += Int64(900 + latency)
            (event.senderIp, event.spamScore) = (nil, nil)
            event.emailSize = size
            event.totalSizeAttachments = "0"
            event.tlsVersion = "TLSv1.3"
            event.tlsCipher = "TLS_AES_256_GCM_SHA384"
            event.delivered = "true"
            event.deliveryAttempts = "1"
            event.deliveryTime = String(latency)
            event.destinationIp = destination
            event.route = base.direction == "Outbound" ? "Internet" : "Head office"
            event.tlsUsed = "Yes"
            return [receipt("Acc"), process("Acc"), event]
        }

        func held(_ reason: String) -> [MailEvent] { [receipt("Acc"), process("Hld", reason)] }

        func refused(_ refusal: Refusal) -> [MailEvent] {
            var event = receipt("Rej")
            event.rejectionType = refusal.type
            event.rejectionCode = refusal.code
            event.rejectionInfo = refusal.info
            return [event]
        }
    }
}
