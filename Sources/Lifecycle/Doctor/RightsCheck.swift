import Mimecast
import MimecastClient

/// What the application may do, against what Muster's verbs need, by calls that change nothing.
enum RightsCheck {
    struct Trial: Sendable {
        /// What was tried.
        var what: String
        /// In the guide's words, and in the portal's.
        var right: String
        /// The verbs that need it.
        var verbs: String
        /// Nil where it is permitted.
        var refusal: ClientError?
    }

    static func findings(_ trials: [Trial]) -> [Finding] {
        let refused = trials.compactMap { trial in trial.refusal.map { (trial, $0) } }
        guard !refused.isEmpty else { return [] }
        let evidence = refused.map { trial, error in
            let said = error.reasons.map(\.message).first { !$0.isEmpty }
            return "\(trial.what): refused\(said.map { " (\($0))" } ?? ""), needed by \(trial.verbs)"
        }
        var rights: [String] = []
        for (trial, _) in refused where !rights.contains(trial.right) { rights.append(trial.right) }
        return [
            Finding(
                .narrowRights, .error, evidence.joined(separator: "; ") + ".",
                remedy: "Give the application in the console: \(rights.joined(separator: "; ")).")
        ]
    }
}
