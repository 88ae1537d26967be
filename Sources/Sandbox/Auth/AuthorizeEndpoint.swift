import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// Where a person gives an application leave (RFC 6749, section 4.1): signs in, sees what is asked for, allows or denies.
struct AuthorizeEndpoint: Sendable {
    /// Largest form, in bytes.
    private static let largest = 32_768

    let state: SandboxState
    /// Whose credentials are good here.
    let region: Region

    /// - Parameter query: the request's, as it came.
    /// - Throws: ``CallRefusal`` 413 for a form that is too large.
    func answer(_ method: String, query: String, _ body: Data, ip: String) async throws -> OpenAnswer {
        guard body.count <= Self.largest else {
            throw CallRefusal(413, "invalid_request", "A form has at most \(Self.largest) bytes")
        }
        let isPost = method == "POST"
        let fields = isPost ? FormFields(body) : FormFields(query)
        if isPost, let sealed = fields["consent"] { return try await decide(sealed, fields["decision"], ip) }
        guard let (application, company) = try await known(fields["client_id"]) else { return try Self.failed() }
        let request: AuthorizationRequest
        do {
            request = try AuthorizationRequest(fields, of: application)
        } catch { return try Self.refused(error, application, isPost) }
        guard isPost, let typed = fields["username"] else {
            return OpenAnswer(try SignInPages.signIn(application, company, request), application: application.id)
        }
        return try await signIn(typed, fields["password"] ?? "", application, company, request, ip)
    }

    private func signIn(
        _ typed: String, _ password: String, _ application: ApplicationFacts, _ company: String, _ request: AuthorizationRequest,
        _ ip: String
    ) async throws -> OpenAnswer {
        func again(_ message: String, _ status: Int) throws -> Answer {
            try SignInPages.signIn(application, company, request, address: String(typed.prefix(254)), message: message, status: status)
        }
        let target = EmailAddress(typed)?.text
        switch try await SignIn(state: state).attempt(typed, password, application, ip: ip) {
        case .refused:
            return OpenAnswer(try again("The address or the password is wrong.", 403), application: application.id, target: target)
        case .closed(let seconds):
            var answer = try again("Too many attempts failed. Try again in \((seconds + 59) / 60) minutes.", 429)
            answer.headers[.retryAfter] = String(seconds)
            return OpenAnswer(answer, application: application.id, target: target)
        case .person(let person):
            let now = state.clock.milliseconds
            let actor = SignIn.actor(person, application, ip: ip)
            try await state.store.write(application.tenant) { tx in
                try TenantDirectory(tx, tenant: application.tenant, actor: { _ in actor }, now: now)
                    .record(.loggedOn, "User \(person.account.address) logged on")
            }
            let consent = Consent(
                request: request, account: person.account.id, stamp: person.password?.stamp ?? "", expires: now + Consent.life)
            let page = try SignInPages.consent(application, company, person, consent, sealed: consent.sealed(state.keys))
            return OpenAnswer(page, application: application.id, target: person.account.address)
        }
    }

    private func decide(_ sealed: String, _ decision: String?, _ ip: String) async throws -> OpenAnswer {
        let now = state.clock.milliseconds
        guard let consent = Consent.open(sealed, state.keys, now: now) else {
            return try Self.failed("This page is too old, or was changed on its way.")
        }
        guard state.authenticator.consents.remember(Base64URL.encode(KeyRing.hash(sealed)), now: now) else {
            return try Self.failed("This page was answered before.")
        }
        // What was true at the sign-in may not be any more.
        guard let (application, _) = try await known(consent.request.clientID), let redirect = application.redirect(of: consent.request)
        else {
            return try Self.failed()
        }
        switch decision {
        case "deny":
            let answer = AuthorizationRequest.answer("access_denied", "The request was denied", state: consent.request.state)
            return OpenAnswer(SignInPages.back(to: redirect, answer, status: 303), application: application.id)
        case "allow":
            let allowed: (code: String, address: String)? = try await state.store.write(application.tenant) { tx in
                let directory = try TenantDirectory(tx, tenant: application.tenant, actor: { _ in nil }, now: now)
                guard let person = try Person.load(directory, id: consent.account), person.isAdmitted,
                    person.password?.stamp == consent.stamp
                else { return nil }
                let code = try AuthorizationCode.issue(tx, consent.request, application, account: person.account.id, now: now)
                return (code, person.account.address)
            }
            guard let allowed else { return try Self.failed("Your account cannot be used any more.", application) }
            let answer = [("code", allowed.code)] + (consent.request.state.map { [("state", $0)] } ?? [])
            return OpenAnswer(
                SignInPages.back(to: redirect, answer, status: 303), application: application.id, target: allowed.address)
        default:
            return try Self.failed("The page’s answer is neither allow nor deny.", application)
        }
    }

    /// The application that may ask here, with its company's name.
    private func known(_ id: String?) async throws -> (ApplicationFacts, company: String)? {
        guard let id else { return nil }
        let region = region
        return try await state.store.read { tx in
            guard let application = try ApplicationFacts.load(tx, id: id), application.generation == .v2, application.region == region,
                let facts = try TenantFacts.load(tx, code: application.tenant)
            else { return nil }
            return (application, facts.company)
        }
    }

    private static func failed(
        _ message: String = "No application of this service has sent you here.", _ application: ApplicationFacts? = nil
    ) throws -> OpenAnswer {
        OpenAnswer(try SignInPages.failure(message), application: application?.id)
    }

    private static func refused(
        _ refusal: AuthorizationRequest.Refusal, _ application: ApplicationFacts?, _ isPost: Bool
    ) throws -> OpenAnswer {
        switch refusal {
        case .here(let message): try failed(message, application)
        case .back(let redirect, let answer):
            OpenAnswer(SignInPages.back(to: redirect, answer, status: isPost ? 303 : 302), application: application?.id, isRefused: true)
        }
    }
}

/// The answer of a call whose caller is known, if at all, by what it carries: the token endpoint's and the pages'.
struct OpenAnswer: Sendable {
    let answer: Answer
    let application: String?
    /// Who signs in.
    let target: String?
    let isRefused: Bool

    init(_ answer: Answer, application: String?, target: String? = nil, isRefused: Bool = false) {
        self.answer = answer
        self.application = application
        self.target = target
        self.isRefused = isRefused || answer.status >= 400
    }
}
