import Mimecast
import SCIMStore

/// What the portal does with groups beside listing them and their members.
enum GroupRoutes {
    private typealias Calls = Endpoints.Portal

    static let all: [Route] = [
        .writing(Calls.createGroup) { directory, item in
            let group = try directory.create(directory.checked(new: item))
            return Written(row: Folder(group), effect: .created, target: group.name)
        },
        .writing(Calls.updateGroup) { directory, item in
            let (group, effect) = try directory.update(item)
            return Written(row: Folder(group), effect: effect, target: group.name)
        },
        .writing(Calls.deleteGroup) { directory, item in
            let group = try directory.deleteGroup(item.id)
            return Written(row: DeletedGroup(id: group.id), effect: .deleted, target: group.name)
        },
    ]
}
