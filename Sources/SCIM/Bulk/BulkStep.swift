/// One request that a ``BulkPlan`` wants to be carried out next.
public struct BulkStep: Sendable, Hashable {
    public enum Purpose: Sendable, Hashable {
        /// The operation itself.
        case operation
        /// A PATCH that adds to a resource of a circle what referred to those that did not exist yet.
        case completion
        /// A DELETE of what was made for a circle that could not be closed.
        case undo
    }

    /// Of the operation in the request, from 0.
    public var index: Int
    public var purpose: Purpose
    public var method: BulkOperation.Method
    /// With ids in the place of bulkIds.
    public var path: String
    /// With ids in the place of bulkIds; nil for DELETE.
    public var data: JSONObject?
    /// The ETag that the resource must have, as it was sent.
    public var version: String?
}

/// What became of a ``BulkStep``.
public enum BulkOutcome: Sendable, Hashable {
    case done(BulkSuccess)
    case failed(SCIMError)
}

public struct BulkSuccess: Sendable, Hashable {
    /// 201, 200 or 204.
    public var status: Int
    /// Of the resource; whatever refers to a POST fails where it has none.
    public var id: String?
    /// Absolute.
    public var location: String?
    /// The ETag as a header has it.
    public var version: String?
    /// The body, where the answer is to repeat it.
    public var response: JSONValue?

    public init(status: Int, id: String? = nil, location: String? = nil, version: String? = nil, response: JSONValue? = nil) {
        self.status = status
        self.id = id
        self.location = location
        self.version = version
        self.response = response
    }
}
