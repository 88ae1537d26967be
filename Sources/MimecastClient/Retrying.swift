import HTTPTransport
import Mimecast

/// One call of the vendor, ready but for its authorization.
struct Call: Sendable {
    /// The vendor's path alone, for messages and the log.
    let path: String
    let method: String
    /// Path and query, as sent and signed.
    let target: String
    let body: [UInt8]
    /// May change something.
    let writes: Bool
}

/// An answer, with the token that the call carried, so that it can be kept out of messages.
struct Answer: Sendable {
    let reply: WireReply
    let token: String?
}

/// Makes a call until it is answered for good: signs each try, waits on the injected clock, obeys ``RetryTurns``.
struct Retrying: Sendable {
    let origin: String
    let wire: Wire
    let authorization: any Authorization
    let policy: RetryPolicy
    let clock: any Clock<Duration>
    let random: @Sendable () -> Double
    let faults: FaultReader

    /// - Throws: ``ClientError`` where no answer comes; `CancellationError` where the task was cancelled and nothing is left open.
    func answer(to call: Call) async throws -> Answer {
        var turns = RetryTurns(policy: policy, writes: call.writes)
        // The token call changes nothing and is repeated whatever the call is that needs it.
        var tokenTurns = RetryTurns(policy: policy, writes: false)
        while true {
            try Task.checkCancellation()
            let signed: SignedHeaders
            do throws(AuthorizationFailure) {
                signed = try await authorization.sign(target: call.target)
            } catch {
                try await pass(tokenTurn(after: error, &tokenTurns), or: faults.error(error))
                continue
            }
            try Task.checkCancellation()
            do throws(TransportError) {
                let reply = try await wire.send(request(call, signed), path: call.path, timeout: policy.timeout)
                let turn = turns.turn(
                    after: reply, codes: codes(in: reply), tokenIsFresh: signed.token == nil ? nil : signed.isFresh, random: random())
                switch turn {
                case .finish: return Answer(reply: reply, token: signed.token)
                case .wait(let wait): await sleep(wait)
                case .renew: await authorization.discard(signed)
                case .again: break
                }
            } catch {
                if error.kind == .cancelled, !(call.writes && error.mayHaveReachedServer) { throw CancellationError() }
                try await pass(turns.turn(after: error, random: random()), or: faults.error(error, of: call))
            }
        }
    }

    /// The token that a call would carry now.
    ///
    /// - Parameter refused: a token that the server no longer takes.
    /// - Returns: nil where calls are signed.
    func token(inPlaceOf refused: String? = nil) async throws -> String? {
        if let refused { await authorization.discard(SignedHeaders(headers: [], token: refused, isFresh: false)) }
        var turns = RetryTurns(policy: policy, writes: false)
        while true {
            try Task.checkCancellation()
            do throws(AuthorizationFailure) {
                return try await authorization.sign(target: "").token
            } catch {
                try await pass(tokenTurn(after: error, &turns), or: faults.error(error))
            }
        }
    }

    private func request(_ call: Call, _ signed: SignedHeaders) -> WireRequest {
        var headers = signed.headers
        headers.append(("Accept", "application/json"))
        if call.method != "GET" { headers.append(("Content-Type", "application/json")) }
        return WireRequest(method: call.method, url: origin + call.target, headers: headers, body: call.body)
    }

    /// Waits for the next try, or fails where there is none.
    private func pass(_ turn: RetryTurns.Turn, or error: @autoclosure () -> any Error) async throws {
        guard case .wait(let wait) = turn else { throw error() }
        await sleep(wait)
    }

    /// A cancelled sleep ends early; the loop's check then speaks.
    private func sleep(_ wait: Duration) async {
        try? await clock.sleep(for: wait)
    }

    private func tokenTurn(after failure: AuthorizationFailure, _ turns: inout RetryTurns) -> RetryTurns.Turn {
        switch failure {
        case .transport(let error): turns.turn(after: error, random: random())
        case .reply(let reply): turns.turn(after: reply, codes: [], tokenIsFresh: nil, random: random())
        case .unusable: .finish
        }
    }

    /// The reasons of an answer that may call for a turn; a large answer is a good one and is not read twice.
    private func codes(in reply: WireReply) -> [String] {
        guard reply.status == 401 || reply.status == 200 && reply.body.count < 2_048 else { return [] }
        return faults.reasons(in: reply).map(\.code)
    }
}
