import Foundation
import HTTPTransport

/// What became of one try.
enum DeliveryVerdict: Sendable, Equatable {
    case delivered
    /// - note: for the operator; nothing of the answer's body.
    /// - asked: seconds that the receiver wants to be left alone.
    /// - isReceivers: it says nothing about this event: nobody was there, or nobody behind the gateway.
    case failed(note: String, asked: Int?, isReceivers: Bool)
    /// The receiver wants no more (410).
    case gone

    /// 2xx is delivered and 410 is gone; all else failed, redirects included.
    init(_ reply: WireReply, now: Date) {
        switch reply.status {
        case 200..<300: self = .delivered
        case 410: self = .gone
        case 300..<400: self = .failed(note: "HTTP \(reply.status): redirects are not followed", asked: nil, isReceivers: true)
        default:
            let asked = [429, 503].contains(reply.status) ? RetrySchedule.asked(reply.header("Retry-After"), now: now) : nil
            self = .failed(note: "HTTP \(reply.status)", asked: asked, isReceivers: [429, 502, 503, 504].contains(reply.status))
        }
    }

    init(_ error: TransportError) {
        // Part of a longer line, wherever it is told.
        let words = error.message.hasSuffix(".") ? error.message.dropLast() : error.message[...]
        self = .failed(note: String(words.prefix(300)), asked: nil, isReceivers: true)
    }
}
