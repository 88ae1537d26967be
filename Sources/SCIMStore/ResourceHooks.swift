import SCIM

/// What becomes of a resource that SCIM creates.
public enum Creation: Sendable, Hashable {
    /// A new one; nil has the store make the id.
    case insert(id: String?)
    /// One that is there already, perhaps hidden, takes the new attributes, is seen from now on, and is answered as created.
    case revive(id: String)
}

/// What becomes of a resource that SCIM deletes.
public enum Deletion: Sendable, Hashable {
    /// It goes, its user name is free, and it leaves all groups.
    case remove
    /// No SCIM call finds it any more; its row and its user name stay, and it leaves all groups.
    case hide
    /// It stays as it is here, and can be seen.
    case keep(Resource)
}

/// What others do where SCIM changes resources, inside the write transaction. What is thrown takes the whole change back; a ``SCIMError``
/// reaches the client.
///
/// Bodies may run more than once (``Store``), so a hook touches nothing but the transaction.
public protocol ResourceHooks: Sendable {
    /// - Parameter resource: without an id; may be changed.
    func willCreate(_ type: ResourceType, _ resource: inout Resource, _ store: ResourceStore) throws -> Creation
    /// The row is there; its members are added after this.
    func didCreate(_ type: ResourceType, _ resource: Resource, _ store: ResourceStore) throws
    /// Called only where something of the resource itself changes.
    ///
    /// - Parameter after: may be changed, but for its id.
    func willChange(
        _ type: ResourceType, _ before: Resource, _ after: inout Resource, _ row: StoredRow, _ store: ResourceStore
    ) throws
    /// - Parameter row: as it was before.
    func didChange(_ type: ResourceType, _ before: Resource, _ after: Resource, _ row: StoredRow, _ store: ResourceStore) throws
    /// Called only where somebody comes or goes.
    ///
    /// - Parameters:
    ///   - adding: ids of resources that are there and not yet in the group; may become fewer.
    ///   - removing: ids of members; may become fewer.
    func willChangeMembers(
        _ group: StoredRow, adding: inout [String], removing: inout [String], _ store: ResourceStore
    ) throws
    func didChangeMembers(_ group: StoredRow, added: [String], removed: [String], _ store: ResourceStore) throws
    func willDelete(_ type: ResourceType, _ row: StoredRow, _ resource: Resource, _ store: ResourceStore) throws -> Deletion
    /// - Parameter row: as it was before.
    func didDelete(_ type: ResourceType, _ row: StoredRow, _ store: ResourceStore) throws
}

extension ResourceHooks {
    public func willCreate(_ type: ResourceType, _ resource: inout Resource, _ store: ResourceStore) throws -> Creation {
        .insert(id: nil)
    }
    public func didCreate(_ type: ResourceType, _ resource: Resource, _ store: ResourceStore) throws {}
    public func willChange(
        _ type: ResourceType, _ before: Resource, _ after: inout Resource, _ row: StoredRow, _ store: ResourceStore
    ) throws {}
    public func didChange(
        _ type: ResourceType, _ before: Resource, _ after: Resource, _ row: StoredRow, _ store: ResourceStore
    ) throws {}
    public func willChangeMembers(
        _ group: StoredRow, adding: inout [String], removing: inout [String], _ store: ResourceStore
    ) throws {}
    public func didChangeMembers(_ group: StoredRow, added: [String], removed: [String], _ store: ResourceStore) throws {}
    public func willDelete(_ type: ResourceType, _ row: StoredRow, _ resource: Resource, _ store: ResourceStore) throws -> Deletion {
        .remove
    }
    public func didDelete(_ type: ResourceType, _ row: StoredRow, _ store: ResourceStore) throws {}
}

/// Hooks that do nothing.
public struct NoHooks: ResourceHooks {
    public init() {}
}
