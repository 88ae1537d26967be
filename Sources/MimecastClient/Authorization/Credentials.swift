import Mimecast

/// What an application signs in with. Its descriptions show no secret.
public enum Credentials: Sendable {
    /// OAuth 2.0 client credentials.
    case v2(clientID: String, clientSecret: String)
    /// A token that a person gave the application (``AuthorizationCodeSignIn``). It cannot be renewed.
    case v2Person(clientID: String, token: PersonToken)
    /// Keys of an HMAC binding; the secret key is base64.
    case v1(applicationID: String, applicationKey: String, accessKey: String, secretKey: String)
    /// A person's password, by which a binding is had, and renewed when it runs out.
    case v1Person(applicationID: String, applicationKey: String, login: PersonLogin)

    public var generation: Generation {
        switch self {
        case .v2, .v2Person: .v2
        case .v1, .v1Person: .v1
        }
    }

    /// The v1 application's id.
    var applicationID: String? {
        switch self {
        case .v2, .v2Person: nil
        case .v1(let id, _, _, _), .v1Person(let id, _, _): id
        }
    }

    /// What must appear in no message, log or description.
    var secrets: [String] {
        switch self {
        case .v2(_, let clientSecret): [clientSecret]
        case .v2Person(_, let token): [token.accessToken]
        case .v1(_, let applicationKey, let accessKey, let secretKey): [applicationKey, accessKey, secretKey]
        case .v1Person(_, let applicationKey, let login):
            [applicationKey, login.password, login.header] + (login.binding.map { [$0.accessKey, $0.secretKey] } ?? [])
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
        case .v2Person(let clientID, _): "sign-in to the v2 application \(clientID)"
        case .v1(let applicationID, _, _, _): "v1 application \(applicationID)"
        case .v1Person(let applicationID, _, let login): "login of \(login.username) to the v1 application \(applicationID)"
        }
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror { Mirror(self, children: ["credentials": description]) }
}
