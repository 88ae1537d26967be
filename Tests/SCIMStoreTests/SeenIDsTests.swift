import MusterStore
import Testing

@testable import SCIMStore

@Suite struct SeenIDsTests {
    /// Texts that end alike, are empty, or begin alike: the same places as by a dictionary.
    @Test func placesAreThoseOfAPlainList() async throws {
        var random = SplitMix64(seed: 7)
        let letters = ["", "a", "ab", "b", "é", "0", "p"]
        let texts = (0..<5_000).map { _ in
            (0..<Int.random(in: 0...4, using: &random)).map { _ in letters.randomElement(using: &random) ?? "" }.joined()
        }
        let store = try SQLiteStore.temporary(migrations: [
            Migration("texts", ["CREATE TABLE texts (number INTEGER PRIMARY KEY, text TEXT) STRICT"])
        ])
        try await store.write("") { tx in
            for text in texts { try tx.execute("INSERT INTO texts (text) VALUES ($1)", [.text(text)]) }
        }
        let (places, ids) = try await store.read { tx in
            var seen = SeenIDs()
            let places = try tx.all("SELECT text FROM texts ORDER BY number") { seen.place($0, 0) }
            return (places, seen.ids)
        }
        var known: [String] = []
        for (text, place) in zip(texts, places) {
            if !known.contains(text) { known.append(text) }
            #expect(known.firstIndex(of: text) == place)
        }
        #expect(ids == known)
        #expect(known.count > 500)
    }
}
