import HTTPTransport
import Foundation
import Mimecast

/// One sign-in by authorization code with PKCE (RFC 6749, section 4.1; RFC 7636), from the question to the form that redeems the code.
/// Pure.
public struct AuthorizationCodeRequest: Sendable {
    /// The redirect's path; applications register it with 127.0.0.1, and any port is then good (RFC 8252, section 7.3).
    public static let redirectPath = "/callback"

    /// Where a person signs in: to be opened in a browser.
    public let url: String
    public let redirect: String
    private let clientID: String
    private let state: String
    private let verifier: CodeVerifier

    /// - Parameters:
    ///   - baseURL: as ``TenantClient`` has it.
    ///   - port: where the listener is.
    ///   - scopes: none for all that the application may do.
    ///   - random: gives bytes that nobody can guess.
    /// - Throws: ``ClientError``: `misconfigured` for a base URL that cannot be used.
    public init(
        baseURL: String, clientID: String, port: Int, scopes: Set<Scope> = [], random: (_ count: Int) -> [UInt8]
    ) throws(ClientError) {
        let place = try TenantClient.serviceURL(baseURL)
        self.clientID = clientID
        redirect = "http://127.0.0.1:\(port)\(Self.redirectPath)"
        state = CodeVerifier.base64URL(random(32))
        verifier = CodeVerifier(random: random(32))
        var query = [
            ("response_type", "code"), ("client_id", clientID), ("redirect_uri", redirect), ("state", state),
            ("code_challenge", verifier.challenge), ("code_challenge_method", CodeVerifier.method),
        ]
        if !scopes.isEmpty { query.append(("scope", Scope.format(scopes))) }
        url = place.origin + place.target(Endpoints.authorizePath, query: query)
    }

    /// Reads what the browser brings back.
    ///
    /// - Parameter target: path and query of the request.
    /// - Returns: the code.
    /// - Throws: ``ClientError``: `forbidden` where the person said no, `refused` for another error of the authorization server, and
    ///   for a sign-in that is not this one.
    public func code(fromCallback target: String) throws(ClientError) -> String {
        let items = URLComponents(string: target)?.percentEncodedQueryItems ?? []
        func only(_ name: String) -> String? {
            let values = items.filter { $0.name == name }.map { $0.value ?? "" }
            // The query of a redirect is a form: a blank may stand there as a plus.
            return values.count == 1 ? values[0].replacing("+", with: "%20").removingPercentEncoding : nil
        }
        guard let returned = only("state"), ConstantTime.areEqual(Array(returned.utf8), Array(state.utf8)) else {
            throw refused("What came back from the browser does not belong to this sign-in.")
        }
        if let error = only("error") {
            let reason = Failure.Reason(code: Self.shown(error), message: Self.shown(only("error_description") ?? ""))
            let isDenied = error == "access_denied"
            throw ClientError(
                isDenied ? .forbidden : .refused, "The sign-in was refused (\(reason.spoken)).",
                remedy: isDenied
                    ? ClientError.Cause.accessDenied.remedy ?? ""
                    : "Check the application's client id, its scopes, and that \(Self.redirectPath) of 127.0.0.1 is one of its redirects.",
                reasons: [reason], cause: isDenied ? .accessDenied : .signInRefused)
        }
        guard let code = only("code"), !code.isEmpty else { throw refused("The browser came back without a code.") }
        return code
    }

    /// The form that redeems the code.
    func form(code: String, clientSecret: String) -> [UInt8] {
        let fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("code_verifier", verifier.text),
            ("client_id", clientID), ("client_secret", clientSecret),
        ]
        return Array(fields.map { "\($0.0)=\(ServiceURL.encode($0.1))" }.joined(separator: "&").utf8)
    }

    private func refused(_ message: String) -> ClientError {
        ClientError(.refused, message, remedy: ClientError.Cause.signInRefused.remedy ?? "", cause: .signInRefused)
    }

    /// Text from elsewhere, for a terminal.
    private static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(300).filter { $0.properties.generalCategory != .control }))
    }
}
