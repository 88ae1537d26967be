import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct ListTests {
    @Test func thePortalsRowsAreSorted() async throws {
        let body = """
            {"meta":{"pagination":{"pageSize":7},"status":200},"data":[{"users":[
            {"name":"Ann","emailAddress":"Ann@Example.com","domain":"example.com","alias":false,"addressType":"created_manually","source":"cloud"},
            {"name":"Bob","emailAddress":"bob@example.com","domain":"example.com","alias":false,"addressType":"created_by_ldap_sync","source":"ldap"},
            {"name":"","emailAddress":"cat@example.com","domain":"example.com","alias":false,"addressType":"created_by_ldap_sync"},
            {"emailAddress":"dee@example.com","domain":"example.com","addressType":"created_by_email","source":"someday"},
            {"name":"Ann","emailAddress":"a.nn@example.com","domain":"example.com","alias":true,"source":"cloud"},
            {"name":"","emailAddress":"Abuse@example.com","domain":"example.com","alias":false,"source":"cloud"},
            {"name":"","emailAddress":"postmaster@example.com","domain":"example.com","alias":false,"source":"cloud"}
            ],"userCount":7}],"fail":[]}
            """
        let transport = ScriptedTransport([.token(), .expect("/api/user/get-internal-users", body)])
        let page = try #require(try await Fixture.client(transport).internalAccounts(domain: "example.com").all().first)
        #expect(page.accounts.map(\.address) == ["Ann@Example.com", "bob@example.com", "cat@example.com", "dee@example.com"])
        #expect(page.accounts.map(\.authority) == [.cloud, .ldap, .ldap, .ldap])
        #expect(page.accounts.allSatisfy { $0.status == nil && $0.id == nil && $0.aliases == nil && $0.isInternal })
        #expect(page.aliasAddresses == ["a.nn@example.com"])
        #expect(page.systemAddresses == ["Abuse@example.com", "postmaster@example.com"])
        #expect(page.rows == 7)
        #expect(page.claimed == 7)
        #expect(page.isLast)
    }

    @Test func theGuidesRowsAreWhole() async throws {
        let body = """
            {"data":[{"id":"1","emailAddress":"a@example.com","name":"A B","firstName":"A","lastName":"B","alias":["x@example.com"],
            "userType":"internal","adminRoles":["Basic"],"groups":["g"],"status":"active","source":"ldap"},
            {"id":"2","emailAddress":"abuse@example.com","status":"Disabled","alias":[]}],"meta":{"pagination":{"totalCount":2}}}
            """
        let transport = ScriptedTransport([.token(), .expect("/api/user/get-internal-users", method: "GET", body)])
        let page = try #require(try await Fixture.client(transport, dialect: .guide).internalAccounts(domain: nil).all().first)
        #expect(
            page.accounts.first
                == Account(
                    id: "1", address: "a@example.com", name: "A B", firstName: "A", lastName: "B", aliases: ["x@example.com"],
                    adminRoles: ["Basic"], status: .active, authority: .ldap))
        #expect(page.accounts.last?.status == .disabled)
        #expect(page.accounts.last?.aliases == [])
        #expect(page.systemAddresses.isEmpty)
    }

    @Test func theGuidesListHasNoDomains() async throws {
        let transport = ScriptedTransport([])
        let client = Fixture.client(transport, dialect: .guide)
        #expect(try await clientError { try await client.internalAccounts(domain: "example.com").all() }.code == .refused)
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [Dialect.guide, .portal])
    func externalPeopleAreTheirOwnList(dialect: Dialect) async throws {
        let portal = #"{"data":[{"users":[{"name":"X","emailAddress":"abuse@other.org","source":"cloud"}],"userCount":1}],"fail":[]}"#
        let guide = #"{"data":[{"id":"9","emailAddress":"abuse@other.org","status":"active"}],"meta":{"pagination":{"totalCount":1}}}"#
        let transport = ScriptedTransport([.token(), .expect("/api/user/get-external-users", dialect == .guide ? guide : portal)])
        let page = try #require(try await Fixture.client(transport, dialect: dialect).externalAccounts().all().first)
        #expect(page.accounts.map(\.address) == ["abuse@other.org"])
        #expect(page.accounts.map(\.isInternal) == [false])
        #expect(page.claimed == 1)
        #expect(transport.requests.last?.items == [.object([:])])
    }

    @Test(arguments: [Dialect.guide, .portal])
    func groupsOfAllSources(dialect: Dialect) async throws {
        let rows = #"{"id":"g1","description":"All Staff","source":"cloud"},{"id":"g2","description":"Sync","source":"ldap"}"#
        let data = dialect == .guide ? "[\(rows)]" : #"[{"source":"cloud","folders":[\#(rows)]}]"#
        let body = #"{"meta":{"status":200,"pagination":{"pageSize":2,"totalCount":2}},"data":\#(data),"fail":[]}"#
        let transport = ScriptedTransport([.token(), .expect("/api/directory/find-groups", body)])
        let pages = try await Fixture.client(transport, dialect: dialect).groups().all()
        #expect(
            pages == [
                GroupPage(
                    number: 1,
                    groups: [Group(id: "g1", name: "All Staff", authority: .cloud), Group(id: "g2", name: "Sync", authority: .ldap)],
                    rows: 2,
                    claimed: 2, isLast: true, announced: 2)
            ])
        #expect(transport.requests.last?.items == [.object([:])])
    }

    @Test func noGroups() async throws {
        let body = #"{"meta":{"status":200,"pagination":{"pageSize":0}},"data":[{"folders":[]}],"fail":[]}"#
        let transport = ScriptedTransport([.token(), .expect("/api/directory/find-groups", body)])
        let page = try #require(try await Fixture.client(transport).groups().all().first)
        #expect(page.groups.isEmpty && page.claimed == nil && page.isLast)
    }

    @Test(arguments: [Dialect.guide, .portal])
    func membersAndDomainsOfAGroup(dialect: Dialect) async throws {
        let rows = """
            {"name":"A","emailAddress":"a@example.com","domain":"example.com","internal":true,"type":"created_manually"},\
            {"emailAddress":"x@other.org"},{"emailAddress":"","domain":"partner.org","internal":false}
            """
        let data = dialect == .guide ? "[\(rows)]" : #"[{"groupMembers":[\#(rows)]}]"#
        let transport = ScriptedTransport([
            .token(), .expect("/api/directory/get-group-members", #"{"meta":{"pagination":{"totalCount":3}},"data":\#(data),"fail":[]}"#),
        ])
        let page = try #require(try await Fixture.client(transport, dialect: dialect).members(ofGroup: "g1").all().first)
        #expect(page.addresses == [.init(address: "a@example.com", internal: true), .init(address: "x@other.org", internal: nil)])
        #expect(page.domains == ["partner.org"])
        #expect(page.rows == 3)
        #expect(page.claimed == 3)
        #expect(transport.requests.last?.items == [.object(["id": .string("g1")])])
    }

    @Test func tenantFacts() async throws {
        let portal = ScriptedTransport([.token(), .expect(Fixture.accountPath, Fixture.account)])
        #expect(
            try await Fixture.client(portal).tenant() == TenantFacts(accountCode: "CUSA1", name: "Example", seats: nil, userCount: 7))
        let body = #"{"data":[{"accountCode":"ACCT001","companyName":"Example Corp","maxUsers":500}]}"#
        let guide = ScriptedTransport([.token(), .expect(Fixture.accountPath, body)])
        #expect(
            try await Fixture.client(guide, dialect: .guide).tenant()
                == TenantFacts(accountCode: "ACCT001", name: "Example Corp", seats: 500, userCount: nil))
        let none = ScriptedTransport([.token(), .expect(Fixture.accountPath, Fixture.empty)])
        #expect(try await clientError { try await Fixture.client(none).tenant() }.code == .wrongAnswer)
    }

    @Test(arguments: [Dialect.guide, .portal])
    func domainsAreFoldedAndPaged(dialect: Dialect) async throws {
        let path = "/api/domain/get-internal-domain"
        let transport = ScriptedTransport([
            .token(),
            .expect(
                path,
                #"{"meta":{"status":200,"pagination":{"next":"n"}},"data":[{"domain":"Example.COM"},{"domain":"xn--bcher-kva.de"}],"fail":[]}"#
            ),
            .expect(path, #"{"meta":{"status":200},"data":[{"domain":"example.com."},{"domain":"b.org"}],"fail":[]}"#),
        ])
        #expect(try await Fixture.client(transport, dialect: dialect).domains() == ["example.com", "bücher.de", "b.org"])
        transport.assertDone()
    }
}
