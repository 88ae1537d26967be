import HTTPTransport
import Foundation
import Mimecast

/// v2: a bearer token by client credentials (RFC 6749, section 4.4), shared by all calls until it is due.
struct BearerAuthorization: Authorization {
    private let tokens: TokenStore<String>

    /// - Parameter elapsed: monotonic time, from any origin.
    init(
        clientID: String, clientSecret: String, url: ServiceURL, wire: Wire, timeout: Duration,
        elapsed: @escaping @Sendable () -> Duration
    ) {
        let form = [("grant_type", "client_credentials"), ("client_id", clientID), ("client_secret", clientSecret)]
            .map { "\($0.0)=\(ServiceURL.encode($0.1))" }.joined(separator: "&")
        let request = WireRequest(
            method: "POST", url: url.origin + url.target(Endpoints.tokenPath),
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")], body: Array(form.utf8))
        tokens = TokenStore(elapsed: elapsed) { _ async throws(AuthorizationFailure) -> (token: String, life: Duration?) in
            let reply: WireReply
            do throws(TransportError) {
                reply = try await wire.send(request, path: Endpoints.tokenPath, timeout: timeout)
            } catch {
                throw .transport(error)
            }
            guard reply.status == 200 else { throw .reply(reply) }
            do {
                let answer = try JSONDecoder().decode(TokenReply.self, from: Data(reply.body))
                return (answer.token, .seconds(answer.life))
            } catch {
                // What came is not shown: it may be a token in another shape.
                throw .unusable(
                    ClientError(
                        .malformedReply, "The token call was answered with something that is no token.",
                        remedy: "Check that the base URL is the vendor's API gateway.", status: 200))
            }
        }
    }

    func sign(target: String) async throws(AuthorizationFailure) -> SignedHeaders {
        let (token, isFresh) = try await tokens.token()
        return SignedHeaders(headers: [("Authorization", "Bearer \(token)")], token: token, isFresh: isFresh)
    }

    func discard(_ headers: SignedHeaders, ranOut: Bool) async {
        await tokens.discard({ $0 == headers.token }, ranOut: ranOut)
    }
}

/// The token endpoint's answer (RFC 6749, section 5.1).
struct TokenReply: Decodable, Sendable {
    let token: String
    /// Seconds; 1,800 where the answer does not say, the shorter of the lives that were seen.
    let life: Int

    init(token: String, life: Int) {
        self.token = token
        self.life = life
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        token = try container.decode(String.self, forKey: .accessToken)
        guard !token.isEmpty else {
            throw DecodingError.dataCorruptedError(forKey: .accessToken, in: container, debugDescription: "empty")
        }
        life = try container.decodeIfPresent(LenientInt.self, forKey: .expiresIn)?.value ?? 1_800
    }

    private enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case expiresIn = "expires_in"
    }
}
