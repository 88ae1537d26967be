import Crypto
import Foundation
import Mimecast

/// What is to be done, as a value: ordered changes, the guards' judgement, the cost; bound by its hash to the read and the source.
public struct Plan: Sendable, Hashable, Codable {
    public struct SourceReference: Sendable, Hashable, Codable {
        public var name: String
        /// SHA-256 of the source's bytes.
        public var digest: String
        public var people: Int

        public init(name: String, digest: String, people: Int) {
            self.name = name
            self.digest = digest
            self.people = people
        }
    }

    public struct Cost: Sendable, Hashable, Codable {
        public var calls: Int
        public var seconds: Int
        /// What the seconds rest on; nil in plans of versions that knew the last read alone, and where there is no call.
        public var basis: Pace.Basis?

        init(calls: Int, seconds: Int, basis: Pace.Basis? = nil) {
            self.calls = calls
            self.seconds = seconds
            self.basis = basis
        }
    }

    /// The form of the file. A reader refuses a higher one.
    public static let currentFormat = 1
    /// A plan is good for four hours (facts of the life cycle, section 4).
    public static let lifetime: TimeInterval = 4 * 3600

    public var format: Int
    public var tenant: String
    /// Seconds since 1970, as all instants in the file.
    public var created: Int
    public var expires: Int
    public var generation: Generation
    public var dialect: Dialect
    public var snapshot: String
    public var snapshotDigest: String
    public var closed: Bool
    public var source: SourceReference
    public var changes: [Change]
    public var guards: [GuardResult]
    public var orphans: [String]
    public var notices: [String]
    public var cost: Cost
    /// The receipt of the apply that this plan takes back.
    public var undoes: String?
    /// Somebody asked for it by hand; nil is false.
    public var byHand: Bool?
    /// Digest of the configuration's rules (map, attributes, scope, groups) that made the desired state; nil where there are none.
    public var policy: String?
    /// How many people of the source are out of scope; nil where there is no scope.
    public var outOfScope: Int?
    /// The seats before and after it; nil in plans of versions that did not count them.
    public var seats: SeatCount?
    /// It speaks of a few people only: no source is behind it, and nothing is learned about one.
    public var isPartial: Bool { undoes != nil || byHand == true }

    /// Numbered, in the order in which they are applied.
    static func ordered(_ changes: [Change]) -> [Change] {
        var changes = changes.sorted {
            ($0.kind.rank, $0.person, $0.group ?? $0.counterpart ?? "", $0.groupID ?? "", $0.account, $0.reason)
                < ($1.kind.rank, $1.person, $1.group ?? $1.counterpart ?? "", $1.groupID ?? "", $1.account, $1.reason)
        }
        for index in changes.indices { changes[index].line = index + 1 }
        return changes
    }

    /// Counts by kind, every kind present.
    public var counts: [String: Int] {
        var counts = Dictionary(uniqueKeysWithValues: Change.Kind.allCases.map { ($0.rawValue, 0) })
        for change in changes { counts[change.kind.rawValue, default: 0] += 1 }
        return counts
    }

    public var work: [Change] { changes.filter(\.kind.isWork) }
    public var isStopped: Bool { guards.contains(where: \.tripped) }
    /// The source lost so many people that the plan is stopped, whatever else is found out about the tenant.
    public var isSourceShrunk: Bool { guards.contains { $0.tripped && $0.name == GuardName.sourceShrink.rawValue } }
    /// There is nothing to do or to decide.
    public var isEmpty: Bool { !changes.contains { $0.kind != .blocked } }

    /// SHA-256 of the canonical form, lower-case hex.
    public var hash: String {
        get throws {
            let digest = SHA256.hash(data: try PlanFile.canonical(self))
            return digest.map { String(format: "%02x", $0) }.joined()
        }
    }

    /// Short name: from the hash, so that equal plans have equal names.
    public var id: String { get throws { Self.id(hash: try hash) } }

    static func id(hash: String) -> String { "p-" + String(hash.prefix(10)) }
}

/// A plan as a document: the plan with its hash beside it.
public struct PlanFile: Sendable {
    public let plan: Plan
    public let hash: String
    public let id: String
    /// As ``written()`` gives it, where that was made already.
    private let document: Data?

    public init(_ plan: Plan) throws {
        self.plan = plan
        hash = try plan.hash
        id = Plan.id(hash: hash)
        // It goes into the store, and often into a file as well.
        document = try Self.written(Document(plan: id, hash: hash, counts: plan.counts, body: plan))
    }

    /// Why a document cannot be used.
    public enum Refusal: Error, Sendable, Hashable {
        case notAPlan(String)
        case newerFormat(Int)
        /// What it says is not what was hashed.
        case altered
    }

    private struct Document: Codable {
        var plan: String
        var hash: String
        var counts: [String: Int]
        var body: Plan
    }

    private struct Format: Decodable {
        struct Body: Decodable { var format: Int }
        var body: Body
    }

    /// Reads a document and proves that nobody changed it.
    public init(reading bytes: Data) throws(Refusal) {
        let document: Document
        do {
            let format = try JSONDecoder().decode(Format.self, from: bytes).body.format
            guard format <= Plan.currentFormat else { throw Refusal.newerFormat(format) }
            document = try JSONDecoder().decode(Document.self, from: bytes)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .notAPlan("\(error)")
        }
        let hash = try? document.body.hash
        guard let hash, hash == document.hash, Self.present(document.counts) == Self.present(document.body.counts),
            document.plan == "p-" + hash.prefix(10)
        else {
            throw .altered
        }
        plan = document.body
        self.hash = hash
        id = document.plan
        self.document = nil
    }

    /// Kinds that an older version did not know are not among its counts.
    private static func present(_ counts: [String: Int]) -> [String: Int] { counts.filter { $0.value != 0 } }

    /// The document, for a file that people may look into.
    public func written() throws -> Data {
        try document ?? Self.written(Document(plan: id, hash: hash, counts: plan.counts, body: plan))
    }

    private static func written(_ document: Document) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(document) + Data("\n".utf8)
    }

    static func canonical(_ plan: Plan) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(plan)
    }
}
