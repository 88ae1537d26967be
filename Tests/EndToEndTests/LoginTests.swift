import Foundation
import Mimecast
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// `tenants add … --login`: somebody signs in by their browser.
@Suite struct LoginTests {
    @Test(arguments: [Flavour.portal, .guide]) func aTenantIsAddedByWhoeverSignsIn(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 20) { desk in
            let place = try Place(desk)
            let adding = try place.start("--allow-writes")
            let url = try await place.url(adding)
            let page = try await Browser(desk).signIn(url, "allow")
            #expect(page.status == 200 && page.text.contains("You have signed in"), "\(page)")
            let outcome = try await adding.outcome()
            #expect(outcome.exit == 0, "\(outcome)")
            #expect(outcome.document?["code"]?.text == desk.code && outcome.document?["generation"]?.text == "v2")
            #expect(outcome.document?["dialect"]?.text == flavour.rawValue, "found out by asking")

            // The token is kept for its owner alone; the application's secret, which was needed once, and the password are not.
            let kept = try place.kept()
            #expect(kept.count == 1)
            for path in kept {
                #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
                let text = try String(contentsOfFile: path, encoding: .utf8)
                #expect(text.contains("accessToken"))
                for (name, secret) in desk.sandbox.secrets { #expect(!text.contains(secret), "\(name) is kept") }
            }
            #expect(!(outcome.out + outcome.err).contains("code="), "the code is nobody else's")
            for (name, secret) in desk.sandbox.secrets { #expect(!(outcome.out + outcome.err).contains(secret), "\(name) is shown") }

            // From then on Muster does what that person may do, without the application's secret.
            let mark = try await desk.control.mark()
            let alone = MusterBinary(folder: place.binary.folder, variables: ["XDG_CONFIG_HOME": place.home])
            let synced = try await alone.run(["sync", "--json"])
            #expect(synced.exit == 0 && synced.document?["closed"]?.bool == true, "\(synced)")
            #expect(try await desk.control.requests(since: mark).allSatisfy { $0.path != "/oauth/token" })
        }
    }

    @Test func whoSaysNoAddsNothing() async throws {
        try await Desk.with(people: 20) { desk in
            let place = try Place(desk)
            let adding = try place.start()
            let page = try await Browser(desk).signIn(try await place.url(adding), "deny")
            #expect(page.status == 400 && page.text.contains("refused"), "\(page)")
            let outcome = try await adding.outcome()
            #expect(outcome.exit == 77 && outcome.error?["code"]?.text == "vendor-forbidden", "\(outcome)")
            #expect(outcome.error?["message"]?.text?.contains("access_denied") == true)
            #expect(outcome.error?["remedy"]?.text?.contains("Sign in again") == true)
            try await place.expectNothing()
        }
    }

    @Test func aSignInThatIsNotTheOneThatWasStartedAddsNothing() async throws {
        try await Desk.with(people: 20) { desk in
            let place = try Place(desk)
            let adding = try place.start()
            let query = URLComponents(string: try await place.url(adding))?.queryItems ?? []
            let redirect = try #require(query.first { $0.name == "redirect_uri" }?.value)
            let mark = try await desk.control.mark()
            // As somebody would who wants their own sign-in to be taken for this one (RFC 6749, section 10.12).
            let page = try await Browser(desk).open("\(redirect)?code=of-somebody-else&state=not-the-state")
            #expect(page.status == 400 && page.text.contains("does not belong to this sign-in"), "\(page)")
            let outcome = try await adding.outcome()
            #expect(outcome.exit == 1 && outcome.error?["code"]?.text == "vendor-refused", "\(outcome)")
            #expect(try await desk.control.requests(since: mark).isEmpty, "the code is not redeemed")
            try await place.expectNothing()
        }
    }

    @Test func aSecretOfTheApplicationThatIsWrongIsToldAfterTheSignIn() async throws {
        try await Desk.with(people: 20) { desk in
            let place = try Place(desk, secret: "not-the-secret")
            let adding = try place.start()
            _ = try await Browser(desk).signIn(try await place.url(adding), "allow")
            let outcome = try await adding.outcome()
            #expect(outcome.exit == 77 && outcome.error?["code"]?.text == "vendor-unauthorized", "\(outcome)")
            try await place.expectNothing()
        }
    }

    /// Where Muster is run: a folder and settings that know nothing yet.
    private struct Place {
        let desk: Desk
        let binary: MusterBinary
        let home: String

        init(_ desk: Desk, secret: String? = nil) throws {
            self.desk = desk
            home = desk.folder.file("settings")
            let folder = desk.folder.file("work")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let variable = desk.flavour == .guide ? "MIMECAST_GUIDE_CLIENT_SECRET" : "MIMECAST_CLIENT_SECRET"
            binary = MusterBinary(
                folder: folder,
                variables: ["XDG_CONFIG_HOME": home, "APPLICATION_SECRET": secret ?? desk.sandbox.credentials[variable] ?? ""])
        }

        func start(_ more: String...) throws -> RunningProcess {
            try binary.start(
                [
                    "tenants", "add", desk.code, "--base-url", desk.sandbox.baseURL, "--login", "--json",
                    "--client-id=\(desk.sandbox.credentials[desk.flavour.applicationID] ?? "")", "--client-secret",
                    "env:APPLICATION_SECRET",
                ] + more)
        }

        /// Where it says that somebody is to sign in.
        func url(_ process: RunningProcess) async throws -> String {
            var found: String?
            try await eventually("the URL is printed") {
                found = process.standardError.split(whereSeparator: \.isWhitespace).map(String.init).first {
                    $0.hasPrefix(desk.sandbox.baseURL + "/oauth/authorize?")
                }
                guard found != nil || process.isRunning else { throw HarnessError("\(try await process.outcome())") }
                return found != nil
            }
            return found ?? ""
        }

        func kept() throws -> [String] {
            guard FileManager.default.fileExists(atPath: home) else { return [] }
            return try FileManager.default.subpathsOfDirectory(atPath: home).map { home + "/" + $0 }.filter { path in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            }
        }

        func expectNothing() async throws {
            #expect(try kept().isEmpty)
            let list = try await binary.run(["tenants", "list", "--json"])
            #expect(list.exit == 0 && !list.out.contains(desk.code), "\(list)")
        }
    }

    /// The administrator's browser, as far as forms and redirects go.
    private struct Browser {
        struct Page: CustomStringConvertible {
            var status: Int
            var text: String
            var description: String { "\(status) \(text)" }
        }

        let desk: Desk

        init(_ desk: Desk) { self.desk = desk }

        func open(_ url: String) async throws -> Page { try await send(URLRequest(url: try #require(URL(string: url)))) }

        /// Opens the page, signs in, decides, and follows the redirect to the listener.
        func signIn(_ url: String, _ decision: String) async throws -> Page {
            let question = try await open(url)
            #expect(question.status == 200 && question.text.contains("asks for access"), "\(question)")
            var fields = (URLComponents(string: url)?.queryItems ?? []).map { ($0.name, $0.value ?? "") }
            fields.append(("username", desk.sandbox.credentials["MIMECAST_ADMIN_EMAIL"] ?? ""))
            fields.append(("password", desk.sandbox.credentials["MIMECAST_ADMIN_PASSWORD"] ?? ""))
            let consent = try await post(fields)
            let start = try #require(consent.text.range(of: #"name="consent" value=""#), "\(consent)").upperBound
            return try await post([("consent", String(consent.text[start...].prefix { $0 != "\"" })), ("decision", decision)])
        }

        private func post(_ fields: [(String, String)]) async throws -> Page {
            var request = URLRequest(url: try #require(URL(string: desk.sandbox.baseURL + "/oauth/authorize")))
            request.httpMethod = "POST"
            request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
            let plain = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
            request.httpBody = Data(
                fields.map { "\($0.0)=\($0.1.addingPercentEncoding(withAllowedCharacters: plain) ?? "")" }.joined(separator: "&").utf8)
            return try await send(request)
        }

        private func send(_ request: URLRequest) async throws -> Page {
            let (data, response) = try await URLSession.shared.data(for: request)
            return Page(status: (response as? HTTPURLResponse)?.statusCode ?? 0, text: String(decoding: data, as: UTF8.self))
        }
    }
}
