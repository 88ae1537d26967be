import SCIM
import Testing

@testable import SCIMServer

@Suite struct CursorTests {
    private let seal = CursorSeal(key: Array("secret".utf8), seconds: 600)

    private func binding(
        tenant: String = "t", types: [ResourceType] = [.user], filter: String? = nil, sort: ResourceQuery.Sort? = nil, count: Int = 10
    ) throws -> CursorSeal.Binding {
        let filter = try filter.map { try Filter.parse($0, urns: []) }
        return CursorSeal.Binding(tenant: tenant, query: ResourceQuery(types: types, filter: filter, sort: sort, count: count))
    }

    @Test(arguments: ["", "k", "ä\"\\", String(repeating: "x", count: 4_000)])
    func comesBack(key: String) throws {
        let cursor = try seal.seal(key, binding(), now: 1_000)
        #expect(cursor.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || (0x30...0x39).contains($0) || ($0 | 0x20) &- 0x61 < 26 })
        #expect(try seal.open(cursor, binding(), now: 1_000) == key)
        #expect(try seal.open(cursor, binding(count: 3), now: 1_600) == key)
        #expect(try CursorSeal(key: Array("secret".utf8), seconds: 1).open(cursor, binding(), now: 1_600) == key)
    }

    @Test func expires() throws {
        let cursor = try seal.seal("k", binding(), now: 1_000)
        let error = #expect(throws: SCIMError.self) { try seal.open(cursor, binding(), now: 1_601) }
        #expect(error?.status == 400)
        #expect(error?.kind == .expiredCursor)
    }

    @Test func noByteMayChange() throws {
        let cursor = try seal.seal("some key", binding(), now: 1_000)
        let bytes = try #require(Base64URL.decode(cursor))
        for index in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[index] ^= 1 << UInt8(bit)
                let error = #expect(throws: SCIMError.self) { try seal.open(Base64URL.encode(other), binding(), now: 1_000) }
                #expect(error?.kind == .invalidCursor)
            }
        }
        for index in cursor.indices {
            for letter in ["A", "b", "%", "=", "é", ""] where String(cursor[index]) != letter {
                let other = cursor.replacingCharacters(at: index, with: letter)
                let error = #expect(throws: SCIMError.self, "\(other)") { try seal.open(other, binding(), now: 1_000) }
                #expect(error?.kind == .invalidCursor)
            }
        }
        for other in [cursor + "A", "A" + cursor, cursor + "=", "", "AAAA", String(repeating: "A", count: 100_000)] {
            #expect(throws: CursorSeal.invalid) { try seal.open(other, binding(), now: 1_000) }
        }
    }

    @Test func belongsToOneSearch() throws {
        let path = AttributePath("userName")
        let bindings = try [
            binding(), binding(tenant: "u"), binding(types: [.group]), binding(types: [.user, .group]), binding(filter: "a pr"),
            binding(filter: #"a eq "1""#), binding(sort: ResourceQuery.Sort(path)),
            binding(sort: ResourceQuery.Sort(path, isAscending: false)),
            binding(filter: "a pr", sort: ResourceQuery.Sort(path)), binding(tenant: "", types: []),
        ]
        for (index, one) in bindings.enumerated() {
            let cursor = try seal.seal("k", one, now: 1_000)
            for (place, other) in bindings.enumerated() {
                if place == index {
                    #expect(try seal.open(cursor, other, now: 1_000) == "k")
                } else {
                    #expect(throws: CursorSeal.invalid) { try seal.open(cursor, other, now: 1_000) }
                }
            }
        }
        let cursor = try seal.seal("k", binding(), now: 1_000)
        #expect(throws: CursorSeal.invalid) { try CursorSeal(key: [1], seconds: 600).open(cursor, binding(), now: 1_000) }
    }

    @Test func twoCursorsOfOneKeyDiffer() throws {
        #expect(try seal.seal("k", binding(), now: 1_000) != seal.seal("k", binding(), now: 1_000))
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ("??>", "Pz8-"), ("???", "Pz8_"),
    ])
    func base64(text: String, encoded: String) {
        #expect(Base64URL.encode(Array(text.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: ["Zh", "Zm9", "A", "AAAAA", "Zg==", "Z+", "Z/", "Z g", "Zé"])
    func noBase64(text: String) { #expect(Base64URL.decode(text) == nil) }
}

extension String {
    fileprivate func replacingCharacters(at index: Index, with text: String) -> String {
        String(self[..<index]) + text + String(self[self.index(after: index)...])
    }
}
