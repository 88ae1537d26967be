import HTTPTransport
import Foundation
import Mimecast
import MimecastClient
import SCIM
import SCIMClient
import Synchronization
import TestSupport

/// The vendor's SCIM service over the same tenant: its ids are not those of the API, and what it is only asked is kept apart from the
/// vendor's log.
final class SCIMVendor: Transport {
    struct Settings: Sendable {
        /// Addresses that it does not show.
        var hidden: Set<String> = []
        /// User names by address, where they differ.
        var userNames: [String: String] = [:]
        /// Names of groups that it shows twice.
        var twins: Set<String> = []
        /// Everything is answered, and nothing happens.
        var isDegraded = false
        /// No such service.
        var isMissing = false
        var filtersEmails = true
        /// Its ids are those of the API.
        var sharesIDs = false
    }

    let vendor: FakeVendor
    private let state = Mutex((settings: Settings(), reads: [String](), requests: [WireRequest]()))

    init(_ vendor: FakeVendor) { self.vendor = vendor }

    var settings: Settings {
        get { state.withLock(\.settings) }
        set { state.withLock { $0.settings = newValue } }
    }
    /// What was asked: path and query.
    var reads: [String] { state.withLock(\.reads) }
    /// Everything that came.
    var requests: [WireRequest] { state.withLock(\.requests) }

    func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply {
        let prefix = "https://api.example.com/scim/v2"
        let settings = settings
        state.withLock { $0.requests.append(request) }
        guard !settings.isMissing, request.url.hasPrefix(prefix), request.header("Authorization")?.hasPrefix("Bearer token-") == true else {
            return WireReply(status: settings.isMissing ? 404 : 401)
        }
        let target = String(request.url.dropFirst(prefix.count))
        if request.method == "GET" {
            state.withLock { $0.reads.append(target) }
            let reply = vendor.state.withLock { Self.read(target, settings, $0.tenant) }
            return WireReply(status: reply.status, headers: reply.headers, body: reply.body)
        }
        guard let body = (try? JSONValue.parse(request.body))?.object, let call = Self.write(request.method, target, body, settings) else {
            return WireReply(status: 404)
        }
        do throws(TransportError) {
            let path = "/scim/v2" + target.prefix { $0 != "?" }
            let reply = try await vendor.carryOut(
                call,
                FakeVendor.Entry(path: path, subject: call.subject, isWrite: true, body: String(decoding: request.body, as: UTF8.self)))
            return WireReply(status: reply.status, headers: reply.headers, body: reply.body)
        } catch {
            throw TransportError(
                TransportError.Kind(rawValue: error.kind.rawValue) ?? .invalid, mayHaveReachedServer: error.mayHaveReachedServer,
                error.message)
        }
    }

    // MARK: Reading

    private static func read(_ target: String, _ settings: Settings, _ tenant: FakeVendor.Tenant) -> WireReply {
        let parts = target.split(separator: "?", maxSplits: 1)
        let path = parts.first.map(String.init) ?? ""
        let query = parts.count > 1 ? String(parts[1]).removingPercentEncoding ?? "" : ""
        let value = query.split(separator: "\"").dropFirst().first.map { String($0).lowercased() }
        let users = tenant.rows.filter { !settings.hidden.contains($0.address) }
        switch path {
        case "/ServiceProviderConfig": return json(200, ["filter": ["supported": true]])
        case "/Users" where query.contains("userName eq"):
            return list(users.filter { (settings.userNames[$0.address] ?? $0.address).lowercased() == value }.map { user($0, settings) })
        case "/Users" where query.contains("emails.value eq"):
            guard settings.filtersEmails else { return error(400, "invalidFilter", "no") }
            return list(users.filter { ([$0.address] + $0.aliases).contains { $0.lowercased() == value } }.map { user($0, settings) })
        case "/Users": return list(users.map { user($0, settings) })
        case "/Groups":
            let groups = tenant.groups.filter { $0.name.lowercased() == value }
            return list(
                groups.flatMap { group in
                    (settings.twins.contains(group.name) ? ["s-\(group.id)", "t-\(group.id)"] : ["s-\(group.id)"]).map {
                        ["id": .string($0), "displayName": .string(group.name)]
                    }
                })
        default:
            let row = users.first { settings.sharesIDs && path == "/Users/\($0.id)" }
            return row.map { json(200, user($0, settings)) } ?? error(404, nil, "nobody")
        }
    }

