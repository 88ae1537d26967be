import Mimecast

/// Many people at once, from a file.
extension TenantClient {
    /// Sends a file of people, who are imported after the answer.
    ///
    /// - Parameters:
    ///   - file: rows with `email`, `name` and `password` columns, named in its first row (vendor's manual). A sandbox reads CSV alone.
    ///   - order: what to do with it; `fileType` is csv where it does not say.
    /// - Returns: the import's id, for ``importStatus(of:)``.
    public func importUsers(_ file: [UInt8], _ order: ImportOrder = ImportOrder()) async throws -> Kept<ImportReply> {
        var order = order
        order.fileType = order.fileType ?? "csv"
        let endpoint = Endpoints.Portal.importUsers
        let envelope = try await exchange(endpoint.kept, items: [Kept(order)], file: file).envelope
        try envelope.throwIfRefused(endpoint.description)
        guard let row = envelope.data.first else { throw ClientError.empty(endpoint.description, writes: true) }
        return row
    }

    /// How far imports are.
    ///
    /// - Returns: an outcome for each id, in their order.
    public func importStatus(of ids: [String]) async throws -> [Result<Kept<ImportStatus>, ClientError>] {
        try await each(Endpoints.Portal.importStatus, ids.map { IDKey(id: $0) })
    }
}
