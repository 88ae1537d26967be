import SCIM

/// What a path stands for.
enum Route: Sendable {
    case root
    /// Nil at the root.
    case search(Endpoint?)
    case bulk
    case me
    case serviceProviderConfig
    case resourceTypes
    case resourceType(String)
    case schemas
    case schema(String)
    case resources(Endpoint)
    case resource(Endpoint, id: String)

    var methods: Methods {
        switch self {
        case .root, .serviceProviderConfig, .resourceTypes, .resourceType, .schemas, .schema: .read
        case .search, .bulk: .post
        case .me: .resource
        case .resources(let endpoint): endpoint.listMethods
        case .resource(let endpoint, _): endpoint.methods
        }
    }
}

/// The paths of a service provider (RFC 7644, section 3.2), found by walking their bytes.
struct RouteTable: Sendable {
    let endpoints: [Endpoint]
    private let isWhole: Bool

    /// In bytes, decoded; no provider makes longer ids.
    private static let mostIDBytes = 200

    init(_ registry: SchemaRegistry, _ operations: SCIMSettings.Operations) {
        endpoints = registry.types.map { Endpoint($0, operations) }
        isWhole = operations == .all
    }

    /// - Returns: nil where nothing is served.
    /// - Throws: 400 for percent-encoding that is none.
    func route(_ path: String) throws -> Route? {
        var rest = path[...].utf8
        if rest.last == UInt8(ascii: "/") { rest.removeLast() }
        if rest.isEmpty { return isWhole ? .root : nil }
        guard rest.first == UInt8(ascii: "/") else { return nil }
        for endpoint in endpoints where rest.starts(with: endpoint.path) {
            let inner = rest.dropFirst(endpoint.path.count)
            if inner.isEmpty { return .resources(endpoint) }
            guard inner.first == UInt8(ascii: "/") else { continue }
            guard let id = try segment(inner) else { return nil }
            if inner.elementsEqual("/.search".utf8) { return isWhole ? .search(endpoint) : nil }
            return id.utf8.count <= Self.mostIDBytes ? .resource(endpoint, id: id) : nil
        }
        return try other(rest)
    }

    private func other(_ rest: Substring.UTF8View) throws -> Route? {
        func isPath(_ path: StaticString) -> Bool {
            rest.count == path.utf8CodeUnitCount && rest.elementsEqual(UnsafeBufferPointer(start: path.utf8Start, count: rest.count))
        }
        if isPath("/ServiceProviderConfig") { return .serviceProviderConfig }
        if isPath("/ResourceTypes") { return .resourceTypes }
        if isPath("/Schemas") { return .schemas }
        if isWhole {
            if isPath("/Me") { return .me }
            if isPath("/Bulk") { return .bulk }
            if isPath("/.search") { return .search(nil) }
        }
        if rest.starts(with: "/ResourceTypes/".utf8) { return try segment(rest.dropFirst(14)).map { .resourceType($0) } }
        if rest.starts(with: "/Schemas/".utf8) { return try segment(rest.dropFirst(8)).map { .schema($0) } }
        return nil
    }

    /// - Parameter text: with its slash.
    /// - Returns: nil where it is empty or more than one.
    private func segment(_ text: Substring.UTF8View) throws -> String? {
        let inner = text.dropFirst()
        let slash = UInt8(ascii: "/")
        if inner.isEmpty || inner.withContiguousStorageIfAvailable({ $0.contains(slash) }) ?? inner.contains(slash) { return nil }
        guard let segment = PercentText.decode(Substring(inner)) else {
            throw SCIMError.invalidSyntax("The path is not percent-encoded UTF-8.")
        }
        return segment
    }
}
