/// What every answer of a SCIM endpoint keeps to, whatever was asked (RFC 7644, sections 3.1, 3.3, 3.4.2 and 3.12).
enum ConversationRules {
    static let error = "urn:ietf:params:scim:api:messages:2.0:Error"
    static let list = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
    /// The `scimType`s of RFC 7644 and RFC 9865.
    private static let kinds: Set<String> = [
        "invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath", "noTarget", "invalidValue", "invalidVers",
        "sensitive", "invalidCursor", "expiredCursor", "invalidCount",
    ]

    /// What is wrong with an answer; empty where nothing is.
    static func breaches(status: Int, headers: [String: String], body: ConversationJSON?) -> [String] {
        var found: [String] = []
        func demand(_ holds: Bool, _ rule: String) { if !holds { found.append(rule) } }
        if status == 204 || status == 304 { demand(body == nil, "\(status) has no body") }
        guard let body else {
            demand([200, 204, 304].contains(status), "\(status) needs a body")
            return found
        }
        let type = headers["content-type"] ?? ""
        demand(type.hasPrefix("application/scim+json"), "the media type is \(type), not application/scim+json")
        check(body, at: "body", &found)
        let schemas = body["schemas"]?.elements?.compactMap(\.text) ?? []
        if status >= 400 {
            demand(schemas == [error], "an error's schemas are \(schemas)")
            demand(body["status"]?.text == String(status), "an error's status is the string \(status)")
            demand(!(body["detail"]?.text ?? "").isEmpty, "an error needs a detail")
            if let kind = body["scimType"] { demand(kinds.contains(kind.text ?? ""), "there is no scimType \(kind.serialized)") }
            if status == 401 { demand(headers["www-authenticate"] != nil, "401 needs WWW-Authenticate") }
        } else if schemas.contains(list) {
            let resources = body["Resources"]?.elements
            demand(body["totalResults"]?.integer != nil, "totalResults is an integer")
            demand(resources != nil, "Resources is a list, also an empty one")
            demand(body["itemsPerPage"]?.integer == resources?.count, "itemsPerPage is the number of resources on the page")
            for resource in resources ?? [] { checkResource(resource, &found) }
        } else {
            checkResource(body, &found)
            let location = body["meta"]?["location"]?.text
            if status == 201 {
                demand(location?.hasPrefix("http") ?? false, "meta.location is absolute")
                demand(headers["location"] == location, "Location is meta.location")
            }
            if let version = body["meta"]?["version"]?.text, let tag = headers["etag"] {
                demand(version == tag, "ETag is meta.version")
            }
        }
        return found
    }

    private static func checkResource(_ resource: ConversationJSON, _ found: inout [String]) {
        guard let type = resource["meta"]?["resourceType"]?.text, type == "User" || type == "Group" else { return }
        let id = resource["id"]?.text ?? ""
        if id.isEmpty { found.append("a \(type) has an id") }
        if !(resource["schemas"]?.elements?.contains { $0.text == "urn:ietf:params:scim:schemas:core:2.0:\(type)" } ?? false) {
            found.append("the schemas of a \(type) name the core schema")
        }
        if let location = resource["meta"]?["location"]?.text, !location.hasSuffix("/scim/v2/\(type)s/\(id)") {
            found.append("meta.location is \(location)")
        }
        for member in resource.members ?? [] { checkAssigned(member.value, at: member.name, &found) }
        // Providers reach for them by these names at the top.
        if let core = resource["urn:ietf:params:scim:schemas:core:2.0:\(type)"] {
            found.append("core attributes are not below their URN: \(core.serialized)")
        }
    }

    /// No unassigned value is returned (RFC 7643, section 2.5).
    private static func checkAssigned(_ value: ConversationJSON, at place: String, _ found: inout [String]) {
        switch value {
        case .string(""): found.append("\(place) is an empty string")
        case .array(let elements):
            if elements.isEmpty { found.append("\(place) is an empty list") }
            for element in elements { checkAssigned(element, at: place, &found) }
        case .object(let members):
            if members.isEmpty { found.append("\(place) is an empty object") }
            for member in members { checkAssigned(member.value, at: "\(place).\(member.name)", &found) }
        default: break
        }
    }

    private static func check(_ value: ConversationJSON, at place: String, _ found: inout [String]) {
        switch value {
        case .null: found.append("\(place) is null")
        case .array(let elements):
            for (index, element) in elements.enumerated() { check(element, at: "\(place)[\(index)]", &found) }
        case .object(let members):
            for member in members {
                if member.name == "password" { found.append("\(place) holds a password") }
                check(member.value, at: "\(place).\(member.name)", &found)
            }
        default: break
        }
    }
}
