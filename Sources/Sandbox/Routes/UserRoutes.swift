import Mimecast
import SCIMStore

/// What the portal does with people beside listing, making and changing them. Guide applications are served it, too, in these shapes.
enum UserRoutes {
    private typealias Calls = Endpoints.Portal

    static let all: [Route] = profiles + aliases + attributes + delegates + imports + purges

    private static let profiles: [Route] = [
        .lookup(Calls.profile) { directory, key in [try directory.profile(key)] }
    ]

    private static let aliases: [Route] = [
        .lookup(Calls.aliases) { directory, key in try directory.aliasRows(key) },
        .writing(Calls.updateAlias) { directory, item in try directory.addAlias(item) },
        .writing(Calls.removeAlias) { directory, item in try directory.removeAlias(item) },
    ]

    private static let attributes: [Route] = [
        .lookup(Calls.attributes) { directory, key in [try directory.attributeList(key)] },
        .writing(Calls.updateAttributes) { directory, item in try directory.updateAttributes(item) },
    ]

    private static let delegates: [Route] = [
        .writing(Calls.addDelegate) { directory, item in try directory.addDelegate(item) },
        .reading(Calls.delegates, standard: nil) { directory, query, slice in try directory.delegates(query, slice) },
        .writing(Calls.removeDelegate) { directory, key in try directory.removeDelegate(key) },
    ]

    private static let imports: [Route] = [
        ImportRoute.route,
        .lookup(Calls.importStatus) { directory, key in [try directory.importStatus(key)] },
    ]

    private static let purges: [Route] = [
        PurgeRoute.route(Calls.addToPurgeList, status: "added") { directory, address in try directory.addToPurgeList(address) },
        PurgeRoute.route(Calls.removeFromPurgeList, status: "removed") { directory, address in
            try directory.removeFromPurgeList(address)
        },
    ]
}
