import Mimecast
import MimecastClient
import Planning

/// Reads attributes of accounts, 25 a call, several calls at a time.
struct AttributeReader: Sendable {
    /// Calls at a time; the client's limiter paces them (our choice).
    private static let width = 4

    let client: TenantClient

    /// - Returns: by folded address; whoever is not there is absent.
    func read(
        _ addresses: [String], progress: @Sendable (String) -> Void = { _ in }
    ) async throws -> [String: AttributeReading] {
        var seen = Set<String>()
        let addresses = addresses.filter { seen.insert(EmailAddress.key($0)).inserted }
        let size = Planner.attributesPerCall
        var waiting = stride(from: 0, to: addresses.count, by: size).map { Array(addresses[$0..<min($0 + size, addresses.count)]) }[...]
        var found: [String: AttributeReading] = [:]
        var done = 0
        try await withThrowingTaskGroup(of: (Int, [String: AttributeReading]).self) { group in
            var flying = 0
            while true {
                while flying < Self.width, let batch = waiting.popFirst() {
                    flying += 1
                    group.addTask { (batch.count, try await one(batch)) }
                }
                guard let (count, readings) = try await group.next() else { break }
                flying -= 1
                done += count
                found.merge(readings) { $1 }
                progress("reading the attributes of \(done) of \(addresses.count) accounts")
            }
        }
        return found
    }

    /// One call.
    private func one(_ addresses: [String]) async throws -> [String: AttributeReading] {
        var found: [String: AttributeReading] = [:]
        for (address, outcome) in zip(addresses, try await client.attributes(of: addresses)) {
            switch outcome {
            case .success(let list): found[EmailAddress.key(address)] = AttributeReading(list.attributes)
            case .failure(let error): guard error.isAboutTheAddress else { throw error }
            }
        }
        return found
    }

    /// What is not as a line about an attribute wants it.
    ///
    /// - Returns: nil for lines about something else; a nil in it where the change is in effect.
    static func difference(_ change: Change, _ read: [String: AttributeReading]) -> String?? {
        guard change.kind == .attribute, let name = change.counterpart else { return nil }
        guard let reading = read[EmailAddress.key(change.account)] else { return .some("no account \(change.account)") }
        guard (reading[name] ?? "") != (change.differences.first?.to ?? "") else { return .some(nil) }
        return .some(reading[name].map { "\(name) is \($0)" } ?? "there is no \(name)")
    }
}
