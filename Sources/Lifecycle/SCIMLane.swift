import Mimecast
import MimecastClient
import Planning
import SCIM
import SCIMClient
import Synchronization

/// SCIM: a POST for somebody new, a PATCH for everything else. Whom and what it shows is found by name and address first, since an id
/// of the API need not be one of SCIM.
///
/// By the API go, whole, lines that SCIM has no words for (administrative roles; aliases, since an e-mail that is not the primary one
/// may be a private address; attributes, whose names are the tenant's own; delegates; the purge list; deletion for good: its DELETE keeps
/// the account, disabled), groups that are to be made, and those about an account or group that SCIM does not show.
final class SCIMLane: WriteLane {
    private let scim: SCIMClient
    private let api: APILane
    private let known = Mutex(Known())

    /// What was found or made in this run; a resource keeps its id.
    private struct Known {
        /// By folded address.
        var users: [String: String] = [:]
        /// By the API's id.
        var groups: [String: String] = [:]
    }

    init(scim: SCIMClient, api: APILane) {
        self.scim = scim
        self.api = api
    }

    var calls: Int { scim.calls + api.calls }

    /// A 403 is about this line alone where the company's directory has taken its account or group over since the plan was made. Where it
    /// has not, the application may not write (any more), and its lines wait.
    func carryOut(_ change: Change) async throws {
        do {
            try await carryOutHere(change)
        } catch let error as ClientError where error.code == .forbidden && !error.outcomeUnknown {
            guard try await api.isDirectorys(change) else { throw error }
            throw ClientError(.refused, error.message, remedy: error.remedy, status: error.status)
        }
    }

    private func carryOutHere(_ change: Change) async throws {
        let isCarried: Bool
        switch change.kind {
        case .create: isCarried = try await create(change)
        case .rename, .update: isCarried = try await update(change)
        case .enable: isCarried = try await setActive(true, change)
        case .disable: isCarried = try await setActive(false, change)
        case .addMember, .removeMember: isCarried = try await changeMembership(change)
        case .createGroup, .unpurge, .removeAlias, .addAlias, .attribute, .addDelegate, .removeDelegate, .purge, .remove, .blocked,
            .undecided:
            isCarried = false
        }
        if !isCarried { try await api.carryOut(change) }
    }

    private func create(_ change: Change) async throws -> Bool {
        let values = change.values ?? Change.Values()
        guard values.adminRoles?.isEmpty != false, values.aliases?.isEmpty != false else { return false }
        let made = try await write(namesResource: false) { try await scim.create(.users, SCIMUser.resource(change.account, values)) }
        known.withLock { $0.users[EmailAddress.key(change.account)] = made.id }
        return true
    }

    private func update(_ change: Change) async throws -> Bool {
        let values = change.values ?? Change.Values()
        guard values.adminRoles == nil, values.aliases == nil else { return false }
        guard let address = values.address else {
            let operations = SCIMUser.names(values)
            return try await changeUser(change) { try await self.scim.patch(.users, id: $0, operations) }
        }
        // E-mails are set whole, over what is there now: a version that changed in between is read again, once.
        for isLast in [false, true] {
            guard let user = try await find(change) else { return false }
            let operations = SCIMUser.names(values) + SCIMUser.move(user, from: change.account, to: address)
            do {
                _ = try await write { try await scim.patch(.users, id: user.id, operations, ifMatch: user.version) }
                break
            } catch let error as ClientError where error.status == 412 && !isLast {
                continue
            }
        }
        known.withLock { $0.users[EmailAddress.key(address)] = $0.users.removeValue(forKey: EmailAddress.key(change.account)) }
        return true
    }

    private func setActive(_ isActive: Bool, _ change: Change) async throws -> Bool {
        let operation = PatchOperation(.replace, PatchPath(AttributePath("active")), value: .bool(isActive))
        return try await changeUser(change) { try await self.scim.patch(.users, id: $0, [operation]) }
    }

