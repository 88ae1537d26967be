/// `sortBy` and `sortOrder` prepared for resources of one type (RFC 7644, section 3.4.2.3): names resolved once.
///
/// Of several values the primary one counts, else the first; of an attribute with sub-attributes its `value`. Texts are folded unless
/// `caseExact`, dates are instants.
public struct ResourceSorter: Sendable {
    private let place: AttributePlace
    private let subAttribute: String?
    private let kind: SchemaAttribute.Kind
    private let isCaseExact: Bool
    private let isAscending: Bool

    /// - Parameter ignoringUnknown: what the type does not have is unassigned, as in a search over several types, instead of an error.
    /// - Throws: 400 `invalidPath` for what the type does not have, never returns, or has only in parts (`name`).
    public init(_ sort: ResourceQuery.Sort, type: ResourceType, ignoringUnknown: Bool = false) throws {
        guard let found = LocatedAttribute(sort.path, in: type, ignoringUnknown: ignoringUnknown) else {
            throw SCIMError.invalidPath("sortBy: '\(sort.path)' is no attribute of \(type.name) that can be sorted by; see /Schemas.")
        }
        place = found.place
        isAscending = sort.isAscending
        var sorted = found.subAttribute ?? found.attribute
        if let attribute = sorted, attribute.kind == .complex { sorted = attribute.subAttribute("value") }
        guard let sorted, sorted.kind != .complex else {
            if found.place != .nowhere { throw SCIMError.invalidPath("sortBy: '\(sort.path)' has sub-attributes; sort by one of them.") }
            subAttribute = nil
            kind = .string
            isCaseExact = false
            return
        }
        subAttribute = found.attribute?.kind == .complex ? sorted.name : nil
        kind = sorted.kind
        isCaseExact = sorted.isCaseExact || sorted.kind == .binary
    }

    /// - Throws: whatever the subject's closures throw.
    public func key(of subject: FilterSubject) throws -> SortKey {
        SortKey(value: try value(of: subject), id: Array((subject.object["id"]?.text ?? "").utf8), isAscending: isAscending)
    }

    private func value(of subject: FilterSubject) throws -> SortKey.Value {
        var reader = SubjectReader(subject)
        switch place {
        case .meta:
            guard let subAttribute else { return .none }
            if let instant = reader.metaInstant(subAttribute) { return .instant(instant) }
            return value(reader.meta(subAttribute))
        case .groups: return value(try reader.groups().first?.value(of: subAttribute))
        case .members: return value(try reader.members().first?.value(of: subAttribute))
        case .core, .extended, .wholeExtension, .nowhere:
            var value = reader.stored(place)
            if case .array(let elements) = value {
                value = elements.first { $0.object?["primary"] == .bool(true) } ?? elements.first
            }
            if let subAttribute { value = value?.object?[subAttribute] }
            if case .array(let elements) = value { value = elements.first }
            return self.value(value)
        }
    }

    private func value(_ value: JSONValue?) -> SortKey.Value {
        switch value {
        case nil, .null, .array, .object: .none
        case .bool(let bool): .bool(bool)
        case .number(let number): .number(number.double)
        case .string(let text) where kind == .dateTime: ResourceDate.parse(text).map { .instant($0) } ?? .none
        case .string(let text): text.isEmpty ? .none : .text(Array((isCaseExact ? text : FoldedText.fold(text)).utf8))
        }
    }
}
