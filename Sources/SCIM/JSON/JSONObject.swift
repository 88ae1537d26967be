/// The members of a JSON object, in order. Objects here are small (the parser sees to it), so a look-up walks them.
public struct JSONObject: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public var name: String
        public var value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    public var members: [Member]

    public init(members: [Member] = []) { self.members = members }

    public init(_ members: [(String, JSONValue)]) { self.members = members.map { Member($0.0, $0.1) } }

    public var isEmpty: Bool { members.isEmpty }

    /// The member of exactly this name. Set to nil it goes; set anew it keeps its place; a new one goes to the end.
    public subscript(name: String) -> JSONValue? {
        get { members.first { ExactText.areEqual($0.name, name) }?.value }
        set {
            let index = members.firstIndex { ExactText.areEqual($0.name, name) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
        }
    }

    /// The member whose name is this one in any letter case: attribute names are case-insensitive (RFC 7643, section 2.1).
    public func value(ofAttribute name: String) -> JSONValue? {
        members.first { AttributeName.areEqual($0.name, name) }?.value
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
