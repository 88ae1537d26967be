import Foundation
import Mimecast
import Testing

/// What hand-written `init(from:)` may ask of a decoder.
@Suite struct LenientDecoderContainerTests {
    enum Keys: String, CodingKey { case a, b, list, missing }

    /// Runs a closure against a decoder.
    struct Probe: Decodable {
        @TaskLocal static var body: (@Sendable (any Decoder) throws -> Void)?

        init(from decoder: any Decoder) throws { try Self.body?(decoder) }
    }

    static func probe(_ text: String, _ body: @escaping @Sendable (any Decoder) throws -> Void) throws {
        let tree = try LenientJSON.parse(Array(text.utf8))
        try Probe.$body.withValue(body) { _ = try LenientDecoder.decode(Probe.self, from: tree) }
    }

    @Test func keyed() throws {
        try Self.probe("{'a':{'b':'1'},'list':[1,{'a':2},[3],null,true],'b':null}") { decoder in
            let root = try decoder.container(keyedBy: Keys.self)
            #expect(Set(root.allKeys) == [.a, .b, .list])
            #expect(root.contains(.b) && !root.contains(.missing))
            #expect(try root.decodeNil(forKey: .b) && !root.decodeNil(forKey: .a))
            #expect(throws: DecodingError.self) { try root.decodeNil(forKey: .missing) }
            let nested = try root.nestedContainer(keyedBy: Keys.self, forKey: .a)
            #expect(nested.codingPath.map(\.stringValue) == ["a"])
            #expect(try nested.decode(Int.self, forKey: .b) == 1)
            #expect(try root.decodeIfPresent(Int.self, forKey: .b) == nil)
            #expect(try root.decodeIfPresent(Int.self, forKey: .missing) == nil)
            #expect(throws: DecodingError.self) { try root.nestedContainer(keyedBy: Keys.self, forKey: .list) }
            #expect(throws: DecodingError.self) { try root.nestedUnkeyedContainer(forKey: .a) }
            #expect(throws: DecodingError.self) { try root.nestedUnkeyedContainer(forKey: .missing) }
            #expect(try root.superDecoder().singleValueContainer().decodeNil())
            let inner = try root.superDecoder(forKey: .a)
            #expect(inner.codingPath.map(\.stringValue) == ["a"] && inner.userInfo.isEmpty)
            #expect(try inner.container(keyedBy: Keys.self).contains(.b))
        }
    }

    @Test func unkeyed() throws {
        try Self.probe("{'list':['1',{'a':2},[3],null,true,[]]}") { decoder in
            var list = try decoder.container(keyedBy: Keys.self).nestedUnkeyedContainer(forKey: .list)
            #expect(list.count == 6)
            #expect(throws: DecodingError.self) { try list.nestedUnkeyedContainer() }
            #expect(throws: DecodingError.self) { try list.nestedContainer(keyedBy: Keys.self) }
            #expect(try !list.decodeNil())
            #expect(list.currentIndex == 0)
            #expect(try list.decode(Int.self) == 1)
            let object = try list.nestedContainer(keyedBy: Keys.self)
            #expect(try object.decode(Int.self, forKey: .a) == 2)
            #expect(object.codingPath.map(\.intValue) == [nil, 1])
            var inner = try list.nestedUnkeyedContainer()
            #expect(try inner.decode(Int8.self) == 3)
            #expect(inner.isAtEnd)
            #expect(try list.decodeNil())
            #expect(try list.decodeIfPresent(Bool.self) == true)
            let last = try list.superDecoder()
            #expect(last.codingPath.map(\.stringValue) == ["list", "Index 5"])
            #expect(list.isAtEnd && list.currentIndex == 6)
            #expect(throws: DecodingError.self) { try list.decodeNil() }
            #expect(throws: DecodingError.self) { try list.decode(Int.self) }
            #expect(throws: DecodingError.self) { try list.superDecoder() }
            #expect(try list.decodeIfPresent(Int.self) == nil)
        }
    }

    @Test func anItemThatCannotBeReadStopsNoOther() throws {
        struct One: Decodable {
            let result: Result<DomainKey, any Error>

            init(from decoder: any Decoder) throws { result = Result { try DomainKey(from: decoder) } }
        }
        let tree = try LenientJSON.parse(Array("[{'domain':'a'},{'domain':1},null,{'domain':'b'}]".utf8))
        let items = try LenientDecoder.decode([One].self, from: tree).map { try? $0.result.get().domain }
        #expect(items == ["a", nil, nil, "b"])
    }

    class Animal: Decodable {
        var name: String
    }
    final class Dog: Animal {
        var isGood: Bool
        enum CodingKeys: CodingKey { case isGood }

        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            isGood = try container.decode(Bool.self, forKey: .isGood)
            try super.init(from: try container.superDecoder())
        }
    }

    @Test func superClassesAreRead() throws {
        let dog = try LenientDecoder.decode(Dog.self, from: ["isGood": "true", "super": ["name": "Rex"]])
        #expect(dog.isGood && dog.name == "Rex")
        let error = #expect(throws: DecodingError.self) { try LenientDecoder.decode(Dog.self, from: ["isGood": 1]) }
        guard case .valueNotFound(_, let context)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["super"])
    }

    @Test func dictionariesOfOtherKeysAreRead() throws {
        #expect(try LenientDecoder.decode([Int: Bool].self, from: ["1": true, "2": 0]) == [1: true, 2: false])
        #expect(throws: DecodingError.self) { try LenientDecoder.decode([Int: Bool].self, from: ["one": true]) }
        #expect(throws: DecodingError.self) { try LenientDecoder.decode([Bool: Int].self, from: [true]) }
        #expect(try LenientDecoder.decode([Bool: Int].self, from: [true, "1"]) == [true: 1])
    }

    @Test func foundationTypesDoNotTrap() throws {
        let trees: [JSON] = [.null, true, 1, 1.5, "text", ["a"], ["a": .null], "1e999", -1]
        for tree in trees {
            _ = try? LenientDecoder.decode(Date.self, from: tree)
            _ = try? LenientDecoder.decode(Data.self, from: tree)
            _ = try? LenientDecoder.decode(URL.self, from: tree)
            _ = try? LenientDecoder.decode(UUID.self, from: tree)
            _ = try? LenientDecoder.decode(Decimal.self, from: tree)
            _ = try? LenientDecoder.decode(Int128.self, from: tree)
            _ = try? LenientDecoder.decode(ClosedRange<Int>.self, from: tree)
        }
    }
}
