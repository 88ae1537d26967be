import HTTPTransport
import Mimecast
import Planning

@testable import Lifecycle

/// One line of each kind for the bench's tenant: ann active, bob disabled, carl in Staff, dora.
enum ChangeKinds {
    static func change(_ kind: Change.Kind, _ dialect: Dialect) -> Change? {
        func id(_ local: String) -> String? { dialect == .guide ? "id-\(local)" : nil }
        func change(_ local: String, values: Change.Values? = nil, group: String? = nil) -> Change {
            Change(
                kind: kind, person: values?.address ?? at(local), account: at(local), accountID: kind == .create ? nil : id(local),
                externalID: local, reason: "test", evidence: "test", values: values, groupID: group, group: group.map { _ in "Staff" })
        }
        switch kind {
        case .create: return change("new", values: Change.Values(address: at("new"), name: "New"))
        case .rename: return dialect == .guide ? change("ann", values: Change.Values(address: at("ann.lee"), aliases: [at("ann")])) : nil
        case .update:
            var update = change("ann", values: Change.Values(name: "Ann Lee"))
            update.differences = [Change.Difference(field: "name", from: "Ann", to: "Ann Lee")]
            return update
        case .enable: return change("bob")
        case .disable: return change("ann")
        case .addMember: return change("ann", group: "g1")
        case .removeMember: return change("carl", group: "g1")
        case .remove: return dialect == .guide ? change("dora") : nil
        case .addAlias, .addDelegate:
            var change = change("ann")
            change.counterpart = kind == .addDelegate ? at("dora") : at("other")
            return change
        // With a look before their call, or with nothing that shows them: RetirementTests, AttributeApplyTests, and the crash sweep.
        case .attribute, .removeAlias, .createGroup, .purge, .unpurge, .removeDelegate, .blocked, .undecided: return nil
        }
    }

    static let lanes: [(Dialect, WriteChannel)] = [(.guide, .api), (.portal, .api), (.guide, .scim), (.portal, .scim)]

    static let all: [(Change.Kind, Dialect, WriteChannel)] = Change.Kind.allCases.flatMap { kind in
        lanes.filter { change(kind, $0.0) != nil }.map { (kind, $0.0, $0.1) }
    }

    /// Whether the vendor has it as the line wants it.
    static func isDone(_ kind: Change.Kind, _ vendor: FakeVendor) -> Bool {
        let staff = vendor.tenant.members["g1", default: []]
        return switch kind {
        case .create: vendor.row("new")?.name == "New"
        case .rename: vendor.row("ann.lee")?.aliases == [at("ann")] && vendor.row("ann") == nil
        case .update: vendor.row("ann")?.name == "Ann Lee"
        case .enable: vendor.row("bob")?.isDisabled == false
        case .disable: vendor.row("ann")?.isDisabled == true
        case .addMember: staff.contains(at("ann"))
        case .removeMember: !staff.contains(at("carl"))
        case .remove: vendor.row("dora") == nil
        case .addAlias: vendor.row("ann")?.aliases == [at("other")]
        case .addDelegate: vendor.tenant.rights == ["\(at("dora"))>\(at("ann"))"]
        case .attribute, .removeAlias, .createGroup, .purge, .unpurge, .removeDelegate, .blocked, .undecided: false
        }
    }
}
