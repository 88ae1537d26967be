import Foundation
import Mimecast

/// What a form or a query holds: `a=b&c=d`.
struct FormFields: Sendable {
    /// The first of several values counts.
    let values: [String: String]
    /// What came more than once, which OAuth forbids (RFC 6749, section 3.1).
    let repeated: Set<String>

    init(_ text: some StringProtocol) {
        var values: [String: String] = [:]
        var repeated: Set<String> = []
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                part.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String(part)
            }
            guard let name = parts.first else { continue }
            if values[name] != nil { repeated.insert(name) } else { values[name] = parts.count > 1 ? parts[1] : "" }
        }
        self.values = values
        self.repeated = repeated
    }

    init(_ body: Data) { self.init(String(decoding: body, as: UTF8.self)) }

    /// An object of strings, which some clients send instead of a form.
    ///
    /// - Returns: nil for what is none.
    init?(json body: Data) {
        guard let tree = try? LenientJSON.parse(body), case .object(let members) = tree else { return nil }
        values = members.compactMapValues(\.text)
        repeated = []
    }

    /// What was sent without a value was not sent (RFC 6749, section 3.1).
    subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }
}
