import Mimecast

/// What an application signs in with. Its descriptions show no secret.
public enum Credentials: Sendable {
    /// OAuth 2.0 client credentials.
    case v2(clientID: String, clientSecret: String)
    /// Keys of an HMAC binding; the secret key is base64.
    case v1(applicationID: String, applicationKey: String, accessKey: String, secretKey: String)

    public var generation: Generation {
        switch self {
        case .v2: .v2
        case .v1: .v1
        }
    }

    /// What must appear in no message, log or description.
    var secrets: [String] {
        switch self {
        case .v2(_, let clientSecret): [clientSecret]
        case .v1(_, let applicationKey, let accessKey, let secretKey): [applicationKey, accessKey, secretKey]
        }
    }

    /// Takes the secrets out of a text that came from elsewhere: a server may echo what it was sent.
    func redact(_ text: String) -> String {
        secrets.filter { !$0.isEmpty }.reduce(text) { $0.replacing($1, with: "•••") }
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .v2(let clientID, _): "v2 application \(clientID)"
        case .v1(let applicationID, _, _, _): "v1 application \(applicationID)"
        }
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror { Mirror(self, children: ["credentials": description]) }
}
