import HTTPTransport
import Foundation
import Mimecast
import MimecastClient
import Synchronization
import TestSupport

/// A vendor in memory that speaks enough of the wire for the engine: v2 in both dialects, with faults to be played and a log of calls.
final class FakeVendor: Transport {
    static let domain = "acme.example"

    struct Row: Sendable, Hashable {
        var id: String
        var address: String
        var name: String
        var aliases: [String] = []
        var roles: [String] = []
        var isDisabled = false
        var isLDAP = false
        var attributes: [String: String] = [:]
    }

    /// What the vendor holds; equal values are equal tenants.
    struct Tenant: Sendable, Hashable {
        var code = "CACME"
        var seats: Int?
        var domains = [FakeVendor.domain]
        var rows: [Row] = []
        var externals: [String]? = []
        var groups: [Mimecast.Group] = []
        /// Addresses by group id.
        var members: [String: Set<String>] = [:]
        /// `who>mailbox`.
        var rights: Set<String> = []
        var purgeListed: Set<String> = []
        /// Names of attributes; nil is any.
        var definedAttributes: Set<String>?
    }

    enum Fault: Sendable {
        /// Nothing listens.
        case unreachable
        /// The connection breaks, and nothing was done; or all was.
        case lostBefore, lostAfter
        /// The connection breaks, and it is done only when the next write comes in.
        case lostAndLate
        case status(Int)
        /// An error that comes although the call was carried out.
        case statusAfter(Int)
        case limited(seconds: Int)
        case refused(String, message: String)
        /// A read answers as things were.
        case stale(Tenant)
    }

    struct Entry: Sendable, Hashable {
        var path: String
        /// What the call was about: an address, an id, a group; empty for a list.
        var subject: String
        var isWrite: Bool
        /// What was sent: two writes are the same only where this is.
        var body = ""
    }

    struct State {
        var tenant = Tenant()
        var log: [Entry] = []
        /// The writes that changed the tenant, in their order.
        var effects: [Entry] = []
        var faults: [(path: String, subject: String?, skip: Int, left: Int, fault: Fault)] = []
        /// Strikes each call that writes when it comes for the first time.
        var firstFault: Fault?
        var struck: Set<Entry> = []
        /// Imports that were accepted, by their ids: rows, and those that made an account.
        var imports: [String: (rows: Int, made: Int, looks: Int)] = [:]
        var late: [@Sendable (inout Tenant) -> Void] = []
        var pageSize = 500
        /// Lies about lists, by page number from 1: the claimed count, the rows left out, the token to give.
        var lieAboutCount: @Sendable (_ list: Int, _ page: Int, _ count: Int) -> Int? = { $2 }
        var dropsLastRow = false
        /// The list of accounts ends here, and its count says the same.
        var cap: Int?
        var repeatsToken = false
        var lists = 0
        /// By path, and by path and subject.
        var pauses: [[String]: @Sendable () async -> Void] = [:]
        /// Oldest first.
        var audit: [AuditEvent] = []
        var auditPageSize = 500
    }

    let dialect: Dialect
    let state: Mutex<State>

    init(_ dialect: Dialect, tenant: Tenant = Tenant()) {
        self.dialect = dialect
        state = Mutex(State(tenant: tenant))
    }

    var tenant: Tenant {
        get { state.withLock(\.tenant) }
        set { state.withLock { $0.tenant = newValue } }
    }

    var log: [Entry] { state.withLock(\.log) }
    var writes: [Entry] { log.filter(\.isWrite) }
    var effects: [Entry] { state.withLock(\.effects) }
    /// Strikes of faults that are still to come: a fault that never struck proves nothing.
    var pendingFaults: Int { state.withLock { $0.faults.reduce(0) { $0 + $1.left } } }
    func count(_ path: String) -> Int { log.count { $0.path == path } }

    /// A vendor that is as this one is at this moment, with what it was asked so far and no faults.
    func fork() -> FakeVendor {
        let (tenant, log, effects, imports) = state.withLock { ($0.tenant, $0.log, $0.effects, $0.imports) }
        let copy = FakeVendor(dialect, tenant: tenant)
        copy.state.withLock {
            $0.log = log
            $0.imports = imports
            $0.effects = effects
        }
        return copy
    }

    func forget() {
        state.withLock {
            $0.log = []
            $0.effects = []
        }
    }
    func row(_ local: String) -> Row? { tenant.rows.first { $0.address == "\(local)@\(Self.domain)" } }

    /// Plays a fault for calls that write, or for one path.
    func play(_ fault: Fault, path: String = "write", subject: String? = nil, skip: Int = 0, times: Int = 1) {
        state.withLock { $0.faults.append((path, subject, skip, times, fault)) }
    }

    /// Plays a fault for each call that writes, the first time that it comes.
    func playFirst(_ fault: Fault) { state.withLock { $0.firstFault = fault } }
    /// How many calls met it.
    var struckCount: Int { state.withLock { $0.struck.count } }

    /// Runs before each call of a path is answered.
    /// - Parameter subject: whose calls alone; what is said for them goes before what is said for all.
    func pause(_ path: String, subject: String? = nil, _ body: @escaping @Sendable () async -> Void) {
        state.withLock { $0.pauses[[path] + (subject.map { [$0] } ?? [])] = body }
    }

