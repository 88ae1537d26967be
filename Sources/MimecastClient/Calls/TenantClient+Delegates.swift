import Mimecast

/// Who may open whose mailbox, and who is to be purged.
extension TenantClient {
    /// The mailboxes that an account may open.
    public func delegates(of address: String) -> Pages<RowPage<DelegateRow>> {
        list(Endpoints.Portal.delegates, DelegateQuery(primaryAddress: address), rows: "delegateUsers", as: DelegateRow.self)
    }

    public func addDelegates(_ changes: [DelegateChange]) async throws -> [Result<Kept<DelegateReply>, ClientError>] {
        try await each(Endpoints.Portal.addDelegate, changes)
    }

    /// - Parameter ids: of rights, as ``delegates(of:)`` has them.
    public func removeDelegates(_ ids: [String]) async throws -> [Result<Kept<DelegateReply>, ClientError>] {
        try await each(Endpoints.Portal.removeDelegate, ids.map { IDKey(id: $0) })
    }

    /// Puts addresses on the list of those to be removed from the directory for good. All or none.
    ///
    /// - Parameter addresses: at most 1,000; neither the directory's nor administrators'.
    public func addToPurgeList(_ addresses: [String]) async throws -> Kept<PurgeReply> {
        try await one(Endpoints.Portal.addToPurgeList, PurgeChange(emailAddresses: addresses))
    }

    /// Keeps addresses after all.
    public func removeFromPurgeList(_ addresses: [String]) async throws -> Kept<PurgeReply> {
        try await one(Endpoints.Portal.removeFromPurgeList, PurgeChange(emailAddresses: addresses))
    }
}
