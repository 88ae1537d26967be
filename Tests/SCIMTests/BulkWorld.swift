import SCIM
import Testing

/// A service provider that lists what it was asked for, and keeps what it was given without looking at it.
struct BulkWorld {
    var steps: [BulkStep] = []
    /// By path.
    var resources: [String: JSONObject] = [:]
    /// Which steps fail: by purpose and operation.
    var failures: [BulkStep.Purpose: Set<Int>] = [:]
    private var count = 0

    init(failures: [BulkStep.Purpose: Set<Int>] = [:]) { self.failures = failures }

    mutating func carryOut(_ request: BulkRequest) -> [JSONObject] {
        var plan = BulkPlan(request, baseURL: "https://x/scim/v2")
        while let step = plan.next() {
            #expect(plan.next() == step)
            steps.append(step)
            plan.done(step, outcome(of: step))
        }
        return plan.response
    }

    var trace: [String] { steps.map { "\($0.index) \($0.method.rawValue) \($0.path) \($0.data.map { text($0) } ?? "-")" } }

    private func text(_ object: JSONObject) -> String { String(decoding: JSONValue.object(object).serialized, as: UTF8.self) }

    private mutating func outcome(of step: BulkStep) -> BulkOutcome {
        if failures[step.purpose]?.contains(step.index) == true { return .failed(.uniqueness("It is taken.")) }
        switch step.method {
        case .post:
            count += 1
            let id = "id\(count)"
            resources["\(step.path)/\(id)"] = step.data
            return .done(BulkSuccess(status: 201, id: id, location: "https://x/scim/v2\(step.path)/\(id)", version: "W/\"1\""))
        case .put, .patch:
            if step.purpose == .completion { add(step) }
            return .done(BulkSuccess(status: 200, version: "W/\"2\""))
        case .delete:
            resources[step.path] = nil
            return .done(BulkSuccess(status: 204))
        }
    }

    /// Adds as a PATCH without a path does: lists grow, objects merge.
    private mutating func add(_ step: BulkStep) {
        guard var resource = resources[step.path], let added = step.data?["Operations"]?.array?.first?.object?["value"]?.object else {
            Issue.record("no such resource, or no operation: \(step)")
            return
        }
        func merge(_ value: JSONObject, into resource: inout JSONObject) {
            for member in value.members {
                switch (resource[member.name], member.value) {
                case (.array(let old), .array(let new)): resource[member.name] = .array(old + new)
                case (.object(var old), .object(let new)):
                    merge(new, into: &old)
                    resource[member.name] = .object(old)
                default: resource[member.name] = member.value
                }
            }
        }
        merge(added, into: &resource)
        resources[step.path] = resource
    }
}
