import Mimecast
import Testing

@testable import Planning

/// What somebody else did, in words: only where it is not as the plan saw it.
struct ConflictTests {
    private static func change(_ kind: Change.Kind) -> Change {
        var change = Change(
            kind: kind, person: at("ann"), account: at("ann"), reason: "", evidence: "",
            differences: [Change.Difference(field: "name", from: "Ann", to: "Ann Lee")], group: "Staff")
        change.counterpart = at("bob")
        return change
    }

    private static func account(_ name: String = "Ann", _ status: Account.Status = .active, _ authority: Authority = .cloud) -> Account {
        Account(
            id: nil, address: at("ann"), name: name, firstName: nil, lastName: nil, aliases: nil, adminRoles: nil, status: status,
            authority: authority)
    }

    @Test func `The plan saw one thing, and there is another`() {
        typealias Case = (kind: Change.Kind, present: Conflict.Present, told: String?)
        let (there, gone) = (Self.account(), Account?.none)
        let cases: [Case] = [
            (.create, .init(account: .some(gone)), nil), (.create, .init(account: there), #"no account|an account "Ann""#),
            (.update, .init(account: there), nil), (.update, .init(account: .some(gone)), #"name "Ann"|no account"#),
            (.update, .init(account: Self.account("Annie")), #"name "Ann"|name "Annie""#),
            (.update, .init(account: Self.account("Ann", .active, .ldap)), #"name "Ann"|directory-synced"#),
            (.disable, .init(account: there), nil), (.disable, .init(account: .some(gone)), "active|no account"),
            (.enable, .init(account: there), "disabled|active"), (.enable, .init(account: Self.account("Ann", .disabled)), nil),
            (.remove, .init(account: .some(gone)), "an account|no account"), (.purge, .init(account: there), nil),
            (.addMember, .init(account: there, holds: false, hasGroup: true), nil),
            (.addMember, .init(account: there, holds: true, hasGroup: true), "not: a member of Staff|a member of Staff"),
            (.addMember, .init(account: there, hasGroup: false), "a group Staff|no group Staff"),
            (.removeMember, .init(account: there, holds: false, hasGroup: true), "a member of Staff|not: a member of Staff"),
            (.createGroup, .init(hasGroup: true), "no group Staff|a group Staff"), (.createGroup, .init(hasGroup: false), nil),
            (.addAlias, .init(account: there, holds: true), "not: the alias \(at("bob"))|the alias \(at("bob"))"),
            (.removeDelegate, .init(account: there, holds: true), nil),
            (.addDelegate, .init(account: .some(gone)), "an account|no account"),
            (.attribute, .init(account: there, attribute: .some("Ann")), nil), (.attribute, .init(account: there), nil),
            (.attribute, .init(account: there, attribute: .some(nil)), #"\#(at("bob")) "Ann"|no \#(at("bob"))"#),
            (.attribute, .init(account: .some(gone)), "an account|no account"),
            (.update, .init(), nil), (.blocked, .init(account: there), nil),
        ]
        for (kind, present, told) in cases {
            let conflict = Conflict(Self.change(kind), present: present, seen: 7)
            #expect(conflict.map { "\($0.expected)|\($0.found)" } == told, "\(kind)")
            #expect(conflict == nil || conflict?.seen == 7)
        }
    }

    @Test func `What somebody else wrote since is not written over`() {
        typealias Case = (kind: Change.Kind, before: Account?, present: Account, told: String?)
        let (ann, disabled) = (Self.account(), Self.account("Ann", .disabled))
        let cases: [Case] = [
            (.update, nil, ann, nil), (.rename, nil, ann, nil),
            // Already as the line wants it.
            (.update, nil, Self.account("Ann Lee"), nil),
            (.update, nil, Self.account("Annie"), #"name "Ann"|name "Annie""#),
            (.rename, nil, Self.account("Annie"), #"name "Ann"|name "Annie""#),
            // The line says nothing of the state.
            (.update, nil, disabled, nil),
            (.remove, disabled, disabled, nil), (.remove, ann, ann, nil), (.remove, ann, disabled, nil),
            (.remove, disabled, ann, #"status "disabled"|status "active""#),
            (.remove, ann, Self.account("Somebody New"), #"name "Ann"|name "Somebody New""#),
            // The read is not kept any more.
            (.remove, nil, ann, nil),
            (.disable, disabled, ann, nil), (.create, nil, ann, nil),
        ]
        for (kind, before, present, told) in cases {
            let conflict = Conflict.overtaken(Self.change(kind), before: before, present: present, seen: 7)
            #expect(conflict.map { "\($0.expected)|\($0.found)" } == told, "\(kind) \(present)")
            #expect(conflict == nil || conflict?.seen == 7)
        }
    }

    @Test func `Of a value that was missing, what is there now was written since`() {
        var change = Self.change(.update)
        change.differences = [Change.Difference(field: "firstName", from: nil, to: "Ann")]
        func told(_ firstName: String?) -> String? {
            var present = Self.account()
            present.firstName = firstName
            return Conflict.overtaken(change, before: nil, present: present, seen: 7)?.found
        }
        #expect(told(nil) == nil)
        #expect(told("") == nil)
        #expect(told("Ann") == nil)
        #expect(told("Anna") == #"firstName "Anna""#)
    }
}
