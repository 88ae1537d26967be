import Foundation
import Mimecast
import TestSupport
import Testing

/// The demonstration, as somebody who is new runs it.
@Suite struct DemoTests {
    @Test func theDemoTellsTheWholeCircle() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await MusterBinary(folder: folder.path).run(["demo", "--people", "200"])
        #expect(outcome.exit == 0, "\(outcome)")
        for chapter in ["①", "②", "③", "④", "⑤", "⑥"] { #expect(outcome.out.contains(chapter)) }
        #expect(outcome.out.contains(/: 0 sent twice/))
        #expect(outcome.out.contains("Killed after"))
        #expect(outcome.out.contains("Nothing to do."))
        #expect(outcome.out.contains("STOP"))
        #expect(!outcome.out.contains("\u{1B}"), "colours are for terminals")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("demo"))
        let expected = [
            "monday.csv", "monday.plan", "tuesday.csv", "tuesday.plan", "wednesday.csv", "muster.db", "sandbox.db", "sandbox.env",
        ]
        #expect(expected.filter { !left.contains($0) } == [])
        // What it leaves can be played with.
        let show = try await MusterBinary(folder: folder.path).run(["show", "demo/monday.plan", "--store", "sqlite:demo/muster.db"])
        #expect(show.out.contains("Applied"), "\(show)")
    }

    @Test func forScriptsItIsOneDocument() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await MusterBinary(folder: folder.path).run(["demo", "--people", "100", "--json", "--folder", "tried"])
        #expect(outcome.exit == 0, "\(outcome)")
        #expect(outcome.document?["sentTwice"]?.int == 0)
        #expect((outcome.document?["writes"]?.int ?? 0) > 0)
        #expect(FileManager.default.fileExists(atPath: folder.file("tried/monday.plan")))
    }
}
