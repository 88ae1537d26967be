import SCIM

/// What a service provider is like. `ServiceProviderConfig` is made from it.
public struct SCIMSettings: Sendable {
    public enum Operations: Sendable, Hashable {
        /// All that RFC 7644 has.
        case all
        /// Of users what RFC 7644 has for resources; of groups list, creation, PATCH and deletion; no root, no `.search`, no bulk, no
        /// `/Me` (the vendor's guide). Types beyond these two are not limited.
        case guide
    }

    public enum PatchAnswer: Sendable, Hashable {
        /// 200 with the resource; a group with its members where they are few (`Projection.fewMembers`) or asked for.
        case resource
        /// 204, but where `attributes` or `excludedAttributes` ask for something (RFC 7644, section 3.5.2).
        case nothing
    }

    public var operations = Operations.all
    /// Whether the RFCs are taken by the letter, for every client.
    public var isStrict = false
    public var patchAnswers = PatchAnswer.resource
    /// Whether PUT, PATCH and DELETE without `If-Match` are refused with 428 (RFC 6585).
    public var requiresIfMatch = false
    /// Resources of a page where `count` is absent.
    public var defaultPageSize = 100
    /// The most resources of a page; a larger `count` gets as many. Announced as `filter.maxResults`, too.
    public var mostPageSize = 1_000
    /// The most bytes of a request's body, but for bulk.
    public var mostBytes = 1 << 20
    /// The most bytes of a bulk request.
    public var mostBulkBytes = 2 << 20
    public var mostBulkOperations = BulkRequest.maxOperations
    /// How long a cursor is good.
    public var cursorSeconds = 600
    /// Whoever has it can make cursors: a secret, the same on every node and after every start. Any length.
    public var cursorKey: [UInt8]
    /// How clients may authenticate to whoever mounts the service; announced, not checked.
    public var authenticationSchemes = [ServiceProviderConfig.AuthenticationScheme.bearer]
    /// Where people read about this service.
    public var documentationURI: String?

    /// - Parameter cursorKey: nil makes one at random, so that cursors end with the process.
    public init(cursorKey: [UInt8]? = nil) {
        self.cursorKey = cursorKey ?? (0..<32).map { _ in UInt8.random(in: .min ... .max) }
    }
}
