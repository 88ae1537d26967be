import HTTPTransport
import Foundation
import Mimecast

/// Signs a person in to a v2 application by their browser (RFC 8252): asks, waits for the redirect, redeems the code.
public struct AuthorizationCodeSignIn: Sendable {
    private let baseURL: String
    private let clientID: String
    private let clientSecret: String
    private let transport: any Transport
    private let listener: any RedirectListener
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Date
    private let random: @Sendable (Int) -> [UInt8]

    /// - Parameters:
    ///   - clientSecret: the vendor's applications have one, beside PKCE.
    ///   - clock: for the time that a person has.
    ///   - random: gives bytes that nobody can guess.
    public init(
        baseURL: String, clientID: String, clientSecret: String, transport: any Transport, listener: any RedirectListener,
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable (Int) -> [UInt8] = Self.systemRandom
    ) {
        self.baseURL = baseURL
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.transport = transport
        self.listener = listener
        self.clock = clock
        self.now = now
        self.random = random
    }

    /// Bytes of the system's generator.
    public static let systemRandom: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// - Parameters:
    ///   - port: of the redirect; nil for any that is free.
    ///   - scopes: none for all that the application may do.
    ///   - timeout: how long the person has.
    ///   - show: gets the URL to be opened in a browser.
    /// - Throws: ``ClientError``: what ``AuthorizationCodeRequest`` throws, `unauthorized` where the code or the application's secret is
    ///   refused, `unreachable` where nobody came in time; `CancellationError`.
    public func token(
        port: Int? = nil, scopes: Set<Scope> = [], timeout: Duration = .seconds(300), show: @Sendable (_ url: String) async throws -> Void
    ) async throws -> PersonToken {
        let open = try await listener.open(port: port)
        let answered: (request: AuthorizationCodeRequest, code: String)
        do {
            let request = try AuthorizationCodeRequest(
                baseURL: baseURL, clientID: clientID, port: open.port, scopes: scopes, random: random)
            open.expect(AuthorizationCodeRequest.redirectPath) { Self.page(request, $0) }
            try await show(request.url)
            let target = try await withTimeout(timeout) { try await open.target() }
            answered = (request, try request.code(fromCallback: target))
        } catch {
            await open.close()
            throw error
        }
        await open.close()
        return try await redeem(answered.code, answered.request)
    }

    private static func page(_ request: AuthorizationCodeRequest, _ target: String) -> RedirectPage {
        do throws(ClientError) {
            _ = try request.code(fromCallback: target)
            return RedirectPage(status: 200, text: "You have signed in. This page can be closed; Muster goes on where you started it.")
        } catch {
            return RedirectPage(status: 400, text: error.message)
        }
    }

    /// A code is good once, so the call is made once.
    private func redeem(_ code: String, _ request: AuthorizationCodeRequest) async throws -> PersonToken {
        let place = try TenantClient.serviceURL(baseURL)
        let faults = FaultReader(credentials: .v2(clientID: clientID, clientSecret: clientSecret), origin: place.origin, now: now)
        let call = WireRequest(
            method: "POST", url: place.origin + place.target(Endpoints.tokenPath),
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")],
            body: request.form(code: code, clientSecret: clientSecret))
        let asked = now()
        let reply: WireReply
        do throws(TransportError) {
            reply = try await transport.send(call, timeout: .seconds(30))
        } catch {
            throw faults.error(AuthorizationFailure.transport(error))
        }
        guard reply.status == 200 else { throw faults.error(AuthorizationFailure.reply(reply)) }
        guard let answer = try? JSONDecoder().decode(TokenReply.self, from: Data(reply.body)) else {
            throw ClientError(
                .malformedReply, "The token call was answered with something that is no token.",
                remedy: "Check that the base URL is the vendor's API gateway.", status: 200)
        }
        return PersonToken(accessToken: answer.token, expires: asked.addingTimeInterval(Double(answer.life)))
    }

    private func withTimeout<Value: Sendable>(
        _ timeout: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask { [clock] in
                try await clock.sleep(for: timeout)
                throw ClientError(
                    .unreachable, "Nobody signed in within \(timeout.components.seconds) s.",
                    remedy: "Start the sign-in again; the browser has to be on this machine.")
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
