import Mimecast

/// What the company's own directory has to do with it: changes that wait there, and the connections over which they come.
extension DirectoryOperation {
    /// The operation as a change of the company's directory. Whether it fits what is there is known only when it is synced.
    func change(_ directory: TenantDirectory) throws -> DirectoryChange {
        func address() throws -> String { try FieldCheck.requiredAddress(emailAddress).text }
        func group() throws -> String { try groupName(self.group, directory) }
        switch op {
        case .create:
            return .create(
                address: try address(), name: try name.map { try FieldCheck.plain($0, "name") },
                groups: try (groups ?? []).map { try groupName($0, directory) })
        case .disable: return .disable(address: try address())
        case .enable: return .enable(address: try address())
        case .delete: return .delete(address: try address())
        case .rename:
            guard newAddress != nil || name != nil else {
                throw ItemFailure(FailureCode.validationNull, "A new address or a name is needed", field: "newAddress")
            }
            return .rename(
                address: try address(), newAddress: try newAddress.map { try FieldCheck.address($0, "newAddress").text },
                name: try name.map { try FieldCheck.plain($0, "name") })
        case .addMember: return .addMember(address: try address(), group: try group())
        case .removeMember: return .removeMember(address: try address(), group: try group())
        case .createGroup: return .createGroup(name: try group())
        case .deleteGroup: return .deleteGroup(name: try group())
        case .setSource, .addConnection, .setConnection:
            throw ItemFailure.invalid("via", "\(op.rawValue) is nothing that a directory does")
        }
    }

    /// The directory knows groups by name; a group of the tenant may be named by its id.
    private func groupName(_ group: String?, _ directory: TenantDirectory) throws -> String {
        let text = try FieldCheck.required(group, "group")
        return try directory.group(id: text)?.name ?? text
    }

    func addConnection(_ directory: TenantDirectory) throws {
        let description = try FieldCheck.required(description, "description")
        let type = serverType ?? "active_directory"
        guard ConnectionRecord.serverTypes.contains(type) else {
            throw ItemFailure.invalid("serverType", "It is one of \(ConnectionRecord.serverTypes.joined(separator: ", "))")
        }
        try directory.insertConnection(
            id: KeyRing.newID(), description: description, serverType: type, acknowledgesDisabled: acknowledgeDisabledAccounts ?? true)
        try directory.record(.connectionChanged, "Directory connection \(description) added")
    }

    func setConnection(_ directory: TenantDirectory) throws {
        guard status != nil || error != nil || enabled != nil || acknowledgeDisabledAccounts != nil else {
            throw ItemFailure(FailureCode.validationNull, "Something to set is needed", field: "status")
        }
        let reason = try error.map { try FieldCheck.required($0, "error") }
        guard status != .ok || reason == nil else { throw ItemFailure.invalid("error", "A connection that is ok has no error") }
        let isFailing = status == .error || reason != nil
        try directory.update(
            directory.connection(named: connection), isEnabled: enabled,
            error: isFailing ? reason ?? "Unable to connect to the directory service" : status == .ok ? "" : nil,
            acknowledgesDisabled: acknowledgeDisabledAccounts)
    }
}
