import SCIM
import Synchronization

/// The quirks of every client, made once.
final class QuirkShelf: Sendable {
    private let unknown: Quirks
    private let known: [IdentityProvider: Quirks]
    /// What User-Agents turned out to be: looking into them costs more than all else that a look-up does here.
    private let agents = Mutex<[ExactText: IdentityProvider?]>([:])

    private static let mostAgents = 64

    init(isStrict: Bool) {
        unknown = Quirks(QuirkClient(isStrict: isStrict))
        known = Dictionary(
            uniqueKeysWithValues: IdentityProvider.allCases.map { ($0, Quirks(QuirkClient(setting: $0, isStrict: isStrict))) })
    }

    func quirks(_ caller: SCIMCaller, userAgent: String?) -> Quirks {
        (caller.provider ?? userAgent.flatMap { provider($0) }).flatMap { known[$0] } ?? unknown
    }

    private func provider(_ userAgent: String) -> IdentityProvider? {
        agents.withLock { agents in
            let key = ExactText(userAgent)
            if let found = agents[key] { return found }
            if agents.count >= Self.mostAgents { agents = [:] }
            let provider = IdentityProvider(userAgent: userAgent)
            agents[key] = .some(provider)
            return provider
        }
    }
}
