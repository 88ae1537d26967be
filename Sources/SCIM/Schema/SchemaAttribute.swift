/// An attribute's definition (RFC 7643, sections 2 and 7).
public struct SchemaAttribute: Sendable {
    public enum Kind: String, Sendable { case string, boolean, decimal, integer, dateTime, reference, binary, complex }
    public enum Mutability: String, Sendable { case readOnly, readWrite, immutable, writeOnly }
    public enum Returned: String, Sendable { case always, never, `default`, request }
    public enum Uniqueness: String, Sendable { case none, server, global }

    private struct Fields: Sendable, Hashable {
        var name: String
        var kind: Kind
        var isMultiValued: Bool
        var description: String
        var isRequired: Bool
        var canonicalValues: [String]
        var isCaseExact: Bool
        var mutability: Mutability
        var returned: Returned
        var uniqueness: Uniqueness
        var referenceTypes: [String]
        var subAttributes: [SchemaAttribute]
    }

    /// Definitions are copied for each value that is read: behind one reference a copy costs next to nothing.
    private final class Box: Sendable {
        let fields: Fields
        let subNames: NameIndex

        init(_ fields: Fields) {
            self.fields = fields
            subNames = NameIndex(fields.subAttributes)
        }
    }

    private let box: Box

    public init(
        _ name: String, _ kind: Kind = .string, isMultiValued: Bool = false, description: String = "", isRequired: Bool = false,
        canonicalValues: [String] = [], isCaseExact: Bool = false, mutability: Mutability = .readWrite, returned: Returned = .default,
        uniqueness: Uniqueness = .none, referenceTypes: [String] = [], subAttributes: [SchemaAttribute] = []
    ) {
        box = Box(
            Fields(
                name: name, kind: kind, isMultiValued: isMultiValued, description: description, isRequired: isRequired,
                canonicalValues: canonicalValues, isCaseExact: isCaseExact, mutability: mutability, returned: returned,
                uniqueness: uniqueness, referenceTypes: referenceTypes, subAttributes: subAttributes))
    }

    public var name: String { box.fields.name }
    public var kind: Kind { box.fields.kind }
    public var isMultiValued: Bool { box.fields.isMultiValued }
    public var description: String { box.fields.description }
    public var isRequired: Bool { box.fields.isRequired }
    public var canonicalValues: [String] { box.fields.canonicalValues }
    public var isCaseExact: Bool { box.fields.isCaseExact }
    public var mutability: Mutability { box.fields.mutability }
    public var returned: Returned { box.fields.returned }
    public var uniqueness: Uniqueness { box.fields.uniqueness }
    public var referenceTypes: [String] { box.fields.referenceTypes }
    public var subAttributes: [SchemaAttribute] { box.fields.subAttributes }

    /// The sub-attribute of this name, in any letter case.
    public func subAttribute(_ name: some StringProtocol) -> SchemaAttribute? {
        subPosition(name).map { box.fields.subAttributes[$0] }
    }

    func subPosition(_ name: some StringProtocol) -> Int? { box.subNames.position(of: name, in: box.fields.subAttributes) }
}

extension SchemaAttribute: Hashable {
    public static func == (left: SchemaAttribute, right: SchemaAttribute) -> Bool {
        left.box === right.box || left.box.fields == right.box.fields
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(box.fields) }
}