    private static func user(_ row: FakeVendor.Row, _ settings: Settings) -> JSONValue {
        let emails = [row.address] + row.aliases
        return [
            "id": .string(settings.sharesIDs ? row.id : "s-\(row.id)"), "userName": .string(settings.userNames[row.address] ?? row.address),
            "displayName": .string(row.name),
            "active": .bool(!row.isDisabled),
            "emails": .array(emails.map { ["value": .string($0), "primary": .bool($0 == row.address), "display": .string("of \($0)")] }),
            "meta": ["version": .string(version(row))],
        ]
    }

    private static func version(_ row: FakeVendor.Row) -> String { "W/\"\(row.hashValue)\"" }

    // MARK: Writing

    private static func write(_ method: String, _ target: String, _ body: JSONObject, _ settings: Settings) -> VendorCall? {
        let segments = target.split(separator: "/").map(String.init)
        let operations = (body["Operations"]?.array ?? []).compactMap(\.object)
        switch (method, segments.first, segments.count) {
        case ("POST", "Users", 1):
            let address = body["userName"]?.text ?? ""
            return call(address, settings) { tenant in
                let aliases = emails(body["emails"]).dropFirst()
                let row = FakeVendor.Row(
                    id: "id-\(address)", address: address, name: body["displayName"]?.text ?? "", aliases: Array(aliases),
                    isDisabled: body["active"]?.bool == false)
                if let code = tenant.create(row) { return error(409, "uniqueness", code) }
                return json(201, ["id": .string("s-\(row.id)")])
            }
        case ("PATCH", "Users", 2):
            let id = String(segments[1].dropFirst(2)).removingPercentEncoding ?? ""
            return call(id, settings) { tenant in
                let code = tenant.update(id) { row in for operation in operations { change(&row, operation) } }
                guard let code else { return WireReply(status: 204) }
                return code == FailureCode.directoryManaged ? error(403, nil, code) : error(404, nil, code)
            }
        case ("PATCH", "Groups", 2):
            let group = String(segments[1].dropFirst(2))
            guard let operation = operations.first, let person = member(operation) else { return nil }
            let id = String(person.dropFirst(2))
            return call(id, settings) { tenant in
                guard let row = tenant.rows.first(where: { $0.id == id }), tenant.groups.contains(where: { $0.id == group }) else {
                    return error(404, nil, "no such group or member")
                }
                if operation["op"]?.text == "add" {
                    tenant.members[group, default: []].insert(row.address)
                } else {
                    tenant.members[group]?.remove(row.address)
                }
                return WireReply(status: 204)
            }
        default: return nil
        }
    }

    private static func change(_ row: inout FakeVendor.Row, _ operation: JSONObject) {
        let value = operation["value"]
        switch operation["path"]?.text {
        case "displayName": row.name = value?.text ?? ""
        case "active": row.isDisabled = value?.bool == false
        case "userName": row.address = value?.text ?? ""
        case "emails":
            let all = emails(value)
            row.address = all.first ?? row.address
            row.aliases = Array(all.dropFirst())
        default: break
        }
    }

    /// The primary one first.
    private static func emails(_ value: JSONValue?) -> [String] {
        let elements = (value?.array ?? []).compactMap(\.object)
        return (elements.filter { $0["primary"]?.bool == true } + elements.filter { $0["primary"]?.bool != true }).compactMap {
            $0["value"]?.text
        }
    }

    private static func member(_ operation: JSONObject) -> String? {
        operation["value"]?.array?.first?.object?["value"]?.text
            ?? operation["path"]?.text.flatMap { $0.split(separator: "\"").dropFirst().first.map(String.init) }
    }

    private static func call(
        _ subject: String, _ settings: Settings, _ effect: @escaping @Sendable (inout FakeVendor.Tenant) -> WireReply
    ) -> VendorCall {
        var call = VendorCall(subject: subject, isWrite: true) { state in
            var copy = state.tenant
            let reply = effect(&copy)
            if !settings.isDegraded { state.tenant = copy }
            return reply
        }
        call.refusal = { code, message in error(400, "invalidValue", "\(code): \(message)") }
        return call
    }

    private static func list(_ users: [JSONValue]) -> WireReply {
        json(200, ["totalResults": .number(JSONNumber(users.count)), "Resources": .array(users)])
    }

    private static func error(_ status: Int, _ type: String?, _ detail: String) -> WireReply {
        var object = JSONObject([("status", .string("\(status)")), ("detail", .string(detail))])
        object["scimType"] = type.map { .string($0) }
        return json(status, .object(object))
    }

    private static func json(_ status: Int, _ value: JSONValue) -> WireReply { WireReply(status: status, body: value.serialized) }
}
