import HTTPTransport
import SCIM

/// How a deletion ended; either way the resource is not there.
public enum SCIMDeletion: String, Sendable {
    case deleted
    /// 404: somebody was faster, or an earlier call of unknown outcome came through.
    case alreadyGone
}

extension SCIMClient {
    /// Reads one resource.
    ///
    /// - Throws: ``SCIMClientError``: `notFound` where there is none.
    public func get(
        _ endpoint: SCIMEndpoint, id: String, attributes: [String] = [], excludedAttributes: [String] = []
    ) async throws -> SCIMRecord {
        let call = Call(method: "GET", path: try path(endpoint, id), query: Self.projection(attributes, excludedAttributes))
        let answer = try await answer(to: call)
        return SCIMRecord(try requiredObject(in: answer, of: call), tag: answer.reply.header("ETag"))
    }

    /// Reads one resource where it has another version than the one that is known (If-None-Match).
    ///
    /// - Returns: nil where it has not changed.
    public func getIfChanged(_ endpoint: SCIMEndpoint, id: String, from version: String) async throws -> SCIMRecord? {
        let call = Call(method: "GET", path: try path(endpoint, id), headers: [("If-None-Match", version)])
        let answer = try await answer(to: call, or: [304])
        if answer.reply.status == 304 { return nil }
        return SCIMRecord(try requiredObject(in: answer, of: call), tag: answer.reply.header("ETag"))
    }

    /// The user of this user name.
    ///
    /// - Returns: nil where there is none; of some servers also where the answer is 404.
    /// - Throws: ``SCIMClientError``: `wrongAnswer` where more than one comes, or another one.
    public func find(userName: String) async throws -> SCIMRecord? {
        let found = try await first(.users, .compare(AttributePath("userName"), .eq, .string(userName)))
        guard let user = found.first else { return nil }
        guard found.count == 1, let name = user.userName, FoldedText.areEqual(name, userName) else {
            // A server that does not know filters answers with whomever it likes: taking that for the one would change a stranger.
            throw SCIMClientError(
                .wrongAnswer, "Asked for the user \(userName), the server showed somebody else, or several.",
                remedy: "Check that the server supports filters on userName.", status: 200)
        }
        return user
    }

    /// At most two resources that a filter names: enough to see whether it is one.
    public func first(_ endpoint: SCIMEndpoint, _ filter: Filter, excludedAttributes: [String] = []) async throws -> [SCIMRecord] {
        let query =
            [("filter", filter.description), ("startIndex", "1"), ("count", "2")] + Self.projection([], excludedAttributes)
        let call = Call(method: "GET", path: endpoint.path, query: query)
        let answer = try await answer(to: call, or: [404])
        if answer.reply.status == 404 {
            // Some servers answer so for nobody (facts, Okta); without their own words for it there may be no such service.
            guard !answer.reply.body.isEmpty, saysGone(answer) else {
                throw faults.error(answer.reply, of: call.place, writes: false, token: answer.token)
            }
            return []
        }
        return try SCIMPage.records(in: try requiredObject(in: answer, of: call)) {
            faults.unreadable($0, answer.reply, of: call.place, writes: false)
        }
    }

    /// Makes a resource.
    ///
    /// - Returns: as the server made it, with its id.
    /// - Throws: ``SCIMClientError``: `conflict` where the name is taken.
    public func create(_ endpoint: SCIMEndpoint, _ resource: JSONObject) async throws -> SCIMRecord {
        let call = Call(method: "POST", path: endpoint.path, body: resource)
        let answer = try await answer(to: call)
        var record: SCIMRecord
        if let object = try writtenObject(in: answer, of: call) {
            record = SCIMRecord(object, tag: answer.reply.header("ETag"))
        } else {
            record = SCIMRecord(JSONObject(), tag: answer.reply.header("ETag"))
        }
        if record.id.isEmpty {
            // An answer without body still says where the resource is.
            guard let id = answer.reply.header("Location").flatMap(Self.lastSegment) else {
                throw faults.unreadable("it has no id", answer.reply, of: call.place, writes: true)
            }
            record.object["id"] = .string(id)
        }
        return record
    }

