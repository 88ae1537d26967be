import Mimecast
import MimecastClient
import MusterStore
import Planning

/// Reads what became of the subjects of lines that failed, to tell a colleague's change from any other refusal.
struct ConflictReader: Sendable {
    /// As many lines as one run explains (our choice): a call or two each. Whoever has more has another trouble than colleagues.
    static let most = 50

    let client: TenantClient

    /// - Parameters:
    ///   - changes: lines that failed in this run.
    ///   - seen: when the plan's read was taken; seconds since 1970.
    /// - Returns: by line. What cannot be read is left out: the line has its reason all the same.
    func read(_ changes: [Change], seen: Int) async -> [Int: Conflict] {
        let changes = changes.prefix(Self.most)
        let addresses = Set(changes.flatMap { [$0.account, $0.addressAfter] }.filter { !$0.isEmpty })
        guard !changes.isEmpty, let accounts = try? await client.lookUp(addresses.sorted()) else { return [:] }
        var conflicts: [Int: Conflict] = [:]
        for change in changes {
            guard let present = try? await present(change, accounts) else { continue }
            conflicts[change.line] = Conflict(change, present: present, seen: seen)
        }
        return conflicts
    }

    private func present(_ change: Change, _ accounts: [String: Account]) async throws -> Conflict.Present {
        var present = Conflict.Present()
        let key = EmailAddress.key(change.account)
        if !change.account.isEmpty { present.account = .some(accounts[key]) }
        if change.kind == .rename { present.taken = accounts[EmailAddress.key(change.addressAfter)] }
        switch change.kind {
        case .createGroup, .addMember, .removeMember:
            let groups = try await group(change)
            present.hasGroup = groups != nil
            guard change.kind != .createGroup, let group = groups else { break }
            present.holds = false
            for try await page in client.members(ofGroup: group)
            where page.addresses.contains(where: { EmailAddress.key($0.address) == key }) {
                present.holds = true
            }
        case .addAlias, .removeAlias, .addDelegate, .removeDelegate:
            guard accounts[key] != nil else { break }
            let isThere = try await BelongingsReader(client: client).difference(change) == .some(nil)
            present.holds = isThere == [.addAlias, .addDelegate].contains(change.kind)
        case .attribute:
            guard accounts[key] != nil else { break }
            let read = try await AttributeReader(client: client).read([change.account])
            if let reading = read[key] { present.attribute = .some(reading[change.counterpart ?? ""]) }
        default: break
        }
        return present
    }

    /// The id of the cloud group that a line means; nil where there is none any more.
    private func group(_ change: Change) async throws -> String? {
        for try await page in client.groups() {
            let found = page.groups.first { group in
                if let id = change.groupID { return group.id == id }
                return group.authority == .cloud && EmailAddress.fold(group.name) == EmailAddress.fold(change.group ?? "")
            }
            if let found { return found.id }
        }
        return nil
    }
}

extension SnapshotStore {
    /// When a read was taken, in seconds since 1970; nil where it is not kept any more.
    func taken(_ id: String) async throws -> Int? {
        try await store.read { tx in try tx.first("SELECT taken FROM snapshots WHERE id = $1", [.text(id)]) { $0.int(0) } }
    }
}
