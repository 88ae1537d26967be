import HTTPTransport
import Foundation
import Mimecast
import Synchronization
import Testing
import TestSupport

@testable import MimecastClient

/// Every call of the catalogue is made by a typed method, and looks as its description says.
struct EveryCallTests {
    /// One call, with an answer that its method can read.
    struct Sample: Sendable, CustomTestStringConvertible {
        let endpoint: EndpointDescription
        let answer: String
        let call: @Sendable (TenantClient) async throws -> Void

        var testDescription: String { endpoint.name }

        init<Item, Row>(_ endpoint: Endpoint<Item, Row>, _ answer: String, _ call: @escaping @Sendable (TenantClient) async throws -> Void)
        {
            self.endpoint = endpoint.description
            self.answer = answer
            self.call = call
        }
    }

    private static func rows(_ rows: String) -> String { #"{"meta":{"status":200},"data":[\#(rows)],"fail":[]}"# }
    private static func outcome<Row>(_ results: [Result<Row, ClientError>]) throws { for result in results { _ = try result.get() } }

    private static func same<Value: Equatable>(_ found: Value, _ expected: Value) { #expect(found == expected) }

    private static let user = #"{"id":"1","emailAddress":"a@example.com"}"#
    private static let binding = """
        {"accessKey":"AK","secretKey":"c2VjcmV0","duration":43200000,"bindingType":"one_step","extendOnValidate":false,"username":"a@example.com"}
        """
    private static let alias = #"{"domain":"example.com","isInternal":true,"alias":"x@example.com","aliasFor":"a@example.com"}"#
    private static let member = MemberChange(id: "g", emailAddress: "a@example.com")
    private static let address = "a@example.com"
    private static let gatewayMember = GatewayMemberChange.Member(emailAddress: address)
    private static let window = Fixture.instant..<Fixture.instant.addingTimeInterval(60)

    static let samples: [Sample] = guide + portal + directory + gateway + logs + login

    private static let guide: [Sample] = [
        Sample(Endpoints.Guide.listUsers, rows(user)) { _ = try await $0.internalAccounts(domain: nil).all() },
        Sample(Endpoints.Guide.getUsers, rows(user)) { _ = try await $0.lookUp([address]) },
        Sample(Endpoints.Guide.externalUsers, rows(user)) { _ = try await $0.externalAccounts().all() },
        Sample(Endpoints.Guide.createUser, rows(user)) { try await $0.create(NewAccount(address: address, name: "A")) },
        Sample(Endpoints.Guide.updateUser, rows(user)) {
            try await $0.update(AccountKey(id: "1", address: address), AccountChange(name: "B"))
        },
        Sample(Endpoints.Guide.deleteUser, rows(#"{"id":"1","status":"deleted"}"#)) {
            try await $0.delete(AccountKey(id: "1", address: address))
        },
        Sample(Endpoints.Guide.findGroups, rows(#"{"id":"g","description":"All"}"#)) { _ = try await $0.groups().all() },
        Sample(Endpoints.Guide.groupMembers, rows(#"{"emailAddress":"a@example.com"}"#)) { _ = try await $0.members(ofGroup: "g").all() },
        Sample(Endpoints.Guide.addMember, rows(#"{"id":"g","status":"added"}"#)) { try outcome(await $0.addMembers([member])) },
        Sample(Endpoints.Guide.removeMember, rows(#"{"id":"g","status":"removed"}"#)) { try outcome(await $0.removeMembers([member])) },
        Sample(Endpoints.Guide.account, rows(#"{"accountCode":"C","companyName":"X"}"#)) { _ = try await $0.guideAccount() },
    ]

    private static let portal: [Sample] = [
        Sample(Endpoints.Portal.internalUsers, rows(#"{"users":[],"userCount":0}"#)) {
            _ = try await $0.internalAccounts(domain: "example.com").all()
        },
        Sample(Endpoints.Portal.externalUsers, rows(#"{"users":[],"userCount":0}"#)) { _ = try await $0.externalAccounts().all() },
        // By itself: a guide application has a call of its own for ``TenantClient/create(_:)``.
        Sample(Endpoints.Portal.createUser, rows(user)) {
            _ = try await $0.exchange(Endpoints.Portal.createUser, items: [NewUser(emailAddress: address, name: "A")])
        },
        Sample(Endpoints.Portal.updateUser, rows(#"{"emailAddress":"a@example.com"}"#)) {
            try outcome(await $0.updateUsers([UserUpdate(emailAddress: address, name: "B")]))
        },
        Sample(Endpoints.Portal.profile, rows(#"{"id":"a","emailAddress":"a@example.com","attributes":{},"links":[]}"#)) {
            _ = try await $0.profile(of: address, avatar: true)
        },
        Sample(Endpoints.Portal.aliases, rows(alias)) { _ = try await $0.aliases(of: address) },
        Sample(Endpoints.Portal.updateAlias, rows(alias)) {
            try outcome(await $0.addAliases([AliasChange(alias: "x@example.com", aliasFor: address)]))
        },
        Sample(Endpoints.Portal.removeAlias, rows(alias)) {
            try outcome(await $0.removeAliases([AliasChange(alias: "x@example.com", aliasFor: address)]))
        },
        Sample(Endpoints.Portal.attributes, rows(#"{"attributes":[]}"#)) { try outcome(await $0.attributes(of: [address])) },
        Sample(Endpoints.Portal.updateAttributes, rows(#"{"attributes":[]}"#)) {
            try outcome(await $0.setAttributes([AttributeChange(emailAddress: address, attributes: [Attribute(name: "n", value: "v")])]))
        },
        Sample(Endpoints.Portal.addDelegate, rows(#"{"id":"d","success":true}"#)) {
            try outcome(await $0.addDelegates([DelegateChange(primaryAddress: address, delegateAddress: "b@example.com")]))
        },
        Sample(Endpoints.Portal.delegates, rows(#"{"delegateUsers":[{"id":"d","emailAddress":"b@example.com"}]}"#)) {
            same(try await $0.delegates(of: address).all().flatMap(\.items).map(\.id), ["d"])
        },
        Sample(Endpoints.Portal.removeDelegate, rows(#"{"id":"d","success":true}"#)) { try outcome(await $0.removeDelegates(["d"])) },
        Sample(Endpoints.Portal.importUsers, rows(#"{"id":"i","status":"accepted"}"#)) {
            same(try await $0.importUsers(Array("email\na@example.com\n".utf8), ImportOrder(groupId: "gé")).id, "i")
        },
        Sample(Endpoints.Portal.importStatus, rows(#"{"id":"i","status":"done"}"#)) { try outcome(await $0.importStatus(of: ["i"])) },
        Sample(Endpoints.Portal.addToPurgeList, rows(#"{"emailAddresses":["a@example.com"],"status":"added"}"#)) {
            _ = try await $0.addToPurgeList([address])
        },
        Sample(Endpoints.Portal.removeFromPurgeList, rows(#"{"emailAddresses":["a@example.com"],"status":"removed"}"#)) {
            _ = try await $0.removeFromPurgeList([address])
        },
        Sample(Endpoints.Portal.account, rows(#"{"accountCode":"C","accountName":"X","newest":1}"#)) {
            same(try await $0.account().extra, ["newest": .number(1)])
        },
        Sample(Endpoints.Portal.packages, rows(#"{"products":{"id":"1","name":"A"}}"#)) { _ = try await $0.packages() },
        Sample(Endpoints.Portal.domains, rows(#"{"domain":"example.com"}"#)) { _ = try await $0.internalDomains().all() },
    ]

    private static let folder = #"{"id":"g","description":"All"}"#

    private static let directory: [Sample] = [
        Sample(Endpoints.Portal.findGroups, rows(#"{"folders":[\#(folder)]}"#)) { _ = try await $0.groups().all() },
        Sample(Endpoints.Portal.groupMembers, rows(#"{"groupMembers":[]}"#)) { _ = try await $0.members(ofGroup: "g").all() },
        Sample(Endpoints.Portal.addMember, rows(#"{"id":"m","folderId":"g","emailAddress":"a@example.com","internal":true}"#)) {
            try outcome(await $0.addMembers([member]))
        },
        Sample(Endpoints.Portal.removeMember, rows(#"{"id":"m","folderId":"g","emailAddress":"a@example.com","internal":true}"#)) {
            try outcome(await $0.removeMembers([member]))
        },
        Sample(Endpoints.Portal.createGroup, rows(folder)) { _ = try await $0.createGroup("All", in: "top") },
        Sample(Endpoints.Portal.updateGroup, rows(folder)) { _ = try await $0.updateGroup("g", name: "Every") },
        Sample(Endpoints.Portal.deleteGroup, rows(#"{"id":"g"}"#)) { _ = try await $0.deleteGroup("g") },
        Sample(Endpoints.Portal.connections, rows(#"{"id":"MTOKEN:1","enabled":true,"syncRunning":false}"#)) {
            _ = try await $0.connections()
        },
        Sample(Endpoints.Portal.executeSync, rows(#"{"type":"ACTIVE_DIRECTORY","syncStatus":"started"}"#)) {
            _ = try await $0.executeSync()
        },
    ]

    private static let gateway: [Sample] = [
        Sample(Endpoints.Gateway.users, #"{"users":[\#(user)],"meta":{}}"#) { _ = try await $0.gatewayUsers().all() },
        Sample(Endpoints.Gateway.createUser, user) { _ = try await $0.createGatewayUser(GatewayNewUser(emailAddress: address)) },
        Sample(Endpoints.Gateway.groups, #"{"groups":[],"meta":{}}"#) { _ = try await $0.gatewayGroups(GroupQuery(query: "a b")).all() },
        Sample(Endpoints.Gateway.createGroup, #"{"id":"g"}"#) { _ = try await $0.createGatewayGroup(NewGroup(description: "All")) },
        Sample(Endpoints.Gateway.group, folder) { _ = try await $0.gatewayGroup("g/1=") },
        Sample(Endpoints.Gateway.members, #"{"groupMembers":[],"meta":{}}"#) { _ = try await $0.gatewayMembers(ofGroup: "g/1=").all() },
        Sample(Endpoints.Gateway.addMembers, #"{"results":[{"success":true}]}"#) {
            same(try await $0.addGatewayMembers([gatewayMember], toGroup: "g/1="), [true])
        },
        Sample(Endpoints.Gateway.removeMembers, #"{"results":[{"success":false}]}"#) {
            same(try await $0.removeGatewayMembers([gatewayMember], fromGroup: "g/1="), [false])
        },
        Sample(Endpoints.Gateway.roles, #"{"roles":[{"id":"1","roleName":"Basic"}]}"#) { _ = try await $0.roles().all() },
        Sample(Endpoints.Gateway.internalDomains, #"{"domains":[]}"#) { _ = try await $0.gatewayDomains(.internal).all() },
        Sample(Endpoints.Gateway.externalDomains, #"{"domains":[]}"#) { _ = try await $0.gatewayDomains(.external).all() },
        Sample(Endpoints.Gateway.pendingDomains, #"{"domains":[]}"#) { _ = try await $0.gatewayDomains(.pending).all() },
        Sample(Endpoints.Gateway.whoami, #"{"version":"1","type":"application","account-codes":{"cg":"C"},"home-account":{"cg":"C"}}"#) {
            same(try await $0.whoAmI().accountCodes, ["cg": "C"])
        },
    ]

    private static let logs: [Sample] = [
        Sample(Endpoints.Logs.auditEvents, rows(#"{"id":"1","auditType":"x","eventTime":"t"}"#)) {
            _ = try await $0.auditEvents(window).all()
        },
        Sample(Endpoints.Logs.auditCategories, rows(#"{"categories":[{"id":"1","code":"c","name":"n"}]}"#)) {
            same(try await $0.auditCategories().map(\.code), ["c"])
        },
        Sample(Endpoints.Logs.siemLogs, #"{"meta":{"status":200,"isLastToken":true},"data":[],"fail":[]}"#) {
            let (file, next) = try await $0.siemFile(SiemQuery(type: "MTA", token: "t0"))
            #expect(file == nil && next == "t0")
        },
        Sample(Endpoints.Logs.siemBatch, #"{"value":[],"@nextPage":"n","isCaughtUp":true}"#) {
            same(try await $0.siemBatch(SiemWindow(type: "receipt")).nextPage, "n")
        },
        Sample(Endpoints.Logs.siemEvents, #"{"value":[],"@nextPage":"n"}"#) {
            _ = try await $0.siemEvents(SiemWindow(types: "receipt,process", pageSize: LenientInt(5), nextPage: "a+b"))
        },
    ]

    private static let login: [Sample] = [
        Sample(Endpoints.Login.discover, rows(#"{"authenticate":[],"emailAddress":"a@example.com","emailToken":"t"}"#)) {
            _ = try await $0.discover(address)
        },
        Sample(Endpoints.Login.login, rows(binding)) {
            same(try await $0.logIn(PersonLogin(username: address, password: "pass:word")).accessKey, "AK")
        },
        Sample(Endpoints.Login.logout, rows(#"{"accessKey":"AK","success":true}"#)) { _ = try await $0.logOut() },
    ]

    @Test func noneIsMissing() {
        #expect(Set(Self.samples.map(\.endpoint.name)) == Set(Endpoints.all.map(\.name)))
        #expect(Self.samples.count == Endpoints.all.count)
    }

    @Test(arguments: samples)
    func itIsMadeAsDescribed(sample: Sample) async throws {
        let endpoint = sample.endpoint
        for generation in endpoint.generations {
            for dialect in endpoint.dialects where generation == .v2 || dialect == .portal {
                let path = endpoint.path.replacing("{id}", with: "g%2F1%3D")
                let transport = ScriptedTransport([.token(), .expect(path, method: endpoint.method.rawValue, sample.answer)])
                try await sample.call(
                    Fixture.client(transport, dialect: dialect, credentials: generation == .v1 ? Fixture.v1 : Fixture.v2))
                let request = try #require(transport.requests.last)
                try check(request, endpoint, generation)
                transport.assertDone()
            }
        }
    }

    private func check(_ request: WireRequest, _ endpoint: EndpointDescription, _ generation: Generation) throws {
        let proof = request.header("Authorization") ?? ""
        switch (generation, endpoint.isSigned) {
        case (.v2, _): #expect(proof.hasPrefix("Bearer "))
        case (.v1, true): #expect(proof.hasPrefix("MC AccessKey:"))
        case (.v1, false):
            #expect(proof.isEmpty || proof == "Basic-Cloud " + Data("a@example.com:pass:word".utf8).base64EncodedString())
            #expect(proof.isEmpty == (endpoint.name == "login.discover"))
            #expect(request.header("x-mc-app-id") == "app-1" && request.header("x-mc-req-id") != nil)
        }
        switch (endpoint.method, endpoint.body) {
        case (.get, _): #expect(request.body.isEmpty && request.header("Content-Type") == nil)
        case (.post, .file):
            #expect(request.text == "email\na@example.com\n")
            #expect(request.header("x-mc-arg") == #"{"data":[{"fileType":"csv","groupId":"g\u00e9"}]}"#)
        case (.post, .envelope): #expect(request.json?["data"] != nil)
        case (.post, .plain): #expect(request.json?["data"] == nil && request.json?["id"] == nil)
        }
        switch endpoint.paging {
        case .none: break
        case .envelope(_, let most):
            // Looking somebody up asks for no page.
            let size = request.json?["meta"]?["pagination"]?["pageSize"]
            #expect(size == .number(Double(most)) || endpoint.name == "guide.getUsers")
        case .query(_, let most): #expect(request.query.hasSuffix("pageSize=\(most)"))
        }
    }

    @Test func aQueryHasTheItemsFields() async throws {
        let transport = ScriptedTransport([
            .token(),
            .expect(
                "/siem/v1/events/cg", method: "GET",
                where: { $0.query == "dateRangeStartsAt=2022-08-21T13%3A49%3A40Z&nextPage=a%2Bb&pageSize=5&types=receipt%2Cprocess" },
                #"{"value":[]}"#),
            .expect(
                "/directory/cloud-gateway/v1/groups", method: "GET", where: { $0.query == "query=a%20b&pageSize=100" }, #"{"groups":[]}"#),
        ])
        let client = Fixture.client(transport)
        _ = try await client.siemEvents(
            SiemWindow(types: "receipt,process", dateRangeStartsAt: "2022-08-21T13:49:40Z", pageSize: LenientInt(5), nextPage: "a+b"))
        _ = try await client.gatewayGroups(GroupQuery(query: "a b")).all()
        transport.assertDone()
    }

    @Test func aCallWithoutItsIdIsNotMade() async throws {
        let transport = ScriptedTransport([])
        let error = try await clientError {
            try await Fixture.client(transport).exchange(Endpoints.Gateway.addMembers, items: [GatewayMemberChange(groupMembers: [])])
        }
        #expect(error.code == .refused)
        #expect(transport.requests.isEmpty)
    }

    @Test func auditTimesAreTheVendors() {
        #expect(TenantClient.vendorTime(Fixture.instant) == "2022-08-21T13:49:40+0000")
    }
}
