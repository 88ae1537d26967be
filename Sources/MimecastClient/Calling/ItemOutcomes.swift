import Foundation
import Mimecast

/// Which item of a call became which row. Pure.
///
/// The vendor answers with good rows and failed items apart (`data`, `fail`). A failed item is known by its echo; the others have the rows
/// in order, as many as there are of them.
struct ItemOutcomes<Row: Codable & Sendable> {
    typealias Outcome = Result<Row, ClientError>

    let description: EndpointDescription

    /// - Parameters:
    ///   - items: as sent.
    ///   - envelope: of a call that did not fail as a whole.
    /// - Returns: an outcome for each item. Where rows and items do not add up nobody can say what became of those without a failure:
    ///   they fail with `wrongAnswer`, and of a write the outcome is unknown.
    func sort(_ items: [some Encodable], _ envelope: ReplyEnvelope<Row>) -> [Outcome] {
        let sent = items.map { try? JSON(of: $0) }
        var outcomes = [Outcome?](repeating: nil, count: items.count)
        var unplaced = 0
        for failure in envelope.fail {
            guard let index = place(of: failure, among: sent.indices.filter { outcomes[$0] == nil }, sent) else {
                unplaced += 1
                continue
            }
            outcomes[index] = .failure(.refusal([failure], description))
        }
        let isClear = unplaced == 0 && outcomes.count(where: { $0 == nil }) == envelope.data.count
        var rows = envelope.data.makeIterator()
        return outcomes.map { outcome in
            if let outcome { return outcome }
            guard isClear, let row = rows.next() else { return .failure(.empty(description, writes: description.writes)) }
            return .success(row)
        }
    }

    /// The item whose echo a failure has: the first that is the same, or else the only one that could be. Of two items that are the same
    /// either will do.
    private func place(of failure: Failure, among open: [Int], _ sent: [JSON?]) -> Int? {
        if sent.count == 1 { return open.first }
        if let same = open.first(where: { sent[$0].map(failure.echoesAll) ?? false }) { return same }
        let similar = open.filter { sent[$0].map(failure.echoesPart) ?? false }
        return Set(similar.map { sent[$0] }).count == 1 ? similar.first : nil
    }
}

extension Failure {
    /// The echo has all that was sent. A password is never echoed; a server may add to it.
    fileprivate func echoesAll(_ item: JSON) -> Bool {
        guard case .object(let sent) = item, !sent.isEmpty else { return false }
        return sent.allSatisfy { $0.key == "password" || key?[$0.key] == $0.value }
    }

    /// What the echo and the item both have is the same, and they have something in common.
    fileprivate func echoesPart(_ item: JSON) -> Bool {
        guard case .object(let sent) = item else { return false }
        let common = sent.filter { key?[$0.key] != nil }
        return !common.isEmpty && common.allSatisfy { key?[$0.key] == $0.value }
    }
}

extension TenantClient {
    /// Makes as many calls as the items need, each item on its own account.
    ///
    /// For calls that answer a row for each item.
    ///
    /// - Returns: an outcome for each item, in their order. After a call that fails as a whole for another reason than what was in it,
    ///   no further one is made, and the items that were not sent fail with the same error.
    /// - Throws: `CancellationError` alone.
    public func each<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, _ items: [Item], mayRepeat: Bool = false
    ) async throws -> [Result<Kept<Row>, ClientError>] {
        let description = endpoint.description
        let size = max(description.itemsPerCall, 1)
        var outcomes: [Result<Kept<Row>, ClientError>] = []
        while outcomes.count < items.count {
            let batch = items[outcomes.count..<min(outcomes.count + size, items.count)].map { Kept($0) }
            do {
                let reply = try await exchange(endpoint.kept, items: batch, mayRepeat: mayRepeat)
                outcomes += ItemOutcomes(description: description).sort(batch, reply.envelope)
            } catch let error as ClientError {
                outcomes += batch.map { _ in .failure(error) }
                guard error.code == .refused else {
                    outcomes += (outcomes.count..<items.count).map { _ in .failure(error.notSent) }
                    break
                }
            }
        }
        return outcomes
    }

    /// One item, which is carried out or refused.
    func one<Item, Row>(_ endpoint: Endpoint<Item, Row>, _ item: Item, mayRepeat: Bool = false) async throws -> Kept<Row> {
        let envelope = try await exchange(endpoint.kept, items: [Kept(item)], mayRepeat: mayRepeat).envelope
        try envelope.throwIfRefused(endpoint.description)
        guard let row = envelope.data.first else {
            throw ClientError.empty(endpoint.description, writes: endpoint.description.writes)
        }
        return row
    }
}

extension ClientError {
    /// The same for what was meant to follow.
    fileprivate var notSent: ClientError {
        ClientError(code, message, remedy: remedy, status: status, reasons: reasons, cause: cause, outcomeUnknown: false)
    }
}
