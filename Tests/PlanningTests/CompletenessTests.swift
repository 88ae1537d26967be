import Testing

@testable import Planning

struct CompletenessTests {
    struct Read: Sendable {
        var rows = 7
        var claims: [Int?]
        var repeated = 0
        var reason: String?
    }

    @Test(arguments: [
        Read(claims: [7]), Read(claims: [7, 7]), Read(claims: [7, nil]), Read(rows: 0, claims: [0]),
        Read(claims: [], reason: "the vendor gave no count"), Read(claims: [nil, nil], reason: "the vendor gave no count"),
        Read(claims: [7, 8], reason: "the vendor's count changed between pages (7, 8)"),
        Read(claims: [7], repeated: 1, reason: "1 row came twice"), Read(claims: [7], repeated: 2, reason: "2 rows came twice"),
        Read(claims: [9], reason: "2 of 9 missing"), Read(claims: [5], reason: "2 more than the vendor counts"),
        Read(rows: 0, claims: [3], reason: "3 of 3 missing"),
    ])
    func `A read is closed only where rows, pages and count agree`(read: Read) {
        let proof = Completeness.judge(
            domain: domain, pages: read.claims.count, rows: read.rows, claims: read.claims, repeated: read.repeated)
        #expect(proof.reason == read.reason)
        #expect(proof.state == (read.reason == nil ? .closed : .open))
        #expect(proof.claimed == read.claims.last ?? nil)
    }

    private func proof(_ domain: String, _ state: DomainProof.State = .closed) -> DomainProof {
        DomainProof(domain: domain, pages: 1, rows: 1, claimed: 1, state: state)
    }

    @Test func `Members in no list open their domain, and no other`() {
        let before = Completeness(domains: [proof("acme.example"), proof("sub.example")])
        let after = before.accounting(forMembersInNoList: ["x@acme.example", "y@acme.example", "z@elsewhere.example", "no-address"])
        #expect(before.isClosed)
        #expect(!after.isClosed)
        #expect(!after.isClosed("acme.example"))
        #expect(after.isClosed("sub.example"))
        #expect(after.domains[0].reason == "2 group members of this domain in no list")
        #expect(before.accounting(forMembersInNoList: []) == before)
    }

    @Test func `An open list opens every domain`() {
        let state = Completeness(domains: [proof("acme.example")], list: proof("all", .open))
        #expect(!state.isClosed)
        #expect(!state.isClosed("acme.example"))
    }

    @Test func `Without domains the whole list speaks`() {
        #expect(Completeness(domains: [], list: proof("all")).isClosed)
        #expect(!Completeness(domains: [], list: proof("all", .open)).isClosed)
        #expect(!Completeness(domains: []).isClosed)
    }

    @Test func `A domain that was not read proves nothing`() {
        #expect(!Completeness(domains: [proof("acme.example")]).isClosed("other.example"))
    }

    @Test func `External people have a state of their own`() {
        #expect(Completeness(domains: [proof("acme.example")], external: proof("external", .open)).isClosed)
    }
}
