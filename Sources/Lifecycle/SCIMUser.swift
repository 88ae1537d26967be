import Mimecast
import Planning
import SCIM
import SCIMClient

/// How an account looks over SCIM: the address is user name and primary e-mail, the name is the display name.
enum SCIMUser {
    /// Somebody new.
    static func resource(_ address: String, _ values: Change.Values) -> JSONObject {
        var user = JSONObject([("schemas", .array([.string(UserResource.schema)])), ("userName", .string(address))])
        user["displayName"] = .string(values.name ?? address)
        var name = JSONObject()
        name["givenName"] = values.firstName.map { .string($0) }
        name["familyName"] = values.lastName.map { .string($0) }
        if !name.isEmpty { user["name"] = .object(name) }
        user["active"] = true
        user["emails"] = emails([], primary: address)
        return user
    }

    /// What a line sets of the name.
    static func names(_ values: Change.Values) -> [PatchOperation] {
        [
            (AttributePath("displayName"), values.name), (AttributePath("name", "givenName"), values.firstName),
            (AttributePath("name", "familyName"), values.lastName),
        ].compactMap { path, value in value.map { PatchOperation(.replace, PatchPath(path), value: .string($0)) } }
    }

    /// Another address. A user name that is not the address stays, and so does whatever the e-mails carry besides.
    static func move(_ user: SCIMRecord, from old: String, to new: String) -> [PatchOperation] {
        var operations = [
            PatchOperation(
                .replace, PatchPath(AttributePath("emails")), value: emails(user.elements("emails"), primary: new))
        ]
        if let name = user.userName, EmailAddress.key(name) == EmailAddress.key(old) {
            operations.append(PatchOperation(.replace, PatchPath(AttributePath("userName")), value: .string(new)))
        }
        return operations
    }

    /// The folded address of the account that a user is.
    static func address(of user: SCIMRecord) -> String? {
        let primary = user.elements("emails").first(where: isPrimary)?.value(ofAttribute: "value")?.text
        return (primary ?? user.userName).map(EmailAddress.key)
    }

    /// - Parameter present: the elements that there are: the primary one gets the address, one that has it already goes.
    private static func emails(_ present: [JSONObject], primary: String) -> JSONValue {
        var main = present.first(where: isPrimary) ?? JSONObject([("type", "work")])
        main["value"] = .string(primary)
        main["primary"] = true
        let rest = present.filter { email in
            !isPrimary(email) && email.value(ofAttribute: "value")?.text.map(EmailAddress.key) != EmailAddress.key(primary)
        }
        return .array([.object(main)] + rest.map { .object($0) })
    }

    private static func isPrimary(_ email: JSONObject) -> Bool {
        let value = email.value(ofAttribute: "primary")
        return value?.bool ?? (value?.text?.lowercased() == "true")
    }
}
