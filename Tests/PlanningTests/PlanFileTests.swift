import Foundation
import Mimecast
import Testing

@testable import Planning

struct PlanFileTests {
    /// A plan with every kind of field filled.
    private static let plan: Plan = {
        var scene = Scene()
        for local in ["ann", "bob", "carl", "dora"] { scene.settled(local, roles: ["Super"]) }
        scene.account("orphan")
        scene.groups = [Group(id: "g1", name: "Staff", authority: .cloud)]
        scene.people[0].name = "Ann Lee"
        scene.people[1].active = false
        scene.people[2].address = at("carla")
        scene.people[3].groups = ["Staff"]
        scene.people.append(Person(address: at("new"), externalID: "9", firstName: "N", aliases: [at("n")], adminRoles: ["Basic"], line: 7))
        scene.notices = ["A notice."]
        scene.seats = 10
        return scene.plan
    }()

    private static func file() throws -> PlanFile { try PlanFile(plan) }

    @Test func `A written plan reads back whole`() throws {
        let file = try Self.file()
        let read = try PlanFile(reading: file.written())
        #expect(read.plan == file.plan)
        #expect(read.hash == file.hash)
        #expect(read.id == "p-" + file.hash.prefix(10))
        #expect(file.hash.count == 64)
    }

    @Test func `Any changed field is noticed`() throws {
        let document = try JSONSerialization.jsonObject(with: Self.file().written())
        let paths = Self.leaves(document)
        #expect(paths.count > 130)
        for path in paths {
            let altered = try JSONSerialization.data(withJSONObject: Self.changing(document, ArraySlice(path)))
            #expect(throws: PlanFile.Refusal.self, "\(path)") { try PlanFile(reading: altered) }
        }
    }

    @Test func `A line taken out, doubled or moved is noticed`() throws {
        let plan = Self.plan
        let hash = try plan.hash
        func refused(_ change: (inout Plan) -> Void) throws {
            var altered = plan
            change(&altered)
            #expect(try altered.hash != hash)
            let text = String(decoding: try PlanFile(altered).written(), as: UTF8.self)
                .replacing(try altered.hash, with: hash).replacing(try altered.id, with: try plan.id)
            #expect(throws: PlanFile.Refusal.altered) { try PlanFile(reading: Data(text.utf8)) }
        }
        try refused { $0.changes.removeLast() }
        try refused { $0.changes.append($0.changes[0]) }
        try refused { $0.changes.swapAt(0, 1) }
        try refused { $0.guards.removeAll() }
        try refused { $0.orphans = [] }
    }

    @Test func `A newer form is told from an altered one`() throws {
        var plan = Self.plan
        plan.format = Plan.currentFormat + 1
        let bytes = try PlanFile(plan).written()
        #expect(throws: PlanFile.Refusal.newerFormat(Plan.currentFormat + 1)) { try PlanFile(reading: bytes) }
    }

    @Test(arguments: ["", "{}", "[]", "email,name\nann@acme.example,Ann\n", #"{"body":{"format":1}}"#, #"{"body":{"format":"1"}}"#])
    func `What is no plan is said to be none`(text: String) {
        #expect {
            try PlanFile(reading: Data(text.utf8))
        } throws: { error in
            if case PlanFile.Refusal.notAPlan = error { true } else { false }
        }
    }

    @Test func `Equal plans have equal names, and another instant another`() throws {
        var other = Self.plan
        #expect(try other.id == Self.plan.id)
        other.created += 1
        #expect(try other.id != Self.plan.id)
        #expect(Self.plan.expires - Self.plan.created == 4 * 3600)
    }

    @Test func `Lines are numbered in order, and counts name every kind`() {
        let plan = Self.plan
        #expect(plan.changes.map(\.line) == Array(1...plan.changes.count))
        #expect(plan.changes.map(\.kind) == [.create, .rename, .update, .addMember, .disable])
        #expect(Set(plan.counts.keys) == Set(Change.Kind.allCases.map(\.rawValue)))
        #expect(plan.work == plan.changes)
        #expect(!plan.isEmpty)
    }

    /// Paths of all values that are neither object nor array.
    private static func leaves(_ value: Any) -> [[String]] {
        if let object = value as? [String: Any] { return object.flatMap { key, value in leaves(value).map { [key] + $0 } } }
        if let array = value as? [Any] { return array.enumerated().flatMap { index, value in leaves(value).map { ["\(index)"] + $0 } } }
        return [[]]
    }

    private static func changing(_ value: Any, _ path: ArraySlice<String>) -> Any {
        guard let first = path.first else {
            if let text = value as? String { return text + "x" }
            if let truth = value as? Bool, "\(type(of: value))".contains("Bool") { return !truth }
            if let number = value as? Int { return number + 1 }
            return value
        }
        if var object = value as? [String: Any] {
            object[first] = object[first].map { changing($0, path.dropFirst()) }
            return object
        }
        var array = value as? [Any] ?? []
        if let index = Int(first) { array[index] = changing(array[index], path.dropFirst()) }
        return array
    }
}
