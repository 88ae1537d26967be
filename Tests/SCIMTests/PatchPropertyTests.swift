import SCIM
import Testing

/// What PATCH should do, written down a second time and as simply as can be: a resource is a table of single values by their full names and
/// a table of lists whose elements are tables; values are JSON texts. It knows nothing of schemas, paths or filters.
struct PatchReference {
    struct Refused: Error, Equatable {}

    var singles: [String: String] = [:]
    var lists: [String: [[String: String]]] = [:]

    /// What a step says, before it is put into one of the forms of RFC 7644.
    enum Step {
        case set(String, String?)
        case addTo(String, [[String: String]])
        case replaceList(String, [[String: String]])
        case removeFrom(String, [[String: String]])
        case removeList(String)
        /// List, type of the elements meant, sub-attribute (nil: the whole element), value, verb.
        case setWhere(String, type: String, sub: String, value: String?, adds: Bool)
        case removeWhere(String, type: String)
        case replaceWhere(String, type: String, [String: String])
        case refused
    }

    mutating func run(_ step: Step) throws {
        switch step {
        case .set(let name, let value):
            singles[name] = value
        case .addTo(let name, let elements):
            for element in once(elements) { add(element, to: name) }
        case .replaceList(let name, let elements):
            lists[name] = once(elements)
            onePrimary(name, lists[name]?.lastIndex { $0["primary"] == "true" })
        case .removeFrom(let name, let elements):
            lists[name] = lists[name, default: []].filter { old in
                !elements.contains { gone in
                    if gone["value"] != nil {
                        return fold(gone["value"]) == fold(old["value"]) && (gone["type"] == nil || fold(gone["type"]) == fold(old["type"]))
                    }
                    return gone.allSatisfy { old[$0.key] == $0.value }
                }
            }
        case .removeList(let name): lists[name] = nil
        case .setWhere(let name, let type, let sub, let value, let adds):
            var list = lists[name, default: []]
            let places = list.indices.filter { fold(list[$0]["type"]) == type }
            if places.isEmpty {
                guard let value else { return }
                if !adds { throw Refused() }
                list.append(["type": type, sub: value])
            }
            for place in places { list[place][sub] = value }
            lists[name] = list
            if sub == "primary", value == "true" { onePrimary(name, places.last ?? list.count - 1) }
        case .removeWhere(let name, let type):
            lists[name] = lists[name, default: []].filter { fold($0["type"]) != type }
        case .replaceWhere(let name, let type, let element):
            var list = lists[name, default: []]
            let places = list.indices.filter { fold(list[$0]["type"]) == type }
            if places.isEmpty { throw Refused() }
            for place in places { list[place] = ["type": type].merging(element) { $1 } }
            lists[name] = list
            if element["primary"] == "true" { onePrimary(name, places.last) }
        case .refused: throw Refused()
        }
        for (name, list) in lists {
            let rest = list.filter { !$0.isEmpty }
            lists[name] = rest.isEmpty ? nil : rest
        }
    }

    /// What a list says twice counts as it says it last.
    private func once(_ elements: [[String: String]]) -> [[String: String]] {
        func isSame(_ left: [String: String], _ right: [String: String]) -> Bool {
            if left["value"] != nil { return left["value"] == right["value"] && left["type"] == right["type"] }
            return left.filter { $0.key != "primary" } == right.filter { $0.key != "primary" }
        }
        var result: [[String: String]] = []
        for element in elements {
            if let place = result.firstIndex(where: { isSame($0, element) }) { result[place] = element } else { result.append(element) }
        }
        return result
    }

    /// After the last step: what says no more than its type goes.
    mutating func finish() {
        for (name, list) in lists {
            let rest = list.filter { element in
                element["primary"] == "true" || element.keys.contains { $0 != "type" && $0 != "primary" }
            }
            lists[name] = rest.isEmpty ? nil : rest
        }
    }

    private mutating func add(_ element: [String: String], to name: String) {
        var list = lists[name, default: []]
        let place = list.lastIndex { old in
            if element["value"] != nil || old["value"] != nil {
                return fold(old["value"]) == fold(element["value"]) && fold(old["type"]) == fold(element["type"])
            }
            func bare(_ element: [String: String]) -> [String: String?] {
                element.filter { $0.key != "primary" }.mapValues { fold($0) }
            }
            return bare(old) == bare(element)
        }
        if let place {
            for (key, value) in element where key != "value" && key != "type" { list[place][key] = value }
        } else {
            list.append(element)
        }
        lists[name] = list
        if element["primary"] == "true" { onePrimary(name, place ?? list.count - 1) }
    }

    private mutating func onePrimary(_ name: String, _ place: Int?) {
        guard let place else { return }
        for other in lists[name, default: []].indices where other != place && lists[name]?[other]["primary"] == "true" {
            lists[name]?[other]["primary"] = "false"
        }
    }

