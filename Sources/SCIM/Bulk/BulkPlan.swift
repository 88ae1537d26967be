/// Carries out a bulk request (RFC 7644, section 3.7) step by step, without doing anything itself: ``next()`` says what to do,
/// ``done(_:_:)`` takes what came of it, ``body`` is the answer.
///
/// - An operation comes behind those that it refers to, which are brought forward; otherwise the order of the request is kept.
/// - Where resources refer to one another in a circle (or to themselves), some are made without the references that cannot be resolved
///   yet, and completed by a PATCH as soon as all of the circle exist. A circle is made whole or not at all: each of its operations
///   depends on all others, so when one fails those that were made are deleted again.
/// - A reference to a bulkId that no POST has is 400 `invalidValue`; so is an operation that depends on one that failed (our choice; the
///   RFC names no status, others answer 412).
/// - After `failOnErrors` failures nothing more is carried out, and what was not is not in the answer.
public struct BulkPlan: Sendable {
    public static let responseSchema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

    private enum Phase { case making, completing, undoing }

    private enum Result {
        case done(BulkSuccess)
        case failed(SCIMError)
    }

    private let operations: [BulkOperation]
    private let baseURL: String
    private let errorLimit: Int
    /// The POST that has a bulkId.
    private let makers: [ExactText: Int]
    private let bundles: [[Int]]
    /// The place of an operation among all of them as they are carried out.
    private let rank: [Int]
    /// A bulkId that an operation refers to and nobody has.
    private let unknown: [String?]
    private let targets: [[Int]]

    private var results: [Result?]
    private var errors = 0
    private var bundle = 0
    private var place = 0
    private var phase = Phase.making
    private var current: BulkStep?
    /// What has been left out of the operations of this bundle.
    private var deferred: [Int: JSONObject] = [:]
    /// Why the bundle at hand cannot be carried out.
    private var cause: (index: Int, error: SCIMError)?

    /// - Parameter baseURL: of the endpoint, without a slash at the end, for the locations in the answer.
    public init(_ request: BulkRequest, baseURL: String) {
        operations = request.operations
        errorLimit = request.failOnErrors ?? .max
        self.baseURL = baseURL
        var makers: [ExactText: Int] = [:]
        for (index, operation) in operations.enumerated() where operation.method == .post {
            if let bulkID = operation.bulkID, makers[ExactText(bulkID)] == nil { makers[ExactText(bulkID)] = index }
        }
        var targets: [[Int]] = []
        var unknown: [String?] = []
        for operation in operations {
            let references = Self.references(of: operation)
            targets.append(references.compactMap { makers[ExactText($0)] })
            unknown.append(references.first { makers[ExactText($0)] == nil })
        }
        let bundles = BulkGraph(targets).bundles
        var rank = Array(repeating: 0, count: operations.count)
        for (place, index) in bundles.joined().enumerated() { rank[index] = place }
        self.makers = makers
        self.targets = targets
        self.unknown = unknown
        self.bundles = bundles
        self.rank = rank
        results = Array(repeating: nil, count: operations.count)
    }

    private static func references(of operation: BulkOperation) -> [String] {
        guard operation.flaw == nil else { return [] }
        var found = operation.data.map { BulkReferences(isPatch: operation.method == .patch).found(in: $0) } ?? []
        if operation.method != .post, let own = BulkReferences.found(inPath: operation.path) { found.append(own) }
        return found
    }

    // MARK: Steps

    /// The request to carry out now; the same one until ``done(_:_:)`` is told of it. Nil at the end.
    public mutating func next() -> BulkStep? {
        while current == nil, bundle < bundles.count {
            switch phase {
            case .making: make()
            case .completing: complete()
            case .undoing: undo()
            }
            if current == nil, phase == .making, place == 0, errors >= errorLimit { bundle = bundles.count }
        }
        return current
    }

    /// Takes what became of the step that ``next()`` gave; of another one nothing is taken.
    public mutating func done(_ step: BulkStep, _ outcome: BulkOutcome) {
        guard let expected = current, expected.index == step.index, expected.purpose == step.purpose else { return }
        current = nil
        switch (expected.purpose, outcome) {
        case (.operation, .done(var success)):
            if operations[step.index].method != .post { success.location = success.location ?? baseURL + expected.path }
            results[step.index] = .done(success)
            if success.id == nil, bundles[bundle].count > 1 { giveUp(because: (step.index, Self.withoutID)) }
        case (.operation, .failed(let error)):
            fail(step.index, error)
            giveUp(because: (step.index, error))
        case (.completion, .done(let success)):
            guard case .done(var made) = results[step.index] else { return }
            made.version = success.version ?? made.version
            if made.response != nil { made.response = success.response ?? made.response }
            results[step.index] = .done(made)
        case (.completion, .failed(let error)): giveUp(because: (step.index, error))
        case (.undo, .done): fail(step.index, cause?.index == step.index ? cause?.error : nil)
        // What could not be taken back is there, and the client has to know where.
        case (.undo, .failed): break
        }
    }

