import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Synchronization
import SCIM
import SCIMClient
import Testing

@testable import Lifecycle

/// What is particular to writing over SCIM; what both lanes have in common, the other suites try with both.
struct SCIMLaneTests {
    private func update(_ local: String, _ values: Change.Values, kind: Change.Kind = .update) -> Change {
        Change(
            kind: kind, person: at(local), account: at(local), accountID: "id-\(local)", externalID: local, reason: "test",
            evidence: "test",
            values: values)
    }

    private func apply(_ bench: Bench, _ change: Change) async throws -> Receipt {
        let plan = try await bench.plan(changes: [change])
        bench.vendor.forget()
        return try await bench.apply(plan)
    }

    @Test(arguments: ChangeKinds.all.filter { $0.2 == .scim && $0.0 != .remove && $0.0 != .rename })
    func `Each kind of line goes over SCIM`(kind: Change.Kind, dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            let receipt = try await apply(bench, try #require(ChangeKinds.change(kind, dialect)))
            #expect(receipt.isWhole)
            // What SCIM has no word for goes by the API.
            let isCarried = !Self.notCarried.contains(kind)
            #expect(bench.vendor.writes.allSatisfy { $0.path.hasPrefix("/scim/v2/") == isCarried })
            // The applier's own client: a token, the read-back, its own write if any, and whatever SCIM took.
            let own = bench.vendor.log.count { !$0.isWrite } + (isCarried ? 0 : bench.vendor.writes.count)
            #expect(receipt.calls == 1 + bench.scim.requests.count + own)
        }
    }

    private static let notCarried: Set<Change.Kind> = [
        .createGroup, .unpurge, .removeAlias, .addAlias, .addDelegate, .removeDelegate, .purge,
    ]

