import Foundation
import HTTPTransport

/// One delivery as it leaves. The body is the event as it is kept, byte for byte: a CloudEvent in JSON.
enum WebhookRequest {
    /// For the whole exchange: a receiver that needs longer answers first and works afterwards.
    static let timeout = Duration.seconds(15)

    static func make(_ url: HookURL, id: String, body: String, at now: Int, secrets: [WebhookSecret]) -> WireRequest {
        let bytes = Array(body.utf8)
        return WireRequest(
            method: "POST", url: url.text,
            // What the body is, by CloudEvents' HTTP binding (structured mode); receivers verify the bytes before they parse them anyway.
            headers: [("content-type", "application/cloudevents+json; charset=utf-8"), ("user-agent", "Muster")]
                + WebhookSignature.headers(id: id, timestamp: now, body: bytes, secrets: secrets),
            body: bytes)
    }
}
