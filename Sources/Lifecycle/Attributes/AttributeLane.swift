import Mimecast
import MimecastClient
import Planning

/// Writes attributes, up to 25 lines a call, each only where the account still has the value that the plan saw.
struct AttributeLane: Sendable {
    let client: TenantClient

    /// Looks, and writes what nobody changed meanwhile, in one call.
    ///
    /// - Parameter changes: at most ``Planner/attributesPerCall``, no account among them twice.
    /// - Returns: by line; nil was carried out. What was not sent says so, and its outcome is known.
    /// - Throws: ``ClientError`` of the look alone: then nothing was sent. `CancellationError`.
    func carryOut(_ changes: [Change]) async throws -> [Int: ClientError?] {
        let read = try await AttributeReader(client: client).read(changes.map(\.account))
        var outcomes: [Int: ClientError?] = [:]
        var sent: [Change] = []
        for change in changes {
            if let error = Self.refusal(change, read[EmailAddress.key(change.account)]) {
                outcomes[change.line] = .some(error)
            } else {
                sent.append(change)
            }
        }
        let items = sent.map { change in
            AttributeChange(
                emailAddress: change.account,
                attributes: [Attribute(name: change.counterpart, value: change.differences.first?.to ?? "")])
        }
        for (change, outcome) in zip(sent, items.isEmpty ? [] : try await client.setAttributes(items)) {
            switch outcome {
            case .success: outcomes.updateValue(nil, forKey: change.line)
            case .failure(let error): outcomes[change.line] = .some(error)
            }
        }
        return outcomes
    }

    /// Why a line is not sent; nil where the value is as the plan saw it, or already as the plan wants it.
    private static func refusal(_ change: Change, _ reading: AttributeReading?) -> ClientError? {
        let name = change.counterpart ?? ""
        guard let reading else {
            return ClientError(.refused, "There is no account \(change.account); nothing was sent.", remedy: "Read and plan again.")
        }
        let (present, difference) = (reading[name], change.differences.first)
        if present == difference?.from || (present ?? "") == (difference?.to ?? "") { return nil }
        return ClientError(
            .refused,
            "\(name) of \(change.account) is \(present.map { "\"\($0)\"" } ?? "not there") and was "
                + "\(difference?.from.map { "\"\($0)\"" } ?? "not there") when the plan was made; nothing was sent.",
            remedy: "Read and plan again.")
    }
}

extension ClientError {
    /// The vendor refuses an attribute by its name, whoever is to have it: the reason's field is the name, of an item that was sent.
    var refusesAttributeName: Bool {
        code == .refused && !outcomeUnknown && !reasons.isEmpty && reasons.allSatisfy { $0.field == "name" }
    }
}
