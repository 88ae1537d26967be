import Foundation
import HTTPTypes
import NIOCore

/// Takes in a request's body, with a limit on its size and on the time that it takes: a sender that drips bytes must not keep
/// memory for ever.
enum BodyReader {
    /// Largest body of a request, in bytes.
    static let largest = 2 * 1_024 * 1_024
    /// How long a body may take.
    static let longest = Duration.seconds(30)

    /// - Throws: ``CallRefusal``: 413 for a body that is too large, 408 for one that takes too long. Either closes the connection.
    static func collect<Body: AsyncSequence & Sendable>(_ body: Body, within longest: Duration = longest) async throws -> Data
    where Body.Element == ByteBuffer {
        do {
            let buffer = try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
                group.addTask { try await body.collect(upTo: largest) }
                group.addTask {
                    try await Task.sleep(for: longest)
                    throw CallRefusal(408, "request_timeout", "The body took too long", headers: [.connection: "close"])
                }
                defer { group.cancelAll() }
                return try await group.next() ?? ByteBuffer()
            }
            return Data(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw CallRefusal(413, "request_too_large", "A body has at most \(largest) bytes", headers: [.connection: "close"])
        } catch let error where !(error is CallRefusal || error is CancellationError) {
            // Broken chunks, or the other end is gone.
            throw CallRefusal(400, "bad_request", "The body cannot be taken in", headers: [.connection: "close"])
        }
    }
}