    private func fold(_ text: String?) -> String? { text?.lowercased() }

    // MARK: From and to JSON

    init(_ object: JSONObject) {
        for member in object.members where member.name != "schemas" && member.name != "id" { read(member.name, member.value) }
    }

    private mutating func read(_ name: String, _ value: JSONValue) {
        switch value {
        case .array(let elements):
            lists[name] = elements.map { element in
                Dictionary(uniqueKeysWithValues: (element.object?.members ?? []).map { ($0.name, Self.text($0.value)) })
            }
        case .object(let object):
            for member in object.members {
                read(name + (name.hasPrefix("urn:") && !name.hasSuffix(":manager") ? ":" : ".") + member.name, member.value)
            }
        default: singles[name] = Self.text(value)
        }
    }

    static func text(_ value: JSONValue) -> String { String(decoding: value.serialized, as: UTF8.self) }
}

@Suite("PATCH against a reference")
struct PatchPropertyTests {
    typealias Step = PatchReference.Step

    static let singles = [
        "displayName", "title", "nickName", "active", "name.givenName", "name.familyName", "name.formatted",
        UserResource.enterpriseSchema + ":department", UserResource.enterpriseSchema + ":employeeNumber",
        UserResource.enterpriseSchema + ":manager.value",
    ]

    /// Throws the dice for a step and one of the ways to say it.
    static func random(_ dice: inout FilterDice) -> (step: Step, json: String) {
        func quoted(_ text: String) -> String { "\"\(text)\"" }
        func verb(_ name: String, _ dice: inout FilterDice) -> String {
            dice.one(of: [name, name.uppercased(), name.prefix(1).uppercased() + name.dropFirst()])
        }
        func elements(_ name: String, _ dice: inout FilterDice) -> [[String: String]] {
            (0..<dice.below(4)).map { _ in element(name, &dice) }
        }
        func element(_ name: String, _ dice: inout FilterDice) -> [String: String] {
            let sub = name == "addresses" ? "locality" : "value"
            var element = [sub: quoted(dice.one(of: ["a", "b", "A", "c", "É", "é"]))]
            if dice.chance(60) { element["type"] = quoted(dice.one(of: ["work", "home", "Work"])) }
            if dice.chance(25) { element["primary"] = dice.one(of: ["true", "false"]) }
            if name != "addresses", dice.chance(25) { element["display"] = quoted(dice.one(of: ["x", "y"])) }
            return element
        }
        func json(_ element: [String: String], _ dice: inout FilterDice) -> String {
            var parts = element.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\($0.value)" }
            if dice.chance(50) { parts.reverse() }
            if dice.chance(10) { parts.append(dice.one(of: [#""nonsense":1"#, #""display":null"#])) }
            if parts.contains(where: { $0.hasPrefix("\"display\":\"") }) { parts.removeAll { $0 == #""display":null"# } }
            return "{\(parts.joined(separator: ","))}"
        }
        let list = dice.one(of: ["emails", "roles", "addresses"])
        let type = dice.one(of: ["work", "home", "other"])
        let brackets = "\(list)[type eq \\\"\(dice.one(of: [type, type.uppercased()]))\\\"]"
        // The reference makes elements of the type as the brackets write it; lower case is what both agree on.
        let plainBrackets = "\(list)[type eq \\\"\(type)\\\"]"
        switch dice.below(13) {
        case 0, 1, 2:
            let name = dice.one(of: singles)
            let value = name == "active" ? dice.one(of: ["true", "false"]) : quoted(dice.one(of: ["x", "y", "Ä"]))
            let op = verb(dice.one(of: ["add", "replace"]), &dice)
            if dice.chance(60) { return (.set(name, value), #"{"op":"\#(op)","path":"\#(name)","value":\#(value)}"#) }
            return (.set(name, value), #"{"op":"\#(op)","value":{"\#(name)":\#(value),"id":"9","meta":{}}}"#)
        case 3:
            let name = dice.one(of: singles)
            let blank = dice.one(of: ["null", "\"\"", "[]"])
            return (
                .set(name, nil),
                dice.chance(50)
                    ? #"{"op":"\#(verb("remove", &dice))","path":"\#(name)"}"# : #"{"op":"replace","value":{"\#(name)":\#(blank)}}"#
            )
        case 4, 5:
            let added = elements(list, &dice)
            let value = "[" + added.map { json($0, &dice) }.joined(separator: ",") + "]"
            let text =
                dice.chance(50)
                ? #"{"op":"\#(verb("add", &dice))","path":"\#(list)","value":\#(value)}"# : #"{"op":"add","value":{"\#(list)":\#(value)}}"#
            return (.addTo(list, added), text)
        case 6:
            let added = elements(list, &dice)
            let value = "[" + added.map { json($0, &dice) }.joined(separator: ",") + "]"
            let text =
                dice.chance(50)
                ? #"{"op":"replace","path":"\#(list)","value":\#(value)}"#
                : #"{"op":"replace","value":{"\#(list.uppercased())":\#(value)}}"#
            return (.replaceList(list, added), text)
        case 7:
            var removed = elements(list, &dice)
            for index in removed.indices { removed[index]["primary"] = nil }
            for index in removed.indices { removed[index]["display"] = nil }
            let value = "[" + removed.map { json($0, &dice) }.joined(separator: ",") + "]"
            return (.removeFrom(list, removed), #"{"op":"remove","path":"\#(list)","value":\#(value)}"#)
        case 8: return (.removeList(list), #"{"op":"remove","path":"\#(list)"}"#)
        case 9: return (.removeWhere(list, type: quoted(type)), #"{"op":"remove","path":"\#(brackets)"}"#)
        case 10, 11:
            let sub = dice.one(of: list == "addresses" ? ["locality", "primary"] : ["value", "display", "primary"])
            var value: String? = sub == "primary" ? dice.one(of: ["true", "false"]) : quoted(dice.one(of: ["p", "q"]))
            let adds = dice.chance(60)
            if dice.chance(15) { value = nil }
            let op = adds ? "add" : "replace"
            let step = Step.setWhere(list, type: quoted(type), sub: sub, value: value, adds: adds)
            if dice.chance(30) { return (step, #"{"op":"\#(op)","value":{"\#(plainBrackets).\#(sub)":\#(value ?? "null")}}"#) }
            return (step, #"{"op":"\#(op)","path":"\#(plainBrackets).\#(sub)","value":\#(value ?? "\"\"")}"#)
        default:
            if dice.chance(30) {
                let bad = dice.one(of: [
                    #"{"op":"replace","path":"id","value":"9"}"#, #"{"op":"add","path":"nonsense","value":"9"}"#,
                    #"{"op":"remove","path":"groups"}"#, #"{"op":"replace","path":"title","value":{"a":1}}"#,
                    #"{"op":"replace","path":"emails[nonsense pr].value","value":"x"}"#,
                    #"{"op":"replace","path":"active","value":"perhaps"}"#,
                ])
                return (.refused, bad)
            }
            let given = element(list, &dice)
            return (
                .replaceWhere(list, type: quoted(type), given),
                #"{"op":"replace","path":"\#(plainBrackets)","value":\#(json(given, &dice))}"#
            )
        }
    }

    @Test("Random operations do what the reference does; what fails leaves the bytes as before", arguments: 0..<100)
    func reference(seed: Int) throws {
        var dice = FilterDice(seed)
        for _ in 0..<40 {
            var resource = Resource(filterObject(PatchTests.person))
            var expected = PatchReference(resource.object)
            for _ in 0..<4 {
                let steps = (0...dice.below(4)).map { _ in Self.random(&dice) }
                let text = steps.map(\.json).joined(separator: ",")
                let change = ResourceChange.patch(try PatchTests.operations(text), PatchOptions())
                let before = JSONValue.object(resource.object).serialized
                var next = expected
                do {
                    for step in steps { try next.run(step.step) }
                    next.finish()
                    let new = try change.applied(to: resource, type: .user).resource
                    let found = PatchReference(new.object)
                    #expect(found.singles == next.singles, "\(text)")
                    #expect(found.lists == next.lists, "\(text)")
                    let names = new.object.members.map(\.name)
                    let hasExtension = names.contains(UserResource.enterpriseSchema)
                    #expect(new.object["schemas"]?.array?.count == (hasExtension ? 2 : 1))
                    #expect(Set(names).count == names.count)
                    resource = new
                    expected = next
                } catch is PatchReference.Refused {
                    #expect(throws: SCIMError.self, "\(text)") { try change.applied(to: resource, type: .user) }
                    #expect(JSONValue.object(resource.object).serialized == before)
                }
            }
        }
    }

    @Test("The same operations again add nothing", arguments: 0..<20)
    func idempotent(seed: Int) throws {
        var dice = FilterDice(seed &+ 1000)
        for _ in 0..<40 {
            let (step, text) = Self.random(&dice)
            if case .refused = step { continue }
            let change = ResourceChange.patch(try PatchTests.operations(text), PatchOptions())
            guard let once = try? change.applied(to: Resource(filterObject(PatchTests.person)), type: .user).resource else { continue }
            let twice = try? change.applied(to: once, type: .user).resource
            if let twice { #expect(JSONValue.object(twice.object).serialized == JSONValue.object(once.object).serialized, "\(text)") }
        }
    }
}
