import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// How a v1 application comes by a binding, and ends it.
enum LoginRoutes {
    private typealias Calls = Endpoints.Login

    static let all: [Route] = [
        .own(Calls.discover) { try await discover($0) },
        .own(Calls.login) { try await login($0) },
        .own(Calls.logout) { try await logout($0) },
    ]

    // MARK: Discovery

    /// Where, and how, an address signs in. Any listener answers for any region.
    private static func discover(_ call: Call) async throws -> Answer {
        let body = try IncomingBody(call.body)
        do {
            try checkOne(call, body)
            guard !body.items.isEmpty else { throw ItemFailure(FailureCode.validationNull, "This call needs an item", field: "data") }
            let address = try FieldCheck.requiredAddress(body.item(DiscoveryKey.self, at: 0).emailAddress)
            let now = call.state.clock.milliseconds
            let found = try await call.state.store.read { tx in try home(tx, address, now: now) }
            // A region that this sandbox does not serve has no address.
            let region = found.flatMap { found in
                call.state.address(of: found.region).map { Discovery.Region(api: $0, code: found.region.rawValue) }
            }
            let row = Discovery(
                authenticate: [LoginHeader.Kind.cloud.rawValue] + (found?.source == .ldap ? [LoginHeader.Kind.directory.rawValue] : []),
                emailAddress: address.text, emailToken: call.state.keys.text("email-token \(address.folded)"), region: region)
            call.state.log.append(call.line(.none, target: address.text))
            return try .json(ReplyEnvelope<Discovery>(status: 200, data: [row]))
        } catch let failure as ItemFailure {
            call.state.log.append(call.line(.refused, target: body.items.first.flatMap { Route.target(of: $0) }))
            return try refused(failure, Discovery.self, key: body.items.first)
        }
    }

    private static func home(
        _ tx: any Transaction, _ address: EmailAddress, now: Int
    ) throws -> (region: Region, source: Authority)? {
        let tenant = try tx.first("SELECT tenant FROM sb_domains WHERE domain = $1 AND state = 'internal'", [.text(address.domain)]) {
            $0.text(0)
        }
        guard let tenant else { return nil }
        let directory = try TenantDirectory(tx, tenant: tenant, actor: { _ in nil }, now: now)
        return try directory.account(address, byAlias: true).map { (directory.facts.region, $0.source) }
    }

    // MARK: Login

    private static func login(_ call: Call) async throws -> Answer {
        guard let header = call.headers[.authorization] else { throw Authenticator.noCredentials("the header Authorization") }
        guard let sent = LoginHeader(header) else { throw Authenticator.wrongKind }
        let body = try IncomingBody(call.body)
        let key = body.items.isEmpty ? LoginKey(username: nil) : try? body.item(LoginKey.self, at: 0)
        guard body.items.count <= 1, let key else {
            call.state.log.append(call.line(.refused, target: sent.username))
            let failure = ItemFailure(FailureCode.deserialise, "This call takes one item with a username and an access key")
            return try refused(failure, Login.self, key: body.items.first)
        }
        func wrong(_ message: String = "Invalid username or password") throws -> Answer {
            call.state.log.append(call.line(.refused, target: sent.username, status: 401))
            return try refused(
                ItemFailure(FailureCode.loginFailed, message), Login.self, key: .object(["username": .string(sent.username)]), status: 401)
        }
        let application = call.caller.application
        // The guide: the wrong region, and an application that was moved to v2, look like wrong credentials.
        guard application.region == call.region, application.movedTo == nil, call.fault?.kind != .refuse,
            key.username.map({ EmailAddress($0) == EmailAddress(sent.username) }) ?? true
        else { return try wrong() }
        if sent.kind == .directory, try await isCloud(call, sent.username) { throw Authenticator.wrongKind }
        switch try await SignIn(state: call.state).attempt(sent.username, sent.password, application, ip: call.ip) {
        case .refused: return try wrong()
        case .closed: return try wrong("Too many logins failed; try again later")
        case .person(let person):
            guard let row = try await bind(call, person, renewing: key.accessKey) else {
                return try wrong("The access key cannot be renewed")
            }
            call.state.log.append(call.line(.none, target: person.account.address))
            return try .json(ReplyEnvelope<Login>(status: 200, data: [row]))
        }
    }

    /// The vendor says so where the kind of password is not one that the person has (documented: 401 0001).
    private static func isCloud(_ call: Call, _ username: String) async throws -> Bool {
        guard let address = EmailAddress(username) else { return false }
        return try await call.read { try $0.account(address, byAlias: true)?.source == .cloud }
    }

