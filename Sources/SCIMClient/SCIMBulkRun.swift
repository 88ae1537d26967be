import SCIM

/// The calls that a bulk is cut into, and what came of them. Pure.
struct SCIMBulkRun {
    /// What one call carries.
    struct Chunk {
        /// Positions among the operations.
        var positions: [Int]
        var body: JSONObject
    }

    private(set) var operations: [SCIMBulkOperation]
    private(set) var results: [SCIMBulkResult?]
    /// Positions by name.
    private var places: [ExactText: Int] = [:]
    /// What was made, by name.
    private var ids: [ExactText: String] = [:]
    private let limits: SCIMFeatures.Bulk
    private let failOnErrors: Int?
    private let faults: SCIMFaults
    private var errors = 0
    private var next = 0

    /// - Throws: ``SCIMClientError`` (misconfigured) where two operations have one name.
    init(_ operations: [SCIMBulkOperation], limits: SCIMFeatures.Bulk, failOnErrors: Int?, faults: SCIMFaults) throws {
        self.operations = operations
        self.limits = limits
        self.failOnErrors = failOnErrors.map { max($0, 1) }
        self.faults = faults
        results = Array(repeating: nil, count: operations.count)
        var taken: Set<ExactText> = []
        for name in operations.compactMap(\.bulkID) where !taken.insert(ExactText(name)).inserted {
            throw SCIMClientError(.misconfigured, "Two operations of the bulk have the bulkId \(name).", remedy: "Give each its own.")
        }
        // Answers are matched by these; servers echo them for every method.
        var number = 0
        for index in operations.indices where operations[index].bulkID == nil {
            repeat { number += 1 } while !taken.insert(ExactText("m\(number)")).inserted
            self.operations[index].bulkID = "m\(number)"
        }
        for (position, operation) in self.operations.enumerated() { places[ExactText(operation.bulkID ?? "")] = position }
    }

    /// Enough went wrong for the rest to stay unsent.
    var isStopped: Bool { failOnErrors.map { errors >= $0 } ?? false }

