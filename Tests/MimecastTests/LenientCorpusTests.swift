import Foundation
import Mimecast
import Testing

/// The fuzzers' corpus, replayed: what was found once is not found again.
@Suite struct LenientCorpusTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Fuzz/Corpus").standardizedFileURL

    static func files(_ part: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder.appending(path: part), includingPropertiesForKeys: nil)
    }

    @Test func bodiesAreReplayed() throws {
        let files = try Self.files("body")
        #expect(files.count >= 10)
        for file in files {
            guard let tree = try? LenientJSON.parse(try Data(contentsOf: file)) else { continue }
            #expect(try LenientJSON.parse(try JSONEncoder().encode(tree)) == tree, "\(file.lastPathComponent)")
            #expect(try LenientDecoder.decode(JSON.self, from: tree) == tree, "\(file.lastPathComponent)")
            _ = try? LenientDecoder.decode(RequestEnvelope<LenientDecoderTests.Person>.self, from: tree)
            _ = try? LenientDecoder.decode(ReplyEnvelope<DomainKey>.self, from: tree)
            _ = try? LenientDecoder.decode([Bool: UInt8].self, from: tree)
        }
    }

    @Test func signaturesAreReplayed() throws {
        let files = try Self.files("signature")
        #expect(files.count >= 10)
        for file in files {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            if let signature = RequestSignature(header: text) {
                #expect(RequestSignature(header: signature.header)?.value == signature.value, "\(file.lastPathComponent)")
            }
            if let instant = RequestSignature.instant(text) {
                #expect(RequestSignature.instant(RequestSignature.date(instant)) == instant, "\(file.lastPathComponent)")
            }
        }
    }
}
