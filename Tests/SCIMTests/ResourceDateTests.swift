import Foundation
import SCIM
import Testing

@Suite struct ResourceDateTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_767_323_045_678, "2026-01-02T03:04:05.678Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (-2_203_891_200_001, "1900-02-28T23:59:59.999Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ])
    func isWrittenAndRead(milliseconds: Int, text: String) {
        #expect(ResourceDate.text(milliseconds: milliseconds) == text)
        #expect(ResourceDate.parse(text) == milliseconds)
    }

    @Test func whatIsOutOfRangeIsShownAsTheEdge() {
        #expect(ResourceDate.text(milliseconds: .max) == "9999-12-31T23:59:59.999Z")
        #expect(ResourceDate.text(milliseconds: .min) == "0000-01-01T00:00:00.000Z")
    }

    @Test func everyDayAgreesWithFoundation() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var random = SplitMix64(state: 11)
        for day in stride(from: -25_000, through: 60_000, by: 7) {
            let milliseconds = day * 86_400_000 + Int.random(in: 0..<86_400_000, using: &random)
            let text = ResourceDate.text(milliseconds: milliseconds)
            #expect(ResourceDate.parse(text) == milliseconds)
            let date = try style.parse(text)
            #expect(Int((date.timeIntervalSince1970 * 1000).rounded()) == milliseconds, "\(text)")
        }
    }

    @Test(arguments: [
        ("2026-01-02T03:04:05Z", 1_767_323_045_000), ("2026-01-02t03:04:05z", 1_767_323_045_000),
        ("2026-01-02T03:04:05", 1_767_323_045_000),
        ("2026-01-02T04:04:05+01:00", 1_767_323_045_000), ("2026-01-01T22:04:05-05:00", 1_767_323_045_000),
        ("2026-01-02T08:34:05.5+05:30", 1_767_323_045_500), ("2026-01-02T03:04:05.6789999999999999999999Z", 1_767_323_045_678),
        ("2026-01-02T03:04:05.1", 1_767_323_045_100), ("2026-01-02T17:04:05+14:00", 1_767_323_045_000),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ("2026-01-02T03:04:05-00:00", 1_767_323_045_000),
    ])
    func isRead(text: String, milliseconds: Int) { #expect(ResourceDate.parse(text) == milliseconds) }

    @Test(arguments: [
        "", "2026", "2026-01-02", "2026-01-02 03:04:05Z", "2026-1-2T03:04:05Z", "2026-01-02T03:04Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-01-02T24:00:00Z", "2026-01-02T03:60:05Z", "2026-01-02T03:04:60Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05,5Z",
        "2026-01-02T03:04:05+1:00", "2026-01-02T03:04:05+0100", "2026-01-02T03:04:05+15:00", "2026-01-02T03:04:05+14:01",
        "2026-01-02T03:04:05+01:60", "2026-01-02T03:04:05Zx", "2026-01-02T03:04:05Z ", " 2026-01-02T03:04:05Z", "+026-01-02T03:04:05Z",
        "2026-01-02T03:04:0５", "12026-01-02T03:04:05Z", "-2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.1234567890123456789012345678901234567890123456Z",
    ])
    func isRefused(text: String) { #expect(ResourceDate.parse(text) == nil) }
}