    private func changeMembership(_ change: Change) async throws -> Bool {
        guard let group = try await group(change) else { return false }
        let members = AttributePath("members")
        return try await changeUser(change) { id in
            let operation =
                change.kind == .addMember
                ? PatchOperation(.add, PatchPath(members), value: .array([.object(JSONObject([("value", .string(id))]))]))
                : PatchOperation(.remove, PatchPath(members, filter: .compare(AttributePath("value"), .eq, .string(id))))
            return try await self.scim.patch(.groups, id: group, [operation])
        }
    }

    /// - Returns: false where SCIM does not show the account.
    private func changeUser(_ change: Change, _ body: (String) async throws -> SCIMRecord?) async throws -> Bool {
        let key = EmailAddress.key(change.account)
        if let id = known.withLock({ $0.users.removeValue(forKey: key) }) {
            do {
                _ = try await write { try await body(id) }
                known.withLock { $0.users[key] = id }
                return true
            } catch let error as ClientError where error.code == .notFound {
                // Made anew under another id, or gone: looked up once more.
            }
        }
        guard let user = try await find(change) else { return false }
        _ = try await write { try await body(user.id) }
        return true
    }

    /// The user whose account has this address: it is the primary e-mail, or the user name of a user without one.
    ///
    /// - Throws: ``ClientError`` of code `refused` where the address has become somebody else's since the plan was made.
    private func find(_ change: Change) async throws -> SCIMRecord? {
        let address = change.account
        let user = try await read { () -> SCIMRecord? in
            if let user = try await scim.find(userName: address), SCIMUser.address(of: user) == EmailAddress.key(address) { return user }
            do {
                let filter = Filter.compare(AttributePath("emails", "value"), .eq, .string(address))
                return try await scim.first(.users, filter).first { SCIMUser.address(of: $0) == EmailAddress.key(address) }
            } catch let error as SCIMClientError where error.code == .refused || error.code == .notSupported {
                // A server that filters by user name alone: whoever is not known by it is not shown.
                return nil
            }
        }
        if let user {
            try await requireSame(user, as: change)
            known.withLock { $0.users[EmailAddress.key(address)] = user.id }
        }
        return user
    }

    /// An address may have been given to somebody else since. Where SCIM knows the plan's account by its id, whoever has the address now
    /// is another one; where it does not, its ids are of another kind and say nothing.
    private func requireSame(_ user: SCIMRecord, as change: Change) async throws {
        guard let accountID = change.accountID, user.id != accountID else { return }
        let isKnown = try await read {
            do {
                _ = try await scim.get(.users, id: accountID)
                return true
            } catch let error as SCIMClientError where error.code == .notFound || error.code == .refused {
                return false
            }
        }
        guard isKnown else { return }
        throw ClientError(
            .refused, "\(change.account) is the address of another account now than of the one that was planned for; nothing was sent.",
            remedy: "Read and plan again.")
    }

    /// The id of the group that the line means: the one of the API's id, if it has the name, else the only one of that name.
    private func group(_ change: Change) async throws -> String? {
        // Of a group that this plan made the name is known alone: the API's lane has or finds its id.
        let groupID = try await api.groups.id(of: change)
        if let id = known.withLock({ $0.groups[groupID] }) { return id }
        let id = try await read { () -> String? in
            do {
                let group = try await scim.get(.groups, id: groupID, excludedAttributes: ["members"])
                if change.group.map({ name in group.displayName.map { FoldedText.areEqual($0, name) } ?? false }) ?? true { return groupID }
                throw ClientError(
                    .refused, "The group \(change.group ?? groupID) has another name now; nothing was sent.", remedy: "Read and plan again."
                )
            } catch let error as SCIMClientError where error.code == .notFound || error.code == .refused {
                // Not an id of SCIM's.
            }
            guard let name = change.group else { return nil }
            let filter = Filter.compare(AttributePath("displayName"), .eq, .string(name))
            let found = try await scim.first(.groups, filter, excludedAttributes: ["members"])
            return found.count == 1 ? found.first?.id : nil
        }
        if let id { known.withLock { $0.groups[groupID] = id } }
        return id
    }

    private func read<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as SCIMClientError {
            throw ClientError(error, namesResource: false)
        }
    }

    private func write<T>(namesResource: Bool = true, _ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as SCIMClientError {
            throw ClientError(error, namesResource: namesResource)
        }
    }
}
