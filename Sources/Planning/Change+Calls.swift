import Mimecast

/// One call of the vendor's that a line makes.
public struct PlannedCall: Sendable, Hashable, Codable {
    /// `GET`, `POST` or `PATCH`.
    public var method: String
    /// Below the tenant's base URL; `{id}` stands for the thing's id.
    public var path: String
    /// What it is for: `carry out`, `find`, or `read back`.
    public var purpose: String
    /// Whose quota it counts against.
    public var category: EndpointDescription.Category?

    init(_ endpoint: EndpointDescription, _ purpose: String) {
        category = endpoint.category
        method = endpoint.method.rawValue
        path = endpoint.path
        self.purpose = purpose
    }

    /// A call of SCIM's, which counts as one about people.
    init(_ method: String, _ path: String, _ purpose: String) {
        category = .user
        self.method = method
        self.path = path
        self.purpose = purpose
    }
}

extension Change {
    /// The calls that a line makes where nothing goes wrong, in their order; the read-back is shared with other lines where it can be.
    ///
    /// - Parameters:
    ///   - dialect: the portal's for v1.
    ///   - overSCIM: whether the tenant is written over SCIM.
    public func plannedCalls(dialect: Dialect, overSCIM: Bool) -> [PlannedCall] {
        guard kind.isWork else { return [] }
        if route == .file {
            return [
                PlannedCall(Endpoints.Portal.importUsers.description, "carry out"),
                PlannedCall(Endpoints.Portal.importStatus.description, "carry out"), PlannedCall(readBack(dialect), "read back"),
            ]
        }
        let finds = finding(dialect).map { PlannedCall($0, "find") }
        let writes = (overSCIM ? scimCalls : nil) ?? [PlannedCall(apiCall(dialect), "carry out")]
        return finds + writes + [PlannedCall(readBack(dialect), "read back")]
    }

    /// Whether the line is a call of SCIM's where the tenant is written over it, as far as the plan can tell.
    public var goesOverSCIM: Bool { kind.isWork && scimCalls != nil }

    private func apiCall(_ dialect: Dialect) -> EndpointDescription {
        let isGuide = dialect == .guide
        typealias Guide = Endpoints.Guide
        typealias Portal = Endpoints.Portal
        return switch kind {
        case .create: isGuide ? Guide.createUser.description : Portal.createUser.description
        case .remove: Guide.deleteUser.description
        case .addMember: isGuide ? Guide.addMember.description : Portal.addMember.description
        case .removeMember: isGuide ? Guide.removeMember.description : Portal.removeMember.description
        case .createGroup: Portal.createGroup.description
        case .purge: Portal.addToPurgeList.description
        case .unpurge: Portal.removeFromPurgeList.description
        case .addAlias: Portal.updateAlias.description
        case .removeAlias: Portal.removeAlias.description
        case .addDelegate: Portal.addDelegate.description
        case .removeDelegate: Portal.removeDelegate.description
        case .attribute: Portal.updateAttributes.description
        case .rename, .update, .enable, .disable, .blocked, .undecided:
            isGuide ? Guide.updateUser.description : Portal.updateUser.description
        }
    }

    private func readBack(_ dialect: Dialect) -> EndpointDescription {
        let isGuide = dialect == .guide
        return switch kind {
        case .createGroup: groupList(dialect)
        case .addAlias, .removeAlias: Endpoints.Portal.aliases.description
        case .addDelegate, .removeDelegate: Endpoints.Portal.delegates.description
        case .attribute: Endpoints.Portal.attributes.description
        case .addMember, .removeMember:
            isGuide ? Endpoints.Guide.groupMembers.description : Endpoints.Portal.groupMembers.description
        default: isGuide ? Endpoints.Guide.getUsers.description : Endpoints.Portal.updateUser.description
        }
    }

    private func groupList(_ dialect: Dialect) -> EndpointDescription {
        dialect == .guide ? Endpoints.Guide.findGroups.description : Endpoints.Portal.findGroups.description
    }

    /// What has to be looked for before the line can be carried out.
    private func finding(_ dialect: Dialect) -> [EndpointDescription] {
        switch kind {
        case .createGroup: [groupList(dialect)]
        case .removeDelegate: [Endpoints.Portal.delegates.description]
        case .attribute: [Endpoints.Portal.attributes.description]
        case _ where kind.isLookedAtFirst: [readBack(dialect)]
        default: []
        }
    }

    /// Nil where SCIM has no words for the line, and it goes by the API.
    private var scimCalls: [PlannedCall]? {
        let find = PlannedCall("GET", "/scim/v2/Users", "find")
        switch kind {
        case .create:
            guard values?.adminRoles?.isEmpty != false, values?.aliases?.isEmpty != false else { return nil }
            return [PlannedCall("POST", "/scim/v2/Users", "carry out")]
        case .rename, .update:
            guard values?.adminRoles == nil, values?.aliases == nil else { return nil }
            return [find, PlannedCall("PATCH", "/scim/v2/Users/{id}", "carry out")]
        case .enable, .disable: return [find, PlannedCall("PATCH", "/scim/v2/Users/{id}", "carry out")]
        case .addMember, .removeMember:
            return [
                PlannedCall("GET", "/scim/v2/Groups/{id}", "find"), find, PlannedCall("PATCH", "/scim/v2/Groups/{id}", "carry out"),
            ]
        default: return nil
        }
    }
}
