import HTTPTransport
import Foundation
import Logging
import Mimecast

/// What a client is made of, once its base URL is known to be one.
struct ClientParts: Sendable {
    let maker: CallMaker
    let wire: Wire
    let retrying: Retrying
    let reader: ReplyReader
    private let credentials: Credentials
    private let now: @Sendable () -> Date

    init(
        url: ServiceURL, credentials: Credentials, transport: any Transport, retry: RetryPolicy, gate: any CallGate,
        clock: any Clock<Duration>, now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> Double, logger: Logger
    ) {
        self.credentials = credentials
        self.now = now
        maker = CallMaker(url: url)
        let elapsed = stopwatch(clock)
        wire = Wire(transport: transport, logger: logger, elapsed: elapsed)
        let authorization: any Authorization
        switch credentials {
        case .v2(let clientID, let clientSecret):
            authorization = BearerAuthorization(
                clientID: clientID, clientSecret: clientSecret, url: url, wire: wire, timeout: retry.timeout, elapsed: elapsed)
        case .v2Person(_, let token):
            authorization = PersonAuthorization(token: token, now: now)
        case .v1(let applicationID, let applicationKey, let accessKey, let secretKey):
            authorization = SignatureAuthorization(
                applicationID: applicationID, applicationKey: applicationKey, accessKey: accessKey, secretKey: secretKey, now: now)
        case .v1Person(let applicationID, let applicationKey, let login):
            authorization = BindingAuthorization(
                applicationID: applicationID, applicationKey: applicationKey, login: login, maker: maker, wire: wire,
                timeout: retry.timeout, now: now, elapsed: elapsed)
        }
        let faults = FaultReader(credentials: credentials, origin: url.origin, now: now)
        retrying = Retrying(
            origin: url.origin, wire: wire, authorization: authorization, policy: retry, clock: clock, random: random, now: now,
            gate: gate, faults: faults)
        reader = ReplyReader(faults: faults)
    }

    /// For v1's calls that no binding signs.
    ///
    /// - Parameter login: who signs in, where somebody does.
    func open(login: PersonLogin? = nil) throws(ClientError) -> OpenAuthorization {
        guard let applicationID = credentials.applicationID else {
            throw ClientError(.misconfigured, "A v2 application has no login of v1.", remedy: "Use a v1 application.")
        }
        return OpenAuthorization(applicationID: applicationID, login: login, now: now)
    }
}
