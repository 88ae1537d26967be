import MusterStore
import SCIM

/// What is taken out of a resource into columns of its own.
struct ResourceColumns: Equatable {
    /// A user's folded user name; other types have none, so that it is unique among users alone.
    var userNameFolded: String?
    var externalID: String?
    var displayName: String?
    var givenName: String?
    var familyName: String?
    /// What the resource says of `active`: 0, 1, or ``activeUnsaid``.
    var activeSaid: Int64

    /// The column `active_said` is what a resource says, and what filters ask for; the column `active` is how things are: a resource that
    /// says nothing is active when it is made, and stays what it was when it is changed.
    static let activeUnsaid: Int64 = 2

    init(_ resource: Resource, type: String) {
        let object = resource.object
        if type == UserResource.resourceType { userNameFolded = object["userName"]?.text.map(foldedKey) }
        externalID = resource.externalID
        displayName = object["displayName"]?.text
        if let name = object["name"]?.object {
            givenName = name["givenName"]?.text
            familyName = name["familyName"]?.text
        }
        activeSaid = object["active"]?.bool.map { $0 ? 1 : 0 } ?? Self.activeUnsaid
    }

    /// In the order of the statements.
    var values: [SQLValue] {
        [
            .string(userNameFolded), .string(externalID), .string(displayName), .string(displayName.map(foldedKey)), .string(givenName),
            .string(familyName), .bool(activeSaid != 0), .integer(activeSaid),
        ]
    }

    // Texts that differ in form are different values in a column, whatever `String` thinks of them.
    static func == (left: Self, right: Self) -> Bool {
        func same(_ left: String?, _ right: String?) -> Bool {
            switch (left, right) {
            case (nil, nil): true
            case (let left?, let right?): ExactText.areEqual(left, right)
            default: false
            }
        }
        return left.activeSaid == right.activeSaid && same(left.userNameFolded, right.userNameFolded)
            && same(left.externalID, right.externalID)
            && same(left.displayName, right.displayName) && same(left.givenName, right.givenName)
            && same(left.familyName, right.familyName)
    }
}