    @Test func `A creation has everything but roles and aliases`() async throws {
        try await withBench(over: .scim) { bench in
            let values = Change.Values(
                address: at("new"), name: "New One", firstName: "New", lastName: "One")
            _ = try await apply(bench, update("new", values, kind: .create))
            #expect(
                bench.vendor.writes.map(\.body) == [
                    #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"new@acme.example","displayName":"New One","name":{"givenName":"New","familyName":"One"},"active":true,"emails":[{"type":"work","value":"new@acme.example","primary":true}]}"#
                ])
        }
    }

    @Test func `Roles, aliases and deletions go by the API, whole lines`() async throws {
        try await withBench(over: .scim) { bench in
            let changes = [
                update("new", Change.Values(address: at("new"), name: "New", adminRoles: ["Help Desk"]), kind: .create),
                update("ann", Change.Values(name: "Ann Lee", adminRoles: ["Help Desk"])),
                update("carl", Change.Values(address: at("charles"), aliases: [at("carl")]), kind: .rename),
                update("dora", Change.Values(), kind: .remove),
            ]
            let plan = try await bench.plan(changes: changes)
            bench.vendor.forget()
            #expect(try await bench.apply(plan).isWhole)
            #expect(bench.vendor.writes.map(\.path).allSatisfy { $0.hasPrefix("/api/user/") })
            #expect(bench.vendor.writes.count == 4)
            #expect(bench.vendor.row("ann")?.roles == ["Help Desk"])
        }
    }

    @Test func `Whom SCIM does not show, the API changes`() async throws {
        try await withBench(over: .scim) { bench in
            bench.scim.settings.hidden = [at("bob")]
            let receipt = try await apply(bench, try #require(ChangeKinds.change(.enable, .guide)))
            #expect(receipt.isWhole)
            #expect(bench.vendor.writes.map(\.path) == ["/api/user/update-managed-sender"])
        }
    }

    @Test(arguments: [true, false])
    func `A user name that is somebody else's address changes nobody else`(filters: Bool) async throws {
        try await withBench(over: .scim) { bench in
            // dora signs in by what is ann's address, ann by a name of her own.
            bench.scim.settings.userNames = [at("dora"): at("ann"), at("ann"): "annie"]
            bench.scim.settings.filtersEmails = filters
            let receipt = try await apply(bench, update("ann", Change.Values(name: "Ann Lee")))
            #expect(receipt.isWhole)
            #expect(bench.vendor.row("ann")?.name == "Ann Lee")
            #expect(bench.vendor.row("dora")?.name == "Dora")
            #expect(bench.vendor.writes.map(\.path) == [filters ? "/scim/v2/Users/s-id-ann" : "/api/user/update-managed-sender"])
        }
    }

    @Test(arguments: [true, false])
    func `A rename sets the e-mails whole, keeps what they carry, and is meant for one version`(isOwnName: Bool) async throws {
        try await withBench(over: .scim) { bench in
            bench.vendor.tenant.rows[0].aliases = [at("a1")]
            if isOwnName { bench.scim.settings.userNames = [at("ann"): "annie"] }
            let plan = try await bench.plan(changes: [update("ann", Change.Values(address: at("ann.lee")), kind: .rename)])
            bench.vendor.forget()
            bench.vendor.play(.status(412))
            let receipt = try await bench.apply(plan)
            #expect(receipt.isWhole, "\(receipt.failures)")
            #expect(bench.vendor.row("ann.lee")?.aliases == [at("a1")])
            let writes = bench.scim.requests.filter { $0.method == "PATCH" }
            #expect(writes.count == 2, "read again, and sent again, once")
            #expect(writes.allSatisfy { $0.header("If-Match")?.hasPrefix("W/\"") == true })
            let emails =
                #"{"op":"replace","path":"emails","value":[{"value":"ann.lee@acme.example","primary":true,"display":"of ann@acme.example"},{"value":"a1@acme.example","primary":false,"display":"of a1@acme.example"}]}"#
            let name = #",{"op":"replace","path":"userName","value":"ann.lee@acme.example"}"#
            let body = bench.vendor.writes.last?.body ?? ""
            #expect(body.hasSuffix(#""Operations":["# + emails + (isOwnName ? "" : name) + "]}"), "\(body)")
        }
    }

    @Test func `A version that changes again and again fails the line`() async throws {
        try await withBench(over: .scim) { bench in
            let plan = try await bench.plan(changes: [update("ann", Change.Values(address: at("ann.lee")), kind: .rename)])
            bench.vendor.forget()
            bench.vendor.play(.status(412), times: 9)
            #expect(try await bench.apply(plan).failed == 1)
            #expect(bench.vendor.writes.count == 2)
        }
    }

    @Test func `A group that cannot be told from another is left to the API`() async throws {
        try await withBench(over: .scim) { bench in
            bench.vendor.tenant.groups = [Group(id: "g1", name: "Staff", authority: .cloud)]
            bench.scim.settings.twins = ["Staff"]
            var change = try #require(ChangeKinds.change(.addMember, .guide))
            change.group = "Staff"
            #expect(try await apply(bench, change).isWhole)
            #expect(bench.vendor.writes.map(\.path) == ["/api/directory/add-group-member"])
        }
    }

    @Test func `Whoever is known is looked up once`() async throws {
        try await withBench(over: .scim) { bench in
            let plan = try await bench.plan([
                Person(address: at("new"), groups: ["Staff"]), Person(address: at("ann"), name: "Ann Lee", groups: ["Staff"]),
            ])
            bench.vendor.forget()
            #expect(try await bench.carryOut(plan).isWhole)
            #expect(
                bench.scim.reads.filter { $0.hasPrefix("/Users") }.count == 2,
                "ann, and whether her id is one of SCIM's; the new one's id came with the answer")
            #expect(bench.scim.reads.filter { $0.hasPrefix("/Groups") }.count == 2, "by id, and by name")
        }
    }

    @Test func `Whoever has the address by now is left alone`() async throws {
        try await withBench(over: .scim) { bench in
            bench.scim.settings.sharesIDs = true
            let plan = try await bench.plan(changes: [update("ann", Change.Values(name: "Ann Lee"))])
            // Ann marries, and somebody else gets her address, before the plan is carried out.
            let index = try #require(bench.vendor.tenant.rows.firstIndex { $0.id == "id-ann" })
            bench.vendor.tenant.rows[index].address = at("ann.married")
            bench.vendor.tenant.rows.append(FakeVendor.Row(id: "id-second", address: at("ann"), name: "Ann the second"))
            bench.vendor.forget()
            let receipt = try await bench.apply(plan)
            #expect(bench.vendor.writes.isEmpty && receipt.failed == 1 && !receipt.isWhole)
            #expect(bench.vendor.row("ann")?.name == "Ann the second")
        }
    }

    @Test func `An id that is gone is looked up again`() async throws {
        try await withBench(over: .scim) { bench in
            let plan = try await bench.plan([Person(address: at("ann"), name: "Ann Lee", groups: ["Staff"])])
            bench.vendor.forget()
            bench.vendor.play(.status(404), skip: 1)
            #expect(try await bench.carryOut(plan).isWhole)
            #expect(bench.vendor.writes.count == 3)
        }
    }

    @Test func `A no for an account that the directory has taken over fails its line, and the others go on`() async throws {
        try await withBench(over: .scim) { bench in
            let plan = try await bench.plan(changes: three)
            let index = try #require(bench.vendor.tenant.index(at("carl")))
            bench.vendor.tenant.rows[index].isLDAP = true
            let receipt = try await bench.apply(plan)
            #expect([receipt.done, receipt.verified, receipt.failed, receipt.deferred] == [2, 2, 1, 0])
            #expect(bench.vendor.row("dora")?.name == "Theodora")
        }
    }

    @Test func `A no for the application in mid-run stops it: the lines behind wait instead of failing one by one`() async throws {
        try await withBench(over: .scim) { bench in
            let plan = try await bench.plan(changes: three)
            bench.vendor.play(.status(403), skip: 1, times: 100)
            let receipt = try await bench.apply(plan)
            #expect([receipt.done, receipt.verified, receipt.failed, receipt.deferred] == [1, 0, 0, 3])
            #expect(receipt.stopCode == "forbidden" && receipt.stopped?.isEmpty == false)
            #expect(bench.vendor.writes.count == 2)
            bench.vendor.state.withLock { $0.faults = [] }
            #expect(try await bench.apply(bench.stored(plan.file.hash)).verified == 3)
        }
    }

    private var three: [Change] {
        [
            update("ann", Change.Values(name: "Ann Lee")), update("carl", Change.Values(name: "Charles")),
            update("dora", Change.Values(name: "Theodora")),
        ]
    }

    @Test func `Without a SCIM service lines wait`() async throws {
        try await withBench(over: .scim) { bench in
            bench.scim.settings.isMissing = true
            for kind in [Change.Kind.create, .update] {
                let plan = try await bench.plan(changes: [try #require(ChangeKinds.change(kind, .guide))])
                let receipt = try await bench.apply(plan)
                #expect(receipt.stopCode == "misconfigured", "\(receipt)")
                #expect(receipt.stopped?.contains("--writes api") == true)
                _ = try await Abandonment(store: bench.store, who: "pat", now: bench.now).giveUp(bench.stored(plan.file.hash))
            }
            let error = await #expect(throws: ClientError.self) { try await bench.channel(bench.client()).prove() }
            #expect(error?.code == .misconfigured)
        }
    }

    @Test func `A service that answers and does nothing is found out by the read-back`() async throws {
        try await withBench(over: .scim) { bench in
            bench.scim.settings.isDegraded = true
            let receipt = try await apply(bench, try #require(ChangeKinds.change(.disable, .guide)))
            #expect(receipt.failures.map(\.reason) == ["answered as done, but read back: still active"])
            #expect(receipt.notices?.contains { $0.contains("single sign-on") } == true)
            try await bench.channel(bench.client()).prove()
        }
    }

    @Test func `The way is kept with the tenant, and tenants of before write by the API`() async throws {
        try await withBench(over: .scim) { bench in
            let registry = TenantRegistry(store: bench.store)
            try await registry.put(bench.tenant(), now: 1, who: "pat")
            #expect(try await registry.get("CACME")?.writes == .scim)
            try await bench.store.write("COLD") { tx in
                try tx.execute(
                    """
                    INSERT INTO tenants (code, base_url, generation, dialect, allow_writes, credentials, added)
                    VALUES ('COLD', 'https://x', 'v2', 'guide', 1, '{"v2":{"clientID":"a","clientSecret":"b"}}', 1)
                    """)
            }
            #expect(try await registry.get("COLD")?.writes == .api)
        }
    }
}
