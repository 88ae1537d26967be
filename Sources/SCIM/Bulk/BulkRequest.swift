/// The message of `POST /Bulk` (RFC 7644, section 3.7).
public struct BulkRequest: Sendable, Hashable {
    public static let schema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    /// What `/ServiceProviderConfig` announces unless told otherwise.
    public static let maxOperations = 1_000

    public var operations: [BulkOperation]
    /// After so many failed operations nothing more is carried out; nil: whatever can be done is done.
    public var failOnErrors: Int?

    public init(_ operations: [BulkOperation], failOnErrors: Int? = nil) {
        self.operations = operations
        self.failOnErrors = failOnErrors
    }

    /// Reads the message. An operation that is wrong in itself does not sink the others (RFC 7644, section 3.7: "continue performing as
    /// many changes as possible"): it becomes a ``BulkOperation/flaw``.
    ///
    /// `failOnErrors` of 0 is taken for 1: no error is accepted.
    ///
    /// - Throws: 413 for more operations than allowed; 400 `invalidSyntax` for what is no such message.
    public init(_ body: JSONValue, maxOperations: Int = Self.maxOperations) throws {
        guard let object = body.object else { throw SCIMError.invalidSyntax("A bulk request is a JSON object.") }
        let schemas = object.value(ofAttribute: "schemas")?.array ?? []
        guard schemas.contains(where: { $0.text.map { AttributeName.areEqual($0, Self.schema) } ?? false }) else {
            throw SCIMError.invalidSyntax("The schemas of a bulk request must name \(Self.schema).")
        }
        guard let elements = object.value(ofAttribute: "Operations")?.array else {
            throw SCIMError.invalidSyntax("A bulk request needs a list named Operations.")
        }
        guard elements.count <= maxOperations else {
            throw SCIMError(
                413, nil, "\(elements.count) operations are more than the \(maxOperations) that one bulk request may hold; send several.")
        }
        switch object.value(ofAttribute: "failOnErrors") {
        case nil, .null: failOnErrors = nil
        case .number(let number):
            guard let count = number.integer, count >= 0 else { throw Self.wrongFailOnErrors }
            failOnErrors = max(1, count)
        default: throw Self.wrongFailOnErrors
        }
        operations = []
        operations.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard let element = element.object else { throw SCIMError.invalidSyntax("Operations[\(index)] is not a JSON object.") }
            operations.append(BulkOperation(element))
        }
        markDuplicates()
    }

    private static let wrongFailOnErrors = SCIMError.invalidSyntax("failOnErrors must be a whole number that is not negative.")

    /// Whoever refers to a bulkId that two operations have could mean either, so neither is carried out.
    private mutating func markDuplicates() {
        var first: [ExactText: Int] = [:]
        for (index, operation) in operations.enumerated() where operation.method == .post {
            guard let bulkID = operation.bulkID else { continue }
            guard let other = first.updateValue(index, forKey: ExactText(bulkID)) else { continue }
            for index in [other, index] where operations[index].flaw == nil {
                operations[index].flaw = .invalidValue("Another POST of this request has the bulkId \(bulkID.prefix(100)), too.")
            }
        }
    }
}
