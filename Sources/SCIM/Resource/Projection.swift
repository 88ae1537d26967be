/// Which attributes an answer shows: `attributes` and `excludedAttributes` (RFC 7644, section 3.9), for reads and for the answers to
/// writes. `id` and `schemas` are always shown.
public struct Projection: Sendable, Hashable {
    enum Choice: Sendable, Hashable {
        case all
        case only([AttributePath])
        case without([AttributePath])
    }

    /// The most names of a list.
    public static let mostNames = 500
    /// How many members a group shows in an answer that nobody asked members of.
    public static let fewMembers = 100

    let choice: Choice
    private let types: [ResourceType]

    /// Everything that is returned by default.
    public static let all = Projection(.all, [])

    private init(_ choice: Choice, _ types: [ResourceType]) {
        self.choice = choice
        self.types = types
    }

    /// - Parameters:
    ///   - attributes: names in any letter case: with or without a URN in front, with or without a sub-attribute behind, or the URN of a
    ///     whole schema. What no type has, and what is blank, is passed over.
    ///   - excluded: in the same form.
    ///   - types: the types that may be shown.
    /// - Throws: 400 `invalidSyntax` where both are given (our choice), or more than 500 names.
    public init(attributes: [String], excluded: [String], types: [ResourceType]) throws {
        let attributes = attributes.map(Self.trimmed).filter { !$0.isEmpty }
        let excluded = excluded.map(Self.trimmed).filter { !$0.isEmpty }
        guard attributes.isEmpty || excluded.isEmpty else {
            throw SCIMError.invalidSyntax("attributes and excludedAttributes exclude each other: send one of them.")
        }
        guard attributes.count + excluded.count <= Self.mostNames else {
            throw SCIMError.invalidSyntax("attributes and excludedAttributes have at most \(Self.mostNames) names.")
        }
        let urns = types.flatMap(\.urns)
        if !attributes.isEmpty {
            self.init(.only(attributes.compactMap { Self.path($0, urns) }), types)
        } else if !excluded.isEmpty {
            self.init(.without(excluded.compactMap { Self.path($0, urns) }), types)
        } else {
            self.init(.all, types)
        }
    }

    /// What a provider has to load: members and groups only where they are shown.
    public var wanted: Wanted { wanted(fewMembers: false) }

    /// - Parameter fewMembers: whether a group shows its members only where they are few, unless `attributes` names them: as in the answer
    ///   to a PATCH (our choice).
    public func wanted(fewMembers: Bool) -> Wanted {
        let plans = types.map { ProjectionPlan(self, $0) }
        let members: Wanted.Members
        if !plans.isEmpty, plans.allSatisfy({ !$0.showsMembers }) {
            members = .none
        } else if fewMembers, !names(ResourceType.membersAttribute) {
            members = .atMost(Self.fewMembers)
        } else {
            members = .all
        }
        return Wanted(members: members, groups: plans.isEmpty || plans.contains(where: \.showsGroups))
    }

    private func names(_ attribute: String) -> Bool {
        guard case .only(let paths) = choice else { return false }
        return paths.contains { path in path.attribute.map { AttributeName.areEqual($0, attribute) } ?? false }
    }

    private static func trimmed(_ name: String) -> String {
        let bytes = name.utf8
        guard bytes.first == 0x20 || bytes.last == 0x20 else { return name }
        let start = bytes.firstIndex { $0 != 0x20 } ?? bytes.endIndex
        let end = bytes.lastIndex { $0 != 0x20 }.map { bytes.index(after: $0) } ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private static func path(_ name: String, _ urns: [String]) -> AttributePath? {
        var schema: String?
        var rest = name
        // URNs contain dots and colons, so that a name is split where a known one ends, the longest first.
        for urn in urns where urn.utf8.count > schema?.utf8.count ?? 0 {
            guard let tail = AttributeName.rest(of: name, after: urn) else { continue }
            schema = urn
            rest = tail
        }
        if schema == nil, rest.utf8.contains(UInt8(ascii: ":")) { return nil }
        if rest.isEmpty { return AttributePath(schema: schema, nil) }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return AttributePath(schema: schema, parts[0], parts.count == 2 ? parts[1] : nil)
    }
}
