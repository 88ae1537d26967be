import SCIM
import Synchronization

/// The documents of discovery (RFC 7644, section 4), written once for each address that the service is seen at.
final class DiscoveryShelf: Sendable {
    struct Documents: Sendable {
        let serviceProviderConfig: [UInt8]
        let resourceTypes: [UInt8]
        let schemas: [UInt8]
        fileprivate let types: [(name: String, body: [UInt8])]
        fileprivate let schemasByID: [(id: String, body: [UInt8])]

        func type(_ name: String) -> [UInt8]? { types.first { ExactText.areEqual($0.name, name) }?.body }

        /// - Parameter id: a URN, in any letter case.
        func schema(_ id: String) -> [UInt8]? { schemasByID.first { AttributeName.areEqual($0.id, id) }?.body }
    }

    private let registry: SchemaRegistry
    private let config: ServiceProviderConfig
    private let shelf = Mutex<[ExactText: Documents]>([:])

    /// Addresses can be anything that a client writes into `Host`.
    private static let most = 16

    init(_ registry: SchemaRegistry, _ settings: SCIMSettings) {
        self.registry = registry
        var config = ServiceProviderConfig()
        config.documentationURI = settings.documentationURI
        config.bulk =
            settings.operations == .guide
            ? nil : ServiceProviderConfig.Bulk(maxOperations: settings.mostBulkOperations, maxPayloadSize: settings.mostBulkBytes)
        config.maxResults = settings.mostPageSize
        config.pagination = ServiceProviderConfig.Pagination(
            defaultPageSize: min(settings.defaultPageSize, settings.mostPageSize), maxPageSize: settings.mostPageSize,
            cursorTimeout: settings.cursorSeconds)
        config.authenticationSchemes = settings.authenticationSchemes
        self.config = config
    }

    func documents(_ baseURL: String) -> Documents {
        let key = ExactText(baseURL)
        if let found = shelf.withLock({ $0[key] }) { return found }
        let documents = written(baseURL)
        shelf.withLock { shelf in
            if shelf.count >= Self.most { shelf = [:] }
            shelf[key] = documents
        }
        return documents
    }

    private func written(_ baseURL: String) -> Documents {
        let types = registry.types.map { (name: $0.name, body: $0.json(baseURL: baseURL).serialized) }
        let schemas = registry.schemas.map { (id: $0.id, body: $0.json(baseURL: baseURL).serialized) }
        return Documents(
            serviceProviderConfig: config.json(baseURL: baseURL).serialized, resourceTypes: Self.list(types.map(\.body)),
            schemas: Self.list(schemas.map(\.body)), types: types, schemasByID: schemas)
    }

    private static func list(_ documents: [[UInt8]]) -> [UInt8] {
        var list = ListWriter(total: documents.count, count: documents.count, bytes: documents.reduce(0) { $0 + $1.count + 1 })
        list.startIndex(1)
        for document in documents { list.element { $0.append(contentsOf: document) } }
        return list.finished()
    }
}
