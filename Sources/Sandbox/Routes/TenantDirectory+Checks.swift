import Mimecast
import SCIMStore

/// What an item of a writing call may ask for. Everything is checked before anything is changed.
extension TenantDirectory {
    /// Makes one account and puts it into groups. All has been checked but the groups, which are checked first.
    func create(_ draft: NewAccount, groups: [String]) throws -> AccountRecord {
        let joined = try Set(groups).map { try writableGroup($0, "groups") }
        guard let account = try create(draft) else { throw ItemFailure.forbiddenForAddress() }
        for group in joined { try join(account, group) }
        return try self.account(id: account.id) ?? account
    }

    /// The portal's create: only the address is needed.
    func checked(new item: NewUser) throws -> NewAccount {
        let address = try newAddress(item.emailAddress)
        try checkOwn(accountCode: item.accountCode)
        let name = try item.name.map { try FieldCheck.plain($0, "name") }
        try checkSeats()
        return NewAccount(
            address: address, name: name, password: try item.password.map { try PasswordHash.checked($0) },
            forcePasswordChange: item.forcePasswordChange ?? false)
    }

    /// The guide's create: address and name are needed.
    func checked(new item: GuideUser) throws -> NewAccount {
        try FieldCheck.present(("emailAddress", item.emailAddress), ("name", item.name))
        let address = try newAddress(item.emailAddress)
        let name = try FieldCheck.required(item.name, "name")
        if item.id != nil { throw ItemFailure.invalid("id", "The server gives the id") }
        try checkOwn(accountCode: item.accountCode)
        try check(item, domain: address.domain, source: .cloud)
        let aliases = try checked(aliases: item.alias ?? [], of: nil, address: address)
        try checkSeats()
        return NewAccount(
            address: address, name: name, firstName: try item.firstName.map { try FieldCheck.plain($0, "firstName") },
            lastName: try item.lastName.map { try FieldCheck.plain($0, "lastName") }, isActive: try status(item.status) ?? true,
            aliases: aliases, adminRoles: try checked(roles: item.adminRoles) ?? [])
    }

    /// The guide's update: what is absent stays; what is read-only may be sent along unchanged.
    func checked(_ item: GuideUser, of account: AccountRecord) throws -> AccountChange {
        var change = AccountChange()
        var address = EmailAddress(account.address)
        if let text = item.emailAddress, text != account.address {
            let new = try FieldCheck.requiredAddress(text)
            guard account.isInternal, isInternal(domain: new.domain) else { throw ItemFailure.forbiddenForAddress() }
            if new.folded != account.addressFolded, try isTaken(new, except: account.id),
                try !aliases(of: account.id).contains(where: { EmailAddress($0) == new })
            {
                throw Self.exists()
            }
            change.address = new
            address = new
        }
        try checkOwn(accountCode: item.accountCode)
        try check(item, domain: address?.domain ?? account.domain, source: account.source)
        change.name = try item.name.map { try FieldCheck.required($0, "name") }
        change.firstName = try item.firstName.map { try FieldCheck.plain($0, "firstName") }
        change.lastName = try item.lastName.map { try FieldCheck.plain($0, "lastName") }
        change.isActive = try status(item.status)
        change.adminRoles = try checked(roles: item.adminRoles)
        change.aliases = try item.alias.map { try checked(aliases: $0, of: account, address: address) }
        try checkAuthority(change, account)
        return change
    }

    /// The portal's update.
    func checked(_ item: UserUpdate, of account: AccountRecord) throws -> AccountChange {
        var flags = account.flags
        flags.forcePasswordChange = item.forcePasswordChange ?? flags.forcePasswordChange
        flags.passwordNeverExpires = item.passwordNeverExpires ?? flags.passwordNeverExpires
        flags.locked = item.accountLocked ?? flags.locked
        flags.allowPop = item.allowPop ?? flags.allowPop
        flags.allowSmtp = item.allowSmtp ?? flags.allowSmtp
        var change = AccountChange(
            name: try item.name.map { try FieldCheck.plain($0, "name") }, isActive: item.accountDisabled.map { !$0 }, flags: flags)
        try checkAuthority(change, account)
        // Also of a directory-synced account: the vendor keeps a password of its own for everybody.
        change.password = try item.password.map { try PasswordHash.checked($0) }
        return change
    }

    /// Which cloud groups an update makes an account leave and join. Directory-synced ones stay as they are.
    func checked(groups wanted: [String]?, of account: AccountRecord) throws -> (gone: [GroupRecord], new: [GroupRecord]) {
        guard let wanted else { return ([], []) }
        let current = Set(try resources.groups(of: account.id))
        let new = try Set(wanted).subtracting(current).map { try writableGroup($0, "groups") }
        let gone = try current.subtracting(wanted).compactMap { try group(id: $0) }.filter { $0.source == .cloud }
        return (gone, new)
    }

