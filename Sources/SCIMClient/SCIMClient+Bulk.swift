import SCIM

extension SCIMClient {
    /// Carries many operations out in as few calls as the server takes, in their order.
    ///
    /// A call of unknown outcome ends the bulk: what it carried is `unknown`, and the rest is never sent.
    ///
    /// - Parameter failOnErrors: after so many errors the rest is left; nil goes on whatever happens.
    /// - Returns: what became of each operation, in their order.
    /// - Throws: ``SCIMClientError`` before anything was sent: `notSupported` where bulk is not announced, `misconfigured`.
    public func bulk(_ operations: [SCIMBulkOperation], failOnErrors: Int? = nil) async throws -> [SCIMBulkResult] {
        guard let limits = try await features().bulk else {
            throw SCIMClientError(.notSupported, "The server does not announce bulk operations.", remedy: "Send them one by one.")
        }
        var run = try SCIMBulkRun(operations, limits: limits, failOnErrors: failOnErrors, faults: faults)
        while !run.isStopped, let chunk = run.chunk() {
            let call = Call(method: "POST", path: "/Bulk", body: chunk.body)
            do {
                let answer = try await answer(to: call)
                let object = try requiredObject(in: answer, of: call)
                guard let results = object.value(ofAttribute: "Operations")?.array else {
                    throw faults.unreadable("it has no Operations", answer.reply, of: call.place, writes: true)
                }
                run.take(chunk, results.compactMap(\.object))
            } catch let error as SCIMClientError {
                run.fail(chunk, error)
            } catch is CancellationError {
                run.fail(chunk, SCIMClientError(.unreachable, "The bulk was cancelled.", remedy: "Send the rest again."))
            } catch {
                // The token source: without a token nothing was sent.
                run.fail(
                    chunk, SCIMClientError(.unauthorized, "There is no token: \(error)", remedy: "Look at where the token comes from."))
            }
        }
        return run.finished()
    }
}
