import Foundation
import SCIM
import Testing

/// The fuzzers' corpus, replayed: what was found once is not found again.
@Suite struct CorpusTests {
    private static let user = SchemaRegistry.standard.type(named: "User")

    private static func inputs(_ part: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Fuzz/Corpus/\(part)")
        let files = try FileManager.default.contentsOfDirectory(at: folder.standardizedFileURL, includingPropertiesForKeys: nil)
        try #require(files.count >= 5)
        return try files.map { ($0.lastPathComponent, [UInt8](try Data(contentsOf: $0))) }
    }

    @Test func jsonIsReplayed() throws {
        for input in try Self.inputs("json") {
            guard let value = try? JSONValue.parse(input.bytes) else { continue }
            #expect(try JSONValue.parse(value.serialized).serialized == value.serialized, "\(input.name)")
            if let object = value.object { _ = try? Self.user?.creation(object) }
        }
    }

    @Test func filtersAreReplayed() throws {
        let user = try #require(Self.user)
        for input in try Self.inputs("filter") {
            guard let filter = try? Filter.parse(String(decoding: input.bytes, as: UTF8.self), urns: user.urns) else { continue }
            #expect(try Filter.parse(filter.description, urns: user.urns) == filter, "\(input.name)")
            _ = try? FilterMatcher(filter, type: user)
        }
    }

    @Test func pathsAreReplayed() throws {
        let urns = try #require(Self.user).urns
        for input in try Self.inputs("path") {
            let text = String(decoding: input.bytes, as: UTF8.self)
            if let path = try? PatchPath.parse(text, urns: urns) {
                #expect(try PatchPath.parse(path.description, urns: urns) == path, "\(input.name)")
            }
        }
    }

    @Test func patchesAreReplayed() throws {
        let user = try #require(Self.user)
        let before = Resource(["schemas": [.string(user.schema.id)], "id": "1", "userName": "name@example.com"])
        var applied = 0
        for input in try Self.inputs("patch") {
            guard let body = try? JSONValue.parse(input.bytes).object, let operations = try? PatchOperation.list(body, type: user) else {
                continue
            }
            guard let after = try? ResourceChange.patch(operations, PatchOptions()).applied(to: before, type: user) else { continue }
            applied += 1
            #expect(after.resource.id == "1", "\(input.name)")
        }
        #expect(applied >= 3)
    }
}