    /// The next call: as many operations as the server takes; nil at the end.
    ///
    /// An operation that is too large by itself, or means something that failed or that comes only in a later call, is refused here.
    mutating func chunk() -> Chunk? {
        var positions: [Int] = []
        var values: [JSONValue] = []
        // What stands around the operations, and commas.
        var size = 200
        var inside: Set<ExactText> = []
        while next < operations.count, positions.count < limits.maxOperations {
            let operation = SCIMBulkReference.resolved(operations[next], ids)
            let value = Self.json(operation)
            let bytes = value.serialized.count + 1
            if 200 + bytes > limits.maxPayloadSize {
                refuse(next, .tooLarge, "is larger than the \(limits.maxPayloadSize) bytes that the server takes", "Send it in parts.")
            } else if let name = SCIMBulkReference.names(in: operation).first(where: { isLost($0) }) {
                refuse(next, .refused, "means bulkId:\(name), which was not made", "Look at that operation first.")
            } else if size + bytes > limits.maxPayloadSize {
                break
            } else {
                positions.append(next)
                values.append(value)
                size += bytes
                if let name = operation.bulkID { inside.insert(ExactText(name)) }
            }
            next += 1
        }
        // Whoever means something that comes only in a later call waits for that one, and is judged anew then.
        guard !positions.isEmpty else { return nil }
        for (index, position) in positions.enumerated().reversed() {
            let names = SCIMBulkReference.names(in: SCIMBulkReference.resolved(operations[position], ids))
            guard let name = names.first(where: { !inside.contains(ExactText($0)) }) else { continue }
            refuse(
                position, .misconfigured,
                "means bulkId:\(name), which is not in the same call of at most \(limits.maxOperations) operations",
                "Put what is meant before whoever means it.")
            positions.remove(at: index)
            values.remove(at: index)
        }
        guard !positions.isEmpty else { return chunk() }
        var body = JSONObject([("schemas", ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"])])
        if let failOnErrors { body["failOnErrors"] = .number(JSONNumber(max(failOnErrors - errors, 1))) }
        body["Operations"] = .array(values)
        return Chunk(positions: positions, body: body)
    }

    /// Takes the answer to a chunk.
    mutating func take(_ chunk: Chunk, _ answer: [JSONObject]) {
        var open: [ExactText: Int] = [:]
        for position in chunk.positions { open[ExactText(operations[position].bulkID ?? "")] = position }
        var nameless: [JSONObject] = []
        for result in answer {
            guard let name = result.value(ofAttribute: "bulkId")?.text else {
                nameless.append(result)
                continue
            }
            if let position = open.removeValue(forKey: ExactText(name)) { settle(position, result) }
        }
        // A bulkId need only be echoed for what is made; the others are known by method and place.
        for result in nameless {
            let position = chunk.positions.first { position in
                results[position] == nil && matches(result, SCIMBulkReference.resolved(operations[position], ids))
            }
            if let position { settle(position, result) }
        }
        let silence = SCIMClientError(
            .wrongAnswer, "The answer to the bulk says nothing of an operation.", remedy: SCIMFaults.readFirst, status: 200,
            outcomeUnknown: true)
        for position in chunk.positions where results[position] == nil { results[position] = .unknown(silence) }
    }

    /// Takes what went wrong with the call of a chunk as a whole. Nothing is sent afterwards.
    mutating func fail(_ chunk: Chunk, _ error: SCIMClientError) {
        for position in chunk.positions { results[position] = error.outcomeUnknown ? .unknown(error) : .notSent(error) }
        stop(error)
    }

    /// What is left is never sent.
    func finished() -> [SCIMBulkResult] {
        let error = SCIMClientError(.refused, "The bulk was ended before this operation.", remedy: "Send it when the others are settled.")
        return results.map { $0 ?? .notSent(error) }
    }

    private mutating func stop(_ error: SCIMClientError) {
        for index in results.indices where results[index] == nil { results[index] = .notSent(error) }
        next = operations.count
    }

    private mutating func refuse(_ position: Int, _ code: SCIMClientError.Code, _ what: String, _ remedy: String) {
        let operation = operations[position]
        errors += 1
        results[position] = .notSent(SCIMClientError(code, "\(operation.method.rawValue) \(operation.path) \(what).", remedy: remedy))
    }

    /// The operation of this name has ended without an id.
    private func isLost(_ name: String) -> Bool {
        guard let position = places[ExactText(name)] else { return true }
        return results[position] != nil && ids[ExactText(name)] == nil
    }

    private mutating func settle(_ position: Int, _ result: JSONObject) {
        let operation = operations[position]
        let status = result.value(ofAttribute: "status").flatMap { value in
            // RFC 7644 has a string, its drafts an object {"code": …}.
            (value.object?.value(ofAttribute: "code") ?? value).lenientInteger
        }
        let response = result.value(ofAttribute: "response")?.object
        let id = result.value(ofAttribute: "location")?.text.flatMap(SCIMClient.lastSegment) ?? response?.value(ofAttribute: "id")?.text
        guard let status else {
            results[position] = .unknown(
                SCIMClientError(
                    .wrongAnswer, "An operation of the bulk was answered without a status.", remedy: SCIMFaults.readFirst, status: 200,
                    outcomeUnknown: true))
            return
        }
        if (200..<300).contains(status) || operation.method == .delete && status == 404 {
            if operation.method == .post, let id, let name = operation.bulkID { ids[ExactText(name)] = id }
            results[position] = .done(id: id, version: result.value(ofAttribute: "version")?.text, response: response)
            return
        }
        errors += 1
        let error = faults.error(
            status: status, scimType: response?.value(ofAttribute: "scimType")?.text, detail: response?.value(ofAttribute: "detail")?.text,
            of: "\(operation.method.rawValue) \(operation.path)", writes: true)
        results[position] = error.outcomeUnknown ? .unknown(error) : .refused(error)
    }

    private func matches(_ result: JSONObject, _ operation: SCIMBulkOperation) -> Bool {
        guard let method = result.value(ofAttribute: "method")?.text, method.uppercased() == operation.method.rawValue,
            operation.method != .post, let location = result.value(ofAttribute: "location")?.text
        else { return false }
        return location.hasSuffix(operation.path)
    }

    private static func json(_ operation: SCIMBulkOperation) -> JSONValue {
        var object = JSONObject([("method", .string(operation.method.rawValue)), ("path", .string(operation.path))])
        object["bulkId"] = operation.bulkID.map { .string($0) }
        object["version"] = operation.version.map { .string($0) }
        object["data"] = operation.data.map { .object($0) }
        return .object(object)
    }
}