    /// Puts a whole resource in the place of another; what is left out is cleared.
    ///
    /// - Parameter version: only this version is replaced (If-Match); nil replaces any.
    /// - Returns: nil where the server does not show the result.
    public func replace(
        _ endpoint: SCIMEndpoint, id: String, _ resource: JSONObject, ifMatch version: String? = nil
    ) async throws -> SCIMRecord? {
        let call = Call(method: "PUT", path: try path(endpoint, id), headers: Self.condition(version), body: resource)
        let answer = try await answer(to: call)
        return try writtenObject(in: answer, of: call).map { SCIMRecord($0, tag: answer.reply.header("ETag")) }
    }

    /// Changes parts of a resource, all of them or none.
    ///
    /// - Parameter version: only this version is changed (If-Match); nil changes any.
    /// - Returns: nil where the server does not show the result.
    @discardableResult
    public func patch(
        _ endpoint: SCIMEndpoint, id: String, _ operations: [PatchOperation], ifMatch version: String? = nil
    ) async throws -> SCIMRecord? {
        let call = Call(
            method: "PATCH", path: try path(endpoint, id), headers: Self.condition(version), body: Self.patchBody(operations))
        let answer = try await answer(to: call)
        return try writtenObject(in: answer, of: call).map { SCIMRecord($0, tag: answer.reply.header("ETag")) }
    }

    /// Deletes a resource.
    ///
    /// - Parameter version: only this version is deleted (If-Match); nil deletes any.
    @discardableResult
    public func delete(_ endpoint: SCIMEndpoint, id: String, ifMatch version: String? = nil) async throws -> SCIMDeletion {
        let call = Call(method: "DELETE", path: try path(endpoint, id), headers: Self.condition(version))
        let answer = try await answer(to: call, or: [404])
        guard answer.reply.status == 404 else {
            try refuseToWait(answer, of: call)
            return .deleted
        }
        guard saysGone(answer) else { throw faults.error(answer.reply, of: call.place, writes: true, token: answer.token) }
        return .alreadyGone
    }

    /// The body of a PATCH (RFC 7644, section 3.5.2).
    static func patchBody(_ operations: [PatchOperation]) -> JSONObject {
        let list = operations.map { operation -> JSONValue in
            var object = JSONObject([("op", .string(operation.verb.rawValue))])
            object["path"] = operation.path.map { .string($0.description) }
            object["value"] = operation.value
            return .object(object)
        }
        return JSONObject([("schemas", ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]), ("Operations", .array(list))])
    }

    static func projection(_ attributes: [String], _ excluded: [String]) -> [(String, String)] {
        (attributes.isEmpty ? [] : [("attributes", attributes.joined(separator: ","))])
            + (excluded.isEmpty ? [] : [("excludedAttributes", excluded.joined(separator: ","))])
    }

    private static func condition(_ version: String?) -> [(String, String)] { version.map { [("If-Match", $0)] } ?? [] }

    static func lastSegment(_ location: String) -> String? {
        location.split(separator: "/").last.flatMap { String($0).removingPercentEncodingOrNil }
    }

    /// The result that a write shows, if it does. An unreadable one is not taken for "nothing was shown".
    private func writtenObject(in answer: Answer, of call: Call) throws -> JSONObject? {
        try refuseToWait(answer, of: call)
        return try object(in: answer, of: call)
    }

    /// 202: it may be carried out later, or not. SCIM has no such answer, and nobody would tell us.
    private func refuseToWait(_ answer: Answer, of call: Call) throws {
        guard answer.reply.status == 202 else { return }
        throw SCIMClientError(
            .wrongAnswer, "\(call.place) was accepted (HTTP 202), not carried out.", remedy: SCIMFaults.readFirst, status: 202,
            outcomeUnknown: true)
    }

    /// A 404 that a SCIM server gave for a resource; a page of HTML is about the base URL.
    private func saysGone(_ answer: Answer) -> Bool {
        let body = answer.reply.body
        guard !body.isEmpty else { return true }
        guard let object = (try? JSONValue.parse(body))?.object else { return false }
        return object.value(ofAttribute: "status") != nil || object.value(ofAttribute: "schemas") != nil
    }
}

extension String {
    /// Nil where an escape is none.
    fileprivate var removingPercentEncodingOrNil: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Self.digit), let low = rest.popFirst().flatMap(Self.digit) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? { Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) } }
}
