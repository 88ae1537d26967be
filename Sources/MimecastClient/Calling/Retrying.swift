import HTTPTransport
import Foundation
import Mimecast

/// An answer, with the token or password that the call carried, so that it can be kept out of messages.
struct Answer: Sendable {
    let reply: WireReply
    let token: String?
    /// A try before this one may have been carried out.
    var isOpen = false
}

/// Makes a call until it is answered for good: signs each try, waits on the injected clock, obeys ``RetryTurns``.
struct Retrying: Sendable {
    let origin: String
    let wire: Wire
    let authorization: any Authorization
    let policy: RetryPolicy
    let clock: any Clock<Duration>
    let random: @Sendable () -> Double
    let now: @Sendable () -> Date
    let gate: any CallGate
    let faults: FaultReader

    /// - Throws: ``ClientError`` where no answer comes; `CancellationError` where the task was cancelled and nothing is left open.
    func answer(to call: Call) async throws -> Answer {
        let authorization = call.authorization ?? authorization
        var turns = RetryTurns(policy: policy, isOnce: call.writes && !call.mayRepeat, now: now)
        // The token call changes nothing and is repeated whatever the call is that needs it.
        var tokenTurns = RetryTurns(policy: policy, isOnce: false, now: now)
        // Of a write that may be repeated: an earlier try may have been carried out, whatever comes of the next.
        var isOpen = false
        while true {
            try checkCancellation(of: call, isOpen: isOpen)
            let ticket: CallTicket
            do {
                ticket = try await gate.admit(category: call.category, urgent: call.urgent)
            } catch let error as ClientError {
                throw error.opened(isOpen)
            } catch is CancellationError where isOpen {
                throw cancelled(call)
            }
            let signed: SignedHeaders
            do throws(AuthorizationFailure) {
                signed = try await authorization.sign(target: call.target)
            } catch {
                await gate.ended(ticket, .notSent)
                try await pass(tokenTurn(after: error, &tokenTurns), or: faults.error(error))
                continue
            }
            guard !Task.isCancelled else {
                await gate.ended(ticket, .notSent)
                continue
            }
            do throws(TransportError) {
                let reply = try await wire.send(call.request(to: origin, signed.headers), path: call.path, timeout: policy.timeout)
                await gate.ended(ticket, .answered(status: reply.status, limit: RateLimit(now: now(), reply.header)))
                let turn = turns.turn(
                    after: reply, codes: codes(in: reply), tokenIsFresh: signed.token == nil ? nil : signed.isFresh,
                    isSignature: signed.isSignature, random: random())
                switch turn {
                case .finish: return Answer(reply: reply, token: signed.token ?? signed.secret, isOpen: isOpen)
                case .wait(let wait): await sleep(wait)
                case .renew(let ranOut): await authorization.discard(signed, ranOut: ranOut)
                case .again: break
                }
                if call.writes, reply.status >= 500 { isOpen = true }
            } catch {
                await gate.ended(ticket, error.mayHaveReachedServer ? .noAnswer : .notSent)
                if call.writes, error.mayHaveReachedServer { isOpen = true }
                if error.kind == .cancelled, !isOpen { throw CancellationError() }
                try await pass(turns.turn(after: error, random: random()), or: faults.error(error, of: call).opened(isOpen))
            }
        }
    }

    /// - Throws: `CancellationError` where nothing is left open.
    private func checkCancellation(of call: Call, isOpen: Bool) throws {
        guard Task.isCancelled else { return }
        throw isOpen ? cancelled(call) : CancellationError()
    }

    /// A write that may have been carried out was given up.
    private func cancelled(_ call: Call) -> any Error {
        faults.error(TransportError(.cancelled, mayHaveReachedServer: true, "The call to \(call.path) was cancelled."), of: call)
    }

    /// The token that a call would carry now.
    ///
    /// - Parameter refused: a token that the server no longer takes.
    /// - Returns: nil where calls are signed.
    func token(inPlaceOf refused: String? = nil) async throws -> String? {
        if let refused { await authorization.discard(SignedHeaders(headers: [], token: refused, isFresh: false), ranOut: false) }
        var turns = RetryTurns(policy: policy, isOnce: false, now: now)
        while true {
            try Task.checkCancellation()
            do throws(AuthorizationFailure) {
                return try await authorization.sign(target: "").token
            } catch {
                try await pass(tokenTurn(after: error, &turns), or: faults.error(error))
            }
        }
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
        guard [401, 418].contains(reply.status) || reply.status == 200 && reply.body.count < 2_048 else { return [] }
        return faults.reasons(in: reply).map(\.code)
    }
}
