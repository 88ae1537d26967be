import Mimecast

extension TenantClient {
    /// Reads single accounts.
    ///
    /// Guide: one address a call, all fields. Portal and v1: five a call, by an update that sets nothing; its answer has name and status
    /// alone, so that `authority` is `cloud` unless the vendor says that the directory owns the account. Both are reads and are repeated
    /// on trouble.
    ///
    /// - Parameter addresses: in any spelling; what is no address is taken for one that does not exist.
    /// - Returns: by folded address; an address that is no account's is absent.
    public func lookUp(_ addresses: [String]) async throws -> [String: Account] {
        var asked: Set<String> = []
        let wanted = addresses.compactMap(EmailAddress.init).filter { asked.insert($0.folded).inserted }
        switch dialect {
        case .guide: return try await guideLookUp(wanted)
        case .portal: return try await portalLookUp(wanted)
        }
    }

    /// How many accounts one call of ``lookUp(_:)`` reads.
    public var accountsPerLookUp: Int {
        switch dialect {
        case .guide: 1
        case .portal: max(1, Endpoints.Portal.updateUser.description.itemsPerCall)
        }
    }

    private func guideLookUp(_ wanted: [EmailAddress]) async throws -> [String: Account] {
        let endpoint = Endpoints.Guide.getUsers
        var found: [String: Account] = [:]
        for address in wanted {
            let envelope = try await call(absentIfRefused: endpoint, items: [UserKey(emailAddress: address.text)])
            guard let envelope else { continue }
            if let failure = envelope.fail.first(where: { !$0.saysAbsent }) { throw ClientError.refusal([failure], endpoint.description) }
            for user in envelope.data {
                let account = try Account(user, isInternal: user.userType?.lowercased() != "external")
                // A row for another address, such as an alias's owner, is not this account.
                if EmailAddress(account.address) == address { found[address.folded] = account }
            }
        }
        return found
    }

    private func portalLookUp(_ wanted: [EmailAddress]) async throws -> [String: Account] {
        let endpoint = Endpoints.Portal.updateUser
        let size = endpoint.description.itemsPerCall
        var found: [String: Account] = [:]
        for start in stride(from: 0, to: wanted.count, by: size) {
            let batch = wanted[start..<min(start + size, wanted.count)]
            var open = Set(batch.map(\.folded))
            let envelope = try await call(absentIfRefused: endpoint, items: batch.map { UserUpdate(emailAddress: $0.text) })
            // A failed call without a key can speak for a single item only.
            guard let envelope else {
                if batch.count == 1 { continue }
                for address in batch { found.merge(try await portalLookUp([address])) { $1 } }
                continue
            }
            for state in envelope.data {
                guard let key = EmailAddress(state.emailAddress)?.folded, open.remove(key) != nil else { continue }
                found[key] = Account(
                    address: state.emailAddress, name: state.name, status: state.accountDisabled.map { $0 ? .disabled : .active })
            }
            for failure in envelope.fail {
                let text = failure.key?["emailAddress"]?.text
                let key = text.flatMap(EmailAddress.init)?.folded
                if failure.saysDirectoryManaged, let text, let key {
                    open.remove(key)
                    found[key] = Account(address: text, authority: .ldap)
                } else if failure.saysAbsent, let key {
                    open.remove(key)
                } else {
                    throw ClientError.refusal([failure], endpoint.description)
                }
            }
            // An address that nobody spoke of is not absent: taking it for that would make a second account.
            guard open.isEmpty else {
                throw ClientError(
                    .wrongAnswer, "\(endpoint.description.path) left \(open.count) of \(batch.count) addresses unanswered.",
                    remedy: "Repeat later; report it to the vendor.", status: 200)
            }
        }
        return found
    }

    /// - Returns: nil where the call as a whole was refused for its address.
    private func call<Item, Row>(absentIfRefused endpoint: Endpoint<Item, Row>, items: [Item]) async throws -> ReplyEnvelope<Row>? {
        do {
            return try await call(endpoint, items: items, writes: false)
        } catch let error as ClientError where error.code == .refused && error.status == 200 && Failure.absent(error.reasons) {
            return nil
        }
    }
}

extension Failure {
    /// The address is no account's.
    fileprivate var saysAbsent: Bool { Self.absent(reasons) }

    /// The account exists, and only the directory may write it.
    fileprivate var saysDirectoryManaged: Bool { reasons.contains { $0.code == FailureCode.directoryManaged } }

    fileprivate static func absent(_ reasons: [Reason]) -> Bool {
        let codes = [FailureCode.forbiddenForAddress, FailureCode.addressNotFound, FailureCode.invalidEmailAddress]
        return !reasons.isEmpty && reasons.allSatisfy { codes.contains($0.code) }
    }
}
