import Mimecast

/// Aliases and attributes of accounts.
extension TenantClient {
    public func aliases(of address: String) async throws -> [Kept<AliasRow>] {
        let envelope = try await call(Endpoints.Portal.aliases.kept, items: [Kept(AddressKey(emailAddress: address))])
        try envelope.throwIfRefused(Endpoints.Portal.aliases.description)
        return envelope.data
    }

    public func addAliases(_ changes: [AliasChange]) async throws -> [Result<Kept<AliasRow>, ClientError>] {
        try await each(Endpoints.Portal.updateAlias, changes)
    }

    public func removeAliases(_ changes: [AliasChange]) async throws -> [Result<Kept<AliasRow>, ClientError>] {
        try await each(Endpoints.Portal.removeAlias, changes)
    }

    /// - Returns: an outcome for each address, in their order.
    public func attributes(of addresses: [String]) async throws -> [Result<Kept<AttributeList>, ClientError>] {
        try await each(Endpoints.Portal.attributes, addresses.map { AddressKey(emailAddress: $0) })
    }

    /// Sets, and takes away where the value is nil or empty, what each change names.
    public func setAttributes(_ changes: [AttributeChange]) async throws -> [Result<Kept<AttributeList>, ClientError>] {
        try await each(Endpoints.Portal.updateAttributes, changes)
    }
}
