import Foundation
import TestSupport
import Testing

@testable import Planning

/// Events are kept in shorthand, and told as they were.
struct EventShorthandTests {
    private static let person = "ann.lee@example.com"
    private static let body =
        #"{"account":{"address":"ann.lee@example.com","id":"eN1"},"after":{"name":"Ann"},"before":{"name":"Ann Lee"},"by":{"actor":"pat@example.com","at":"2026-11-27T10:00:00Z","audit":"eN2"},"fields":["name"]}"#

    @Test func `Whatever is written in shorthand is read again`() {
        var random = SeededRandom(seed: 15)
        let pieces =
            [
                Self.person, Self.body, "", "\u{1}", "\u{2}", "\u{1F}", "\u{1F}\u{1F}", "\t", "\n", "\r", "é", "名", "🙂", "\"", "{",
                #""},"after":{""#,
                #"","id":""#, #"status":"active"#, #"status":"disabled"#, "a", "ann.lee@example.co", #"{"account":{"address":""#,
            ] + (0..<32).map { String(UnicodeScalar(UInt8($0))) }.filter { $0 != "\0" }
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 0..<12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let person = [Self.person, "", "a", "\u{1}x", "é@example.com"].randomElement(using: &random) ?? ""
            let short = EventShorthand.short(text, person: person)
            #expect(Array(EventShorthand.long(short, person: person).utf8) == Array(text.utf8), "\(text.debugDescription) \(person)")
        }
    }

    /// Stores are full of these words: none may ever mean another.
    @Test func `A word keeps its place`() {
        let short = "\u{2}\u{1}\u{3}eN1\u{4}\u{E}Ann\u{5}\u{E}Ann Lee\u{6}pat@example.com\u{7}2026-11-27T10:00:00Z\u{8}eN2\u{B}name\u{C}"
        #expect(EventShorthand.short(Self.body, person: Self.person) == short)
        let words = (1..<32).filter { ![9, 10, 13, 31].contains($0) }.map { String(UnicodeScalar(UInt8($0))) }.joined(separator: "|")
        let meant = [
            "PERSON", #"{"account":{"address":""#, #"","id":""#, #""},"after":{""#, #""},"before":{""#, #""},"by":{"actor":""#,
            #"","at":""#,
            #"","audit":""#, #""},"fields":[""#, #""]}"#, #"name":""#, #"status":"active"#, #"status":"disabled"#, #"address":""#,
            #""},"group":{"id":""#, #""},"person":{"address":""#, #"","externalId":""#, #"","name":""#, #"alias":""#, #"role":""#,
            #"","own":true,"plan":""#, #"","reason":""#, #""source":""#, #"","adminRoles":[],"aliases":[],"id":""#,
            #"","internal":true,"name":""#, #"","source":"cloud","status":"active"#, #"","source":"ldap","status":"active"#,
        ]
        #expect(EventShorthand.long(words, person: "PERSON") == meant.joined(separator: "|"))
    }

    @Test func `What was kept at length before stands for itself`() {
        #expect(EventShorthand.long(Self.body, person: Self.person) == Self.body)
    }

    @Test func `A common event takes half the room`() {
        #expect(EventShorthand.short(Self.body, person: Self.person).utf8.count * 2 < Self.body.utf8.count)
    }
}