    private mutating func make() {
        let members = bundles[bundle]
        if place == 0, let culprit = members.first(where: { obstacle(to: $0) != nil }), let error = obstacle(to: culprit) {
            cause = (culprit, error)
            failTheRest(of: members)
            return leaveBundle()
        }
        guard place < members.count else {
            phase = .completing
            place = 0
            return
        }
        let index = members[place]
        place += 1
        let operation = operations[index]
        guard let method = operation.method, let path = resolvedPath(of: operation) else {
            fail(index, Self.withoutID)
            return giveUp(because: (index, Self.withoutID))
        }
        var step = BulkStep(index: index, purpose: .operation, method: method, path: path, data: operation.data, version: operation.version)
        if let data = operation.data {
            let references = BulkReferences(isPatch: method == .patch)
            var data = data
            if targets[index].contains(where: { rank[$0] >= rank[index] }) {
                let parts = references.split(data) { bulkID in makers[ExactText(bulkID)].map { rank[$0] >= rank[index] } ?? false }
                deferred[index] = parts.later
                data = parts.now
            }
            step.data = references.resolved(data, id)
        }
        current = step
    }

    private mutating func complete() {
        let members = bundles[bundle]
        guard let found = members[place...].firstIndex(where: { deferred[$0] != nil }), let later = deferred[members[found]] else {
            return leaveBundle()
        }
        place = found + 1
        let data = JSONObject([
            ("schemas", ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]),
            ("Operations", [["op": "add", "value": .object(BulkReferences(isPatch: false).resolved(later, id))]]),
        ])
        let index = members[found]
        guard let path = madePath(of: index) else { return giveUp(because: (index, Self.withoutID)) }
        current = BulkStep(index: index, purpose: .completion, method: .patch, path: path, data: data)
    }

    private mutating func undo() {
        let members = bundles[bundle]
        while place > 0 {
            place -= 1
            guard case .done = results[members[place]] else { continue }
            guard let path = madePath(of: members[place]) else {
                fail(members[place], Self.withoutID)
                continue
            }
            current = BulkStep(index: members[place], purpose: .undo, method: .delete, path: path)
            return
        }
        failTheRest(of: members)
        leaveBundle()
    }

    private mutating func giveUp(because reason: (Int, SCIMError)) {
        cause = reason
        phase = .undoing
        place = bundles[bundle].count
    }

    private mutating func leaveBundle() {
        bundle += 1
        place = 0
        phase = .making
        cause = nil
        deferred = [:]
    }

    // MARK: Failures

    private static let withoutID = SCIMError(500, nil, "The resource was made and has no id to refer to it by.")

    /// Why an operation cannot be carried out, for itself or for what it refers to outside of its bundle.
    private func obstacle(to index: Int) -> SCIMError? {
        if let flaw = operations[index].flaw { return flaw }
        if let bulkID = unknown[index] {
            return .invalidValue("It refers to bulkId:\(bulkID.prefix(100)), and no POST of this request has that bulkId.")
        }
        guard let first = bundles[bundle].first else { return nil }
        return targets[index].first { rank[$0] < rank[first] && madeID(of: $0) == nil }.map { dependency(on: $0) }
    }

    private func dependency(on index: Int) -> SCIMError {
        let name = operations[index].bulkID.map { "bulkId:\($0.prefix(100))" } ?? "operation \(index)"
        return .invalidValue("It depends on \(name), and that operation failed. Mend that one, then send both again.")
    }

    /// - Parameter error: nil where it fails for the cause at hand alone.
    private mutating func fail(_ index: Int, _ error: SCIMError?) {
        guard let error = error ?? cause.map({ dependency(on: $0.index) }) else { return }
        results[index] = .failed(error)
        errors += 1
    }

    /// Those of a bundle that have not been tried, while errors are accepted: the culprit first.
    private mutating func failTheRest(of members: [Int]) {
        if let cause, results[cause.index] == nil { fail(cause.index, cause.error) }
        for index in members where results[index] == nil && errors < errorLimit { fail(index, obstacle(to: index)) }
    }

    // MARK: Ids

    private func id(_ bulkID: String) -> String? { makers[ExactText(bulkID)].flatMap { madeID(of: $0) } }

    private func madeID(of index: Int) -> String? {
        guard case .done(let success) = results[index] else { return nil }
        return success.id
    }

    private func madePath(of index: Int) -> String? {
        guard let id = madeID(of: index) else { return nil }
        let sent = operations[index].path
        var path = sent[..<(sent.utf8.firstIndex(of: UInt8(ascii: "?")) ?? sent.endIndex)]
        while path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        return "\(path)/\(id)"
    }

    private func resolvedPath(of operation: BulkOperation) -> String? {
        operation.method == .post ? operation.path : BulkReferences.resolved(path: operation.path, id)
    }

    // MARK: The answer

    /// One object for each operation that was carried out or refused, in the order of the request.
    public var response: [JSONObject] {
        zip(operations, results).compactMap { operation, result in result.map { object(operation, $0) } }
    }

    /// The whole message.
    public var body: JSONValue {
        ["schemas": [.string(Self.responseSchema)], "Operations": .array(response.map { .object($0) })]
    }

    private func object(_ operation: BulkOperation, _ result: Result) -> JSONObject {
        var object = JSONObject()
        switch result {
        case .done(let success):
            object["location"] = success.location.map { .string($0) }
            object["method"] = .string(operation.methodName)
            object["bulkId"] = operation.bulkID.map { .string($0) }
            object["version"] = success.version.map { .string($0) }
            object["status"] = .string(String(success.status))
            object["response"] = success.response
        case .failed(let error):
            // Every answer has a location but that of a failed POST (RFC 7644, section 3.7.3).
            if let method = operation.method, method != .post, let path = resolvedPath(of: operation) {
                object["location"] = .string(baseURL + path)
            }
            object["method"] = .string(operation.methodName)
            object["bulkId"] = operation.bulkID.map { .string($0) }
            object["status"] = .string(String(error.status))
            object["response"] = error.body
        }
        return object
    }
}
