import Mimecast

/// What an application asks a person for (RFC 6749, section 4.1.1, with PKCE).
struct AuthorizationRequest: Codable, Sendable, Hashable {
    let clientID: String
    let redirect: String
    let state: String?
    let challenge: String
    /// nil is all that the application may do.
    let scopes: Set<Scope>?

    /// Why a request is not served.
    enum Refusal: Error, Sendable {
        /// Nobody knows who asks, or whether the address is the asker's: the person is told, and sent nowhere.
        case here(String)
        /// The application is told.
        case back(RedirectAddress, [(name: String, value: String)])
    }

    private static let longestState = 4_096

    /// - Parameter application: whom `client_id` names.
    /// - Throws: ``Refusal``.
    init(_ fields: FormFields, of application: ApplicationFacts) throws(Refusal) {
        guard fields.repeated.isDisjoint(with: ["client_id", "redirect_uri"]) else {
            throw .here("The application has sent you here with a request that contradicts itself.")
        }
        guard let wanted = fields["redirect_uri"], let redirect = RedirectAddress(wanted, registered: application.redirects) else {
            throw .here("The address to return to is none that \(application.name) has registered.")
        }
        clientID = application.id
        self.redirect = redirect.text
        let state = fields.repeated.contains("state") ? nil : fields["state"]
        self.state = state
        func back(_ error: String, _ description: String) -> Refusal { .back(redirect, Self.answer(error, description, state: state)) }

        if let name = fields.repeated.sorted().first { throw back("invalid_request", "\(name.prefix(100)) was sent more than once") }
        guard (state ?? "").utf8.allSatisfy({ (0x20...0x7E).contains($0) }), (state ?? "").utf8.count <= Self.longestState else {
            throw back("invalid_request", "The state has to be at most \(Self.longestState) visible ASCII characters")
        }
        guard let type = fields["response_type"] else { throw back("invalid_request", "response_type is missing") }
        guard type == "code" else { throw back("unsupported_response_type", "The response type has to be code") }
        guard let challenge = fields["code_challenge"] else { throw back("invalid_request", "code_challenge is missing") }
        // Left out, the method would be plain (RFC 7636, section 4.3).
        guard fields["code_challenge_method"] == PKCE.method else {
            throw back("invalid_request", "The code challenge method has to be S256")
        }
        guard PKCE.isChallenge(challenge) else { throw back("invalid_request", "The code challenge is none of the method S256") }
        self.challenge = challenge
        guard let list = fields["scope"] else {
            scopes = nil
            return
        }
        guard let scopes = Scope.parse(list), scopes.isSubset(of: application.scopes) else {
            throw back("invalid_scope", "A scope is not known or not the application's")
        }
        self.scopes = scopes
    }

    /// An error as the application reads it (RFC 6749, section 4.1.2.1).
    static func answer(_ error: String, _ description: String, state: String?) -> [(name: String, value: String)] {
        [("error", error), ("error_description", description)] + (state.map { [("state", $0)] } ?? [])
    }

    /// What the sign-in form sends along, in the names of the query.
    var fields: [(name: String, value: String)] {
        var fields = [
            ("response_type", "code"), ("client_id", clientID), ("redirect_uri", redirect), ("code_challenge", challenge),
            ("code_challenge_method", PKCE.method),
        ]
        if let state { fields.append(("state", state)) }
        if let scopes { fields.append(("scope", Scope.format(scopes))) }
        return fields
    }

    /// What the application gets where this person consents.
    func granted(_ application: ApplicationFacts) -> Set<Scope> { (scopes ?? application.scopes).intersection(application.scopes) }
}
