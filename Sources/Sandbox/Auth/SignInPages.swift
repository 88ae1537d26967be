import Crypto
import Foundation
import HTTPTypes
import Mimecast
import Mustache

/// The pages that a person sees. Made here whole: no scripts, no cookies, nothing loaded from anywhere.
enum SignInPages {
    /// The form where somebody signs in.
    ///
    /// - Parameters:
    ///   - address: what was typed before.
    ///   - message: why they see it again.
    static func signIn(
        _ application: ApplicationFacts, _ company: String, _ request: AuthorizationRequest, address: String = "", message: String? = nil,
        status: Int = 200
    ) throws -> Answer {
        var context: [String: Any] = [
            "title": "Sign in", "application": application.name, "company": company, "address": address,
            "hidden": request.fields.map { ["name": $0.name, "value": $0.value] },
        ]
        context["message"] = message
        return try page("sign-in", context, redirect: application.redirect(of: request), status: status)
    }

    /// The form where they allow or deny.
    static func consent(
        _ application: ApplicationFacts, _ company: String, _ person: Person, _ consent: Consent, sealed: String
    ) throws -> Answer {
        let rights = consent.request.granted(application).intersection(person.scopes).sorted().map(words)
        var context: [String: Any] = [
            "title": "Allow access", "application": application.name, "company": company, "person": person.account.address,
            "consent": sealed, "rights": rights,
        ]
        if rights.isEmpty { context["none"] = true }
        return try page("consent", context, redirect: application.redirect(of: consent.request))
    }

    /// What cannot be answered to the application.
    static func failure(_ message: String, status: Int = 400) throws -> Answer {
        try page("failure", ["title": "This does not work", "message": message], redirect: nil, status: status)
    }

    /// Sends somebody back. With 303 the form's contents stay here (RFC 9700, section 4.12).
    static func back(to address: RedirectAddress, _ answer: [(name: String, value: String)], status: Int) -> Answer {
        var headers: HTTPFields = [.location: address.with(answer), .cacheControl: "no-store"]
        add(["Referrer-Policy": "no-referrer"], to: &headers)
        return Answer(status: status, headers: headers)
    }

    private static func words(_ scope: Scope) -> String {
        switch scope {
        case .userRead: "Read people and groups"
        case .userWrite: "Create and change people and groups"
        case .userDelete: "Delete people"
        case .accountRead: "Read the account’s settings"
        }
    }

    private static func page(_ name: String, _ context: [String: Any], redirect: RedirectAddress?, status: Int = 200) throws -> Answer {
        guard let html = try templates.get()[name]?.render(context) else {
            throw CallRefusal(500, "internal_error", "There is no page \(name)")
        }
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
        // Browsers hold a form's target against the policy, and then where its answer redirects, too.
        let targets = ["'self'", redirect?.policySource].compactMap(\.self).joined(separator: " ")
        add(
            [
                "Content-Security-Policy":
                    "default-src 'none'; style-src 'sha256-\(styleHash)'; form-action \(targets); frame-ancestors 'none'; base-uri 'none'",
                "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
            ], to: &headers)
        return Answer(status: status, headers: headers, body: [UInt8](html.utf8))
    }

    private static func add(_ values: [String: String], to headers: inout HTTPFields) {
        for (name, value) in values {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
    }

    private static let styleHash = Data(SHA256.hash(data: Data(SignInTemplates.style.utf8))).base64EncodedString()
    private static let templates = Result { try SignInTemplates.compiled() }
}

extension ApplicationFacts {
    /// Where a request that was checked sends people back to.
    ///
    /// - Returns: nil where that is not registered any more.
    func redirect(of request: AuthorizationRequest) -> RedirectAddress? {
        RedirectAddress(request.redirect, registered: redirects)
    }
}
