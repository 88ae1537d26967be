/// Whoever keeps resources: the five calls that a SCIM endpoint stands on. What comes in has been parsed and checked against the schema;
/// what is refused is a ``SCIMError``.
public protocol ResourceProvider: Sendable {
    /// - Returns: nil where there is no such resource.
    func get(_ type: ResourceType, id: String, _ wanted: Wanted) async throws -> ResourceEntry?

    /// A page of a search, in an order that does not change between pages.
    ///
    /// - Throws: ``SCIMError/Kind/tooMany`` where the filter would have to look at more resources than the provider will;
    ///   `invalidCursor` for a key that it did not make.
    func search(_ query: ResourceQuery) async throws -> ResourcePage

    /// Makes a resource and gives it an id.
    ///
    /// - Parameter members: a group's members, in order; those that do not exist are skipped.
    /// - Throws: 409 `uniqueness`.
    func create(_ type: ResourceType, _ resource: Resource, members: [Reference], _ wanted: Wanted) async throws -> ResourceEntry

    /// Changes a resource, whole or not at all. What changes nothing leaves version and date as they are.
    ///
    /// - Parameter condition: which versions may be changed; refused with 412 before anything happens.
    /// - Throws: 404, 409 `uniqueness`, 412, and what ``ResourceChange`` is refused with.
    func modify(
        _ type: ResourceType, id: String, _ condition: VersionCondition, _ change: ResourceChange, _ wanted: Wanted
    ) async throws -> ResourceEntry

    /// - Throws: 404, 412.
    func delete(_ type: ResourceType, id: String, _ condition: VersionCondition) async throws
}
