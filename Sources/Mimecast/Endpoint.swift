/// One call of the vendor, described once: the client makes it from this and the sandbox serves it from this.
public struct EndpointDescription: Sendable, Hashable {
    public enum Method: String, Sendable, Codable { case get = "GET", post = "POST" }

    /// How rows and pages travel.
    public enum Paging: Sendable, Hashable {
        /// One answer holds everything.
        case none
        /// `meta.pagination` in the body.
        case envelope(standard: Int, most: Int)
        /// `pageSize` and `pageToken` in the query.
        case query(standard: Int, most: Int)
    }

    /// How a call's body looks.
    public enum Body: Sendable, Hashable {
        /// `meta`, `data`, `fail`.
        case envelope
        /// An object of its own (the cloud gateway's).
        case plain
        /// A file; the item stands in the header `x-mc-arg` as JSON.
        case file
    }

    /// What a quota counts separately. A category belongs to one product of the portal.
    public enum Category: String, Sendable, Codable, CaseIterable { case account, user, directory, domain, audit, siem }

    public let name: String
    public let method: Method
    /// May have one `{id}` for a segment that names a thing.
    public let path: String
    public let generations: Set<Generation>
    /// Of v2 applications; v1 is served the portal's.
    public let dialects: Set<Dialect>
    /// nil: every caller that is known may make the call.
    public let scope: Scope?
    public let category: Category
    public let itemsPerCall: Int
    public let paging: Paging
    public let body: Body
    /// The call can change something of the tenant's (a session is not the tenant's).
    public let writes: Bool
    /// Whether the call has to prove who makes it. Without that it needs only the headers `x-mc-app-id` and `x-mc-req-id`.
    public let isSigned: Bool
    /// The answer may be a file instead of rows.
    public let answersFile: Bool
    /// The statement's home: "guide", "facts" (recorded or documented), or "ours".
    public let source: String

    /// What a portal application has to have been given for this call.
    public var product: Product { Product(category) }

    /// Whether an application of this kind is served the call in this shape.
    public func isServed(_ generation: Generation, _ dialect: Dialect) -> Bool {
        generations.contains(generation) && dialects.contains(generation == .v1 ? .portal : dialect)
    }
}

/// A described call with the types of its items and rows.
public struct Endpoint<Item: Codable & Sendable, Row: Codable & Sendable>: Sendable {
    public let description: EndpointDescription

    init(_ description: EndpointDescription) { self.description = description }

    init(
        _ name: String, _ method: EndpointDescription.Method = .post, _ path: String, dialects: Set<Dialect>,
        generations: Set<Generation> = [.v1, .v2], scope: Scope?, category: EndpointDescription.Category, items: Int = 1,
        paging: EndpointDescription.Paging = .none, body: EndpointDescription.Body = .envelope, writes: Bool = false,
        signed: Bool = true, answersFile: Bool = false, source: String
    ) {
        description = EndpointDescription(
            name: name, method: method, path: path, generations: generations, dialects: dialects, scope: scope, category: category,
            itemsPerCall: items, paging: paging, body: body, writes: writes, isSigned: signed, answersFile: answersFile,
            source: source
        )
    }
}
