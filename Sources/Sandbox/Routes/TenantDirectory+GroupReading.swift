import Mimecast
import SCIM
import SCIMStore

/// What the reading calls about groups share.
extension TenantDirectory {
    func find(_ query: GroupQuery, _ slice: PageSlice) throws -> (groups: [GroupRecord], next: [String]?) {
        var source: Authority?
        if let text = query.source, !text.isEmpty {
            guard let known = Authority(rawValue: text.lowercased()) else {
                throw ItemFailure.invalid("source", "The source is cloud or ldap")
            }
            source = known
        }
        let after = slice.after.count == 2 ? (name: slice.after[0], id: slice.after[1]) : nil
        // Bounded, as names are: it stands in the page token.
        let wanted = try query.query.map { try FieldCheck.plain($0, "query", most: 400) }.flatMap { $0.isEmpty ? nil : $0 }
        let fetched = try groups(query: wanted, source: source, after: after, limit: slice.fetch)
        let (rows, next) = slice.page(fetched) { [$0.resource.displayNameFolded ?? "", $0.id] }
        return (rows, next)
    }

    /// How many groups a query has in all; nil where that is not kept: counting what a part of a name matches would be a scan for
    /// every page.
    func total(of query: GroupQuery) throws -> Int? {
        guard query.query ?? "" == "", query.source ?? "" == "" else { return nil }
        return try resources.count(GroupResource.resourceType)
    }

    func list(membersOf key: GroupKey, _ slice: PageSlice) throws -> (group: GroupRecord, members: [MemberRecord], next: [String]?) {
        let group = try readableGroup(key.id)
        let (rows, next) = slice.page(try members(of: group, after: slice.after, limit: slice.fetch)) { $0.place }
        return (group, rows, next)
    }
}
