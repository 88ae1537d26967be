import HTTPTransport
import SCIM

extension SCIMClient {
    /// What a body may hold: a page of people, or a group of 100,000.
    private static let limits = JSONLimits(values: 4_000_000)

    /// The answer's body.
    ///
    /// - Returns: nil where there is none.
    /// - Throws: ``SCIMClientError`` (malformedReply) where it is no JSON object.
    func object(in answer: Answer, of call: Call) throws -> JSONObject? {
        let reply = answer.reply
        guard !reply.body.isEmpty else { return nil }
        let value: JSONValue
        do throws(JSONFailure) {
            value = try JSONValue.parse(reply.body, Self.limits)
        } catch {
            throw faults.unreadable("\(error.reason), at byte \(error.offset)", reply, of: call.place, writes: call.writes)
        }
        guard let object = value.object else {
            throw faults.unreadable("it is no JSON object", reply, of: call.place, writes: call.writes)
        }
        return object
    }

    /// The answer's body where there must be one.
    func requiredObject(in answer: Answer, of call: Call) throws -> JSONObject {
        guard let object = try object(in: answer, of: call) else {
            throw faults.unreadable("it is empty", answer.reply, of: call.place, writes: call.writes)
        }
        return object
    }

    /// The path of one resource.
    ///
    /// - Throws: ``SCIMClientError`` (misconfigured) for an id that cannot be a segment of a path.
    func path(_ endpoint: SCIMEndpoint, _ id: String) throws -> String {
        guard !id.isEmpty, id != ".", id != ".." else {
            throw SCIMClientError(
                .misconfigured, "\"\(id)\" cannot be the id of a resource.", remedy: "Take the id from what the server showed.")
        }
        return "\(endpoint.path)/\(ServiceURL.encode(id))"
    }
}

extension JSONValue {
    /// A whole number, also where it was sent as text, as some servers do.
    var lenientInteger: Int? { number?.integer ?? text.flatMap { Int($0) } }
    /// A truth value, also where it was sent as text.
    var lenientBool: Bool? {
        if let bool { return bool }
        switch text?.lowercased() {
        case "true": return true
        case "false": return false
        default: return nil
        }
    }
}