    /// - Returns: nil where the access key to be renewed is not the person's.
    private static func bind(_ call: Call, _ person: Person, renewing accessKey: String?) async throws -> Login? {
        let (application, now) = (call.caller.application, call.state.clock.milliseconds)
        let account = person.account
        let actor = SignIn.actor(person, application, ip: call.ip)
        return try await call.state.store.write(application.tenant) { tx in
            let directory = try TenantDirectory(tx, tenant: application.tenant, actor: { _ in actor }, now: now)
            let keys: (accessKey: String, secretKey: String)
            if let accessKey, !accessKey.isEmpty {
                let isAdministrator = EmailAddress(directory.facts.adminAddress)?.folded == account.addressFolded
                let secret = try Binding.renew(
                    tx, accessKey: accessKey, application: application.id, account: account.id, mayOwn: isAdministrator, now: now)
                guard let secret else { return nil }
                keys = (accessKey, secret)
            } else {
                keys = try Binding.issue(tx, application: application.id, account: account.id, now: now)
                try directory.record(.bindingMade, "API binding of \(account.address) created")
            }
            try directory.record(.loggedOn, "User \(account.address) logged on")
            return Login(
                accessKey: keys.accessKey, secretKey: keys.secretKey, duration: Int64(Binding.life), username: account.address,
                lastUserToken: Base64URL.encode(KeyRing.randomBytes()))
        }
    }

    // MARK: Logout

    /// Ends the binding that signed the call, or another one of the same person and application.
    private static func logout(_ call: Call) async throws -> Answer {
        // A client in production sends a form here.
        let items = call.body.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") ? try IncomingBody(call.body).items : []
        let key = items.first.flatMap { try? LenientDecoder.decode(LogoutKey.self, from: $0) } ?? LogoutKey()
        let signing = call.headers[.authorization].flatMap { RequestSignature(header: $0)?.accessKey }
        let wanted = key.accessKey.flatMap { $0.isEmpty ? nil : $0 } ?? signing ?? ""
        let caller = call.caller
        let isEnded = try await call.state.store.write(caller.tenant) { tx in
            guard call.fault?.kind != .refuse else { return false }
            return try Binding.end(tx, accessKey: wanted, application: caller.application.id, account: caller.person?.accountID)
        }
        call.state.log.append(call.line(isEnded ? .none : .refused, target: caller.person?.address))
        guard isEnded else {
            let failure = ItemFailure(FailureCode.forbidden, "0003 The access key is not the caller's")
            return try refused(failure, LogoutReply.self, key: items.first)
        }
        return try .json(ReplyEnvelope<LogoutReply>(status: 200, data: [LogoutReply(accessKey: wanted)]))
    }

    // MARK: Refusals

    private static func checkOne(_ call: Call, _ body: IncomingBody) throws {
        if call.fault?.kind == .refuse { throw ItemFailure(call.fault?.code ?? FailureCode.forbidden, "Refused (scripted fault)") }
        guard body.items.count <= 1 else { throw ItemFailure(FailureCode.tooManyItems, "This call takes one item") }
    }

    private static func refused<Row: Codable & Sendable>(
        _ failure: ItemFailure, _: Row.Type, key: JSON?, status: Int = 200
    ) throws -> Answer {
        let entry = Failure(key: key, errors: failure.reasons)
        return try .json(ReplyEnvelope<Row>(status: status, data: [], fail: [entry]), status: status)
    }
}

/// What a login carries in `Authorization`: `Basic-Cloud base64(address:password)`, or `Basic-Ad …`.
struct LoginHeader: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case cloud = "Basic-Cloud"
        case directory = "Basic-Ad"
    }

    let kind: Kind
    /// Empty where it cannot be read, and so nobody's.
    let username: String
    let password: String

    /// - Returns: nil for another kind. The kind is read without regard to case.
    init?(_ header: String) {
        let scheme = header.prefix { $0 != " " }.lowercased()
        guard let kind = Kind.allCases.first(where: { $0.rawValue.lowercased() == scheme }) else { return nil }
        self.kind = kind
        let bytes = Data(base64Encoded: header.dropFirst(scheme.count).trimmingCharacters(in: .whitespaces)) ?? Data()
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        username = String(parts.first?.prefix(254) ?? "")
        password = parts.count > 1 ? String(parts[1]) : ""
    }
}
