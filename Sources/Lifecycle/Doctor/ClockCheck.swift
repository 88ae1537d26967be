import Foundation
import Mimecast

/// The vendor's clock, by its header `Date`, against this machine's.
enum ClockCheck {
    /// Seconds beyond which it is told (our choice).
    static let told = 300.0
    /// Seconds beyond which v1 refuses what is signed (believed, never stated: facts, section 2).
    static let refused = 900.0

    /// - Parameters:
    ///   - lead: seconds that the vendor's clock is ahead; nil where no answer named a time.
    ///   - isRefusedForIt: v1 refused a call, and took the same one dated by its own clock.
    static func findings(lead: TimeInterval?, _ generation: Generation, isRefusedForIt: Bool) -> [Finding] {
        guard let lead, abs(lead) > told || isRefusedForIt else { return [] }
        let evidence = "This machine's clock is \(span(lead)) \(lead > 0 ? "behind" : "ahead of") the vendor's (its header Date)."
        let remedy = "Set the clock by a time server (timedatectl set-ntp true)."
        guard generation == .v1 else {
            return [Finding(.clockSkew, .warning, "\(evidence) Tokens and audit events are dated by the vendor's.", remedy: remedy)]
        }
        let fate =
            isRefusedForIt
            ? "v1 signs the date: it refuses the keys, and took them with its own time of day."
            : "v1 signs the date, and refuses one that is about 15 minutes off."
        let severity: Finding.Severity = isRefusedForIt || abs(lead) > refused ? .error : .warning
        return [Finding(.clockSkew, severity, "\(evidence) \(fate)", remedy: remedy)]
    }

    static func span(_ seconds: TimeInterval) -> String {
        let whole = Int(abs(seconds).rounded())
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<7_200: "\(whole / 60) min"
        case ..<172_800: "\(whole / 3_600) h"
        default: "\(whole / 86_400) days"
        }
    }
}