    func portalState(_ account: AccountRecord) -> UserState {
        UserState(
            emailAddress: account.address, name: account.resource.displayName ?? "", forcePasswordChange: account.flags.forcePasswordChange,
            passwordNeverExpires: account.flags.passwordNeverExpires, accountLocked: account.flags.locked,
            accountDisabled: !account.resource.active, allowPop: account.flags.allowPop, allowSmtp: account.flags.allowSmtp)
    }

    private func newAddress(_ text: String?) throws -> EmailAddress {
        let address = try FieldCheck.requiredAddress(text)
        guard isInternal(domain: address.domain) else { throw ItemFailure.forbiddenForAddress() }
        guard try !isTaken(address) else { throw Self.exists() }
        return address
    }

    private static func exists(_ field: String = "emailAddress") -> ItemFailure {
        ItemFailure(FailureCode.userExists, "The address belongs to an account already", field: field)
    }

    private func checkOwn(accountCode: String?) throws {
        if let accountCode, accountCode != facts.code { throw ItemFailure.invalid("accountCode", "The account code is not yours") }
    }

    /// Fields that follow from others: they may be said, but not otherwise.
    private func check(_ item: GuideUser, domain: String, source: Authority) throws {
        if let said = item.domain, EmailAddress.foldDomain(said) != domain {
            throw ItemFailure.invalid("domain", "The domain follows from the address")
        }
        if let said = item.source, said != source.rawValue { throw ItemFailure.invalid("source", "The source cannot be set") }
        if let said = item.userType, said.lowercased() != (isInternal(domain: domain) ? "internal" : "external") {
            throw ItemFailure.invalid("userType", "The type follows from the address")
        }
    }

    private func status(_ text: String?) throws -> Bool? {
        switch text?.lowercased() {
        case nil: nil
        case "active": true
        case "disabled": false
        default: throw ItemFailure.invalid("status", "The status is active or disabled")
        }
    }

    private func checked(roles: [String]?) throws -> [String]? {
        guard let roles else { return nil }
        for role in roles where AdministratorRole(rawValue: role) == nil {
            throw ItemFailure.invalid("adminRoles", "There is no role \(role)")
        }
        // Nobody who signed in gives away more than they have.
        if let rights = actor?.rights, !AdministratorRole.scopes(of: roles).isSubset(of: rights) {
            throw ItemFailure.forbiddenForAddress("adminRoles")
        }
        return Set(roles).sorted()
    }

    private func checked(aliases: [String], of account: AccountRecord?, address: EmailAddress?) throws -> [EmailAddress] {
        // An account that moves may keep the address that it leaves.
        let own = Set(try account.map { try (self.aliases(of: $0.id) + [$0.address]).compactMap { EmailAddress($0) } } ?? [])
        guard aliases.count <= Self.mostAliases else {
            throw ItemFailure.invalid("alias", "An account has at most \(Self.mostAliases) aliases")
        }
        var seen: Set<EmailAddress> = []
        var checked: [EmailAddress] = []
        for text in aliases {
            let alias = try FieldCheck.requiredAddress(text, "alias")
            guard isInternal(domain: alias.domain) else { throw ItemFailure.forbiddenForAddress("alias") }
            guard alias != address else { throw ItemFailure.invalid("alias", "The account's own address cannot be its alias") }
            if try !own.contains(alias) && isTaken(alias) { throw Self.exists("alias") }
            if seen.insert(alias).inserted { checked.append(alias) }
        }
        return checked
    }

    /// What the company's directory owns cannot be changed here; saying what is so already is no change.
    private func checkAuthority(_ change: AccountChange, _ account: AccountRecord) throws {
        guard account.source == .ldap else { return }
        let current = account.resource
        let same =
            try (change.address == nil || change.address?.text == account.address)
            && (change.name == nil || change.name == current.displayName)
            && (change.firstName == nil || change.firstName == current.givenName)
            && (change.lastName == nil || change.lastName == current.familyName)
            && (change.isActive == nil || change.isActive == current.active)
            && (change.aliases == nil || Set(change.aliases ?? []) == Set(aliases(of: account.id).compactMap { EmailAddress($0) }))
        guard same else { throw ItemFailure.directoryManaged("The account") }
    }

    func checkSeats() throws {
        // Without enforcement they are only counted: `maxUsers` beside the list's total shows it.
        guard facts.seatsEnforced, try count([.primary], isInternal: true) >= facts.seats else { return }
        throw ItemFailure(ItemFailure.seatsExceededCode, "All \(facts.seats) seats are taken")
    }
}
