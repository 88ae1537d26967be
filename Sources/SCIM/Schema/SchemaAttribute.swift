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

    private var box: Box

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

    private mutating func set<Value>(_ path: WritableKeyPath<Fields, Value>, _ value: Value) {
        var fields = box.fields
        fields[keyPath: path] = value
        box = Box(fields)
    }

    public var name: String {
        get { box.fields.name }
        set { set(\.name, newValue) }
    }
    public var kind: Kind {
        get { box.fields.kind }
        set { set(\.kind, newValue) }
    }
    public var isMultiValued: Bool {
        get { box.fields.isMultiValued }
        set { set(\.isMultiValued, newValue) }
    }
    public var description: String {
        get { box.fields.description }
        set { set(\.description, newValue) }
    }
    public var isRequired: Bool {
        get { box.fields.isRequired }
        set { set(\.isRequired, newValue) }
    }
    public var canonicalValues: [String] {
        get { box.fields.canonicalValues }
        set { set(\.canonicalValues, newValue) }
    }
    public var isCaseExact: Bool {
        get { box.fields.isCaseExact }
        set { set(\.isCaseExact, newValue) }
    }
    public var mutability: Mutability {
        get { box.fields.mutability }
        set { set(\.mutability, newValue) }
    }
    public var returned: Returned {
        get { box.fields.returned }
        set { set(\.returned, newValue) }
    }
    public var uniqueness: Uniqueness {
        get { box.fields.uniqueness }
        set { set(\.uniqueness, newValue) }
    }
    public var referenceTypes: [String] {
        get { box.fields.referenceTypes }
        set { set(\.referenceTypes, newValue) }
    }
    public var subAttributes: [SchemaAttribute] {
        get { box.fields.subAttributes }
        set { set(\.subAttributes, newValue) }
    }

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
