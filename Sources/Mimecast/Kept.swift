import Foundation

/// A shape together with all that came beside it: whatever the vendor sends and the shape does not know can be read, and goes back when
/// the shape is sent back.
///
/// The shape's own members are read and set on this (`kept.name`). What is set counts; what is nil was taken out.
@dynamicMemberLookup
public struct Kept<Shape: Codable & Sendable>: Codable, Sendable {
    public var shape: Shape
    /// As it came; an empty object for what was made here. Lists in it are read with ``rows(_:as:)``.
    public let raw: JSON

    /// What nobody sent.
    public init(_ shape: Shape) {
        self.shape = shape
        raw = .object([:])
    }

    public init(from decoder: any Decoder) throws {
        shape = try Shape(from: decoder)
        raw = try JSON(from: decoder)
    }

    public subscript<Value>(dynamicMember member: KeyPath<Shape, Value>) -> Value { shape[keyPath: member] }

    public subscript<Value>(dynamicMember member: WritableKeyPath<Shape, Value>) -> Value {
        get { shape[keyPath: member] }
        set { shape[keyPath: member] = newValue }
    }

    /// The members that the shape does not know, by name. An absent value (null) is none.
    public var extra: [String: JSON] {
        guard case .object(let members) = raw, !members.isEmpty, let known = try? JSON(of: LenientDecoder.decode(Shape.self, from: raw))
        else {
            return [:]
        }
        return members.filter { $0.value != .null && known[$0.key] == nil }
    }

    /// The rows of a list in this, each with what its own shape does not know.
    ///
    /// - Returns: none where there is no such list.
    /// - Throws: `DecodingError` where a row is not of this shape.
    public func rows<Row: Codable & Sendable>(_ name: String, as row: Row.Type) throws -> [Kept<Row>] {
        guard let list = raw[name], list != .null else { return [] }
        return try LenientDecoder.decode([Kept<Row>].self, from: list)
    }

    public func encode(to encoder: any Encoder) throws {
        guard case .object(let members) = raw, !members.isEmpty else { return try shape.encode(to: encoder) }
        let was = try JSON(of: LenientDecoder.decode(Shape.self, from: raw))
        try JSON.merge(raw, was: was, now: JSON(of: shape)).encode(to: encoder)
    }
}

extension Kept: Equatable where Shape: Equatable {}
extension Kept: Hashable where Shape: Hashable {}
extension Kept: GatewayRow where Shape: GatewayRow {
    public static var listName: String { Shape.listName }
}

extension Endpoint {
    /// The same call with items and rows that keep what their shapes do not know.
    public var kept: Endpoint<Kept<Item>, Kept<Row>> { Endpoint<Kept<Item>, Kept<Row>>(description) }
}

extension JSON {
    /// A value as its encoder writes it.
    public init(of value: some Encodable) throws {
        self = try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(value))
    }

    /// What is sent back: what a shape says `now`, and of what came the parts that it never said.
    ///
    /// - Parameters:
    ///   - raw: as it came.
    ///   - was: what the shape said of it.
    static func merge(_ raw: JSON, was: JSON, now: JSON) -> JSON {
        switch (raw, was, now) {
        case (.object(let came), .object(let was), .object(var now)):
            for (name, value) in came {
                switch (was[name], now[name]) {
                case (let before?, let after?): now[name] = merge(value, was: before, now: after)
                case (nil, nil) where value != .null: now[name] = value
                default: break
                }
            }
            return .object(now)
        case (.array(let came), .array(let was), .array(let now)) where came.count == was.count && was.count == now.count:
            return .array(now.indices.map { merge(came[$0], was: was[$0], now: now[$0]) })
        default:
            return was == now ? raw : now
        }
    }
}
