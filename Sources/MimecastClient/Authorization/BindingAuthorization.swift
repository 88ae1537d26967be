import HTTPTransport
import Foundation
import Mimecast

/// v1 by password: a binding is had by a login when the first call needs one, and renewed by another login when it runs out (418).
struct BindingAuthorization: Authorization {
    private let bindings: TokenStore<PersonLogin.Binding>
    private let applicationID: String
    private let applicationKey: String
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - maker: makes the login call.
    ///   - elapsed: monotonic time, from any origin.
    init(
        applicationID: String, applicationKey: String, login: PersonLogin, maker: CallMaker, wire: Wire, timeout: Duration,
        now: @escaping @Sendable () -> Date, elapsed: @escaping @Sendable () -> Duration
    ) {
        self.applicationID = applicationID
        self.applicationKey = applicationKey
        self.now = now
        let open = OpenAuthorization(applicationID: applicationID, login: login, now: now)
        bindings = TokenStore(elapsed: elapsed, known: login.binding) {
            expired async throws(AuthorizationFailure) -> (token: PersonLogin.Binding, life: Duration?) in
            let request: WireRequest
            do throws(ClientError) {
                let item = LoginKey(username: login.username, accessKey: expired?.accessKey)
                request = try maker.call(Endpoints.Login.login.description, items: [item])
                    .request(to: maker.url.origin, open.headers())
            } catch {
                throw .unusable(error)
            }
            let reply: WireReply
            do throws(TransportError) {
                reply = try await wire.send(request, path: Endpoints.Login.login.description.path, timeout: timeout)
            } catch {
                throw .transport(error)
            }
            guard reply.status == 200, let answer = try? JSONDecoder().decode(ReplyEnvelope<Login>.self, from: Data(reply.body)) else {
                throw .reply(reply)
            }
            guard let row = answer.data.first else { throw .reply(reply) }
            // Ever-lasting bindings are advised for scripts (manual): what would overflow lives for ever.
            let life: Duration? = row.duration > 0 && row.duration < 1 << 50 ? .milliseconds(row.duration) : nil
            return (PersonLogin.Binding(accessKey: row.accessKey, secretKey: row.secretKey), life)
        }
    }

    func sign(target: String) async throws(AuthorizationFailure) -> SignedHeaders {
        let (binding, isFresh) = try await bindings.token()
        let signed = try await SignatureAuthorization(
            applicationID: applicationID, applicationKey: applicationKey, accessKey: binding.accessKey, secretKey: binding.secretKey,
            now: now
        ).sign(target: target)
        return SignedHeaders(headers: signed.headers, token: binding.accessKey, isFresh: isFresh, isSignature: true)
    }

    func discard(_ headers: SignedHeaders, ranOut: Bool) async {
        await bindings.discard({ $0.accessKey == headers.token }, ranOut: ranOut)
    }
}