    func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply {
        let path = request.path
        if path == "/oauth/token" {
            return WireReply(status: 200, body: Array(#"{"access_token":"token-0","token_type":"Bearer","expires_in":1799}"#.utf8))
        }
        let call = dialect == .guide ? GuideVendor.read(request) : PortalVendor.read(request)
        guard
            let call = call ?? BelongingsVendor.read(request) ?? AttributeVendor.read(request) ?? ImportVendor.read(request)
                ?? AuditVendor.read(request)
        else {
            return WireReply(status: 404, body: Array(#"{"fail":[]}"#.utf8))
        }
        return try await carryOut(call, Entry(path: path, subject: call.subject, isWrite: call.isWrite, body: request.text))
    }

    /// Answers a call of whichever channel, with its fault, and logs it.
    func carryOut(_ call: VendorCall, _ entry: Entry) async throws(TransportError) -> WireReply {
        let pause = state.withLock { $0.pauses[[entry.path, entry.subject]] ?? $0.pauses[[entry.path]] }
        await pause?()
        let outcome = state.withLock { state in
            state.log.append(entry)
            guard entry.isWrite else { return Self.answer(call, state.takeFault(entry), &state) }
            for effect in state.late { effect(&state.tenant) }
            state.late = []
            let before = state.tenant
            defer { if state.tenant != before { state.effects.append(entry) } }
            return Self.answer(call, state.takeFault(entry), &state)
        }
        return try outcome.get()
    }

    private static func answer(_ call: VendorCall, _ fault: Fault?, _ state: inout State) -> Result<WireReply, TransportError> {
        switch fault {
        case nil: return .success(call.run(&state))
        case .unreachable: return .failure(.refusedConnection)
        case .lostBefore: return .failure(.lostConnection)
        case .lostAfter:
            _ = call.run(&state)
            return .failure(.lostConnection)
        case .lostAndLate:
            state.late.append { tenant in
                var copy = State(tenant: tenant)
                _ = call.run(&copy)
                tenant = copy.tenant
            }
            return .failure(.lostConnection)
        case .status(let status): return .success(WireReply(status: status, body: Array(#"{"fail":[]}"#.utf8)))
        case .statusAfter(let status):
            _ = call.run(&state)
            return .success(WireReply(status: status, body: Array(#"{"fail":[]}"#.utf8)))
        case .limited(let seconds):
            return .success(WireReply(status: 429, headers: [("Retry-After", "\(seconds)")], body: Array(#"{"fail":[]}"#.utf8)))
        case .stale(let past):
            var copy = state
            copy.tenant = past
            return .success(call.run(&copy))
        case .refused(let code, let message):
            return .success(call.refuse(code, message))
        }
    }
}

extension FakeVendor.State {
    fileprivate mutating func takeFault(_ entry: FakeVendor.Entry) -> FakeVendor.Fault? {
        if entry.isWrite, let firstFault, struck.insert(entry).inserted { return firstFault }
        for index in faults.indices {
            let (path, subject, skip, left, fault) = faults[index]
            guard left > 0, path == entry.path || path == "write" && entry.isWrite, subject == nil || subject == entry.subject else {
                continue
            }
            if skip > 0 {
                faults[index].skip -= 1
                continue
            }
            faults[index].left -= 1
            return fault
        }
        return nil
    }
}

/// A call as read from the wire, ready to be carried out.
struct VendorCall: Sendable {
    var subject = ""
    var isWrite = false
    /// How a refusal looks; nil is the API's way.
    var refusal: (@Sendable (_ code: String, _ message: String) -> WireReply)?
    var run: @Sendable (inout FakeVendor.State) -> WireReply

    func refuse(_ code: String, _ message: String) -> WireReply {
        refusal?(code, message) ?? VendorReply.failed(code, subject: subject, message: message)
    }
}

enum VendorReply {
    static func rows<Row: Codable & Sendable>(_ rows: [Row], fail: [Failure] = [], _ pagination: PageReply? = nil) -> WireReply {
        let envelope = ReplyEnvelope(status: 200, data: rows, fail: fail, pagination: pagination)
        return WireReply(
            status: 200, headers: [("Content-Type", "application/json")], body: Array((try? JSONEncoder().encode(envelope)) ?? Data()))
    }

    static func failed(_ code: String, subject: String, message: String = "no") -> WireReply {
        rows([Nothing](), fail: [failure(code, subject: subject, message: message)])
    }

    static func failure(_ code: String, subject: String, message: String = "no") -> Failure {
        Failure(key: .object(["emailAddress": .string(subject)]), errors: [Failure.Reason(code: code, message: message)])
    }

    /// One page of a list, with the vendor's lies about it.
    static func page<Row>(_ all: [Row], _ token: String?, _ state: inout FakeVendor.State, lies: Bool = false) -> ([Row], PageReply) {
        let all = lies ? Array(all.prefix(state.cap ?? .max)) : all
        let start = token.flatMap { Int($0) } ?? 0
        if lies, start == 0 { state.lists += 1 }
        let end = min(start + state.pageSize, all.count)
        var rows = Array(all[min(start, end)..<end])
        var next = end < all.count ? "\(end)" : nil
        var count: Int? = all.count
        if lies {
            count = state.lieAboutCount(state.lists, start / state.pageSize + 1, all.count)
            if state.dropsLastRow, next == nil { rows = rows.dropLast() }
            if state.repeatsToken, next == nil { next = token ?? "0" }
        }
        return (rows, PageReply(pageSize: rows.count, totalCount: count, next: next))
    }
}

extension WireRequest {
    func items<Item: Codable & Sendable>(_ type: Item.Type) -> [Item] {
        (try? JSONDecoder().decode(RequestEnvelope<Item>.self, from: Data(body)))?.data ?? []
    }

    var pageToken: String? {
        if method == "GET" { return query.split(separator: "&").first { $0.hasPrefix("pageToken=") }.map { String($0.dropFirst(10)) } }
        return (try? JSONDecoder().decode(RequestEnvelope<JSON>.self, from: Data(body)))?.meta?.pagination?.pageToken
    }
}
