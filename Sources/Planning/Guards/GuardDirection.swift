import Mimecast

/// A direction in which a tenant can change. A guard that trips freezes its own and no other.
public enum GuardDirection: String, Sendable, Codable, CaseIterable {
    /// Somebody loses something: an account, or a place in a group.
    case removals
    /// Somebody new comes.
    case additions
    /// Somebody gets or loses power over others.
    case privilege

    /// Whether a line goes in this direction.
    public func holds(_ change: Change) -> Bool {
        switch self {
        case .removals: change.removal || change.kind == .removeMember || change.kind == .disable || change.kind == .remove
        case .additions: change.kind == .create
        case .privilege: change.privilege
        }
    }
}

extension Plan {
    /// Guards that tripped, those by the names of other versions left out.
    public var trippedGuards: [GuardName] { guards.filter(\.tripped).compactMap { GuardName(rawValue: $0.name) } }

    /// The numbers of the lines that stay behind when some directions are left out.
    ///
    /// A line that rests on one of them stays behind, too: nobody joins a group under an address that is not made.
    ///
    /// - Parameters:
    ///   - directions: what is left out.
    ///   - lines: further lines that are left out, by number.
    public func held(without directions: Set<GuardDirection>, lines: Set<Int> = []) -> Set<Int> {
        var held = Set(work.filter { change in lines.contains(change.line) || directions.contains { $0.holds(change) } }.map(\.line))
        guard !held.isEmpty else { return [] }
        let unmade = Set(
            work.filter { held.contains($0.line) && ($0.kind == .create || $0.kind == .rename) }
                .map { EmailAddress.key($0.kind == .rename ? $0.values?.address ?? $0.account : $0.account) })
        for change in work where unmade.contains(EmailAddress.key(change.account)) { held.insert(change.line) }
        // Who is not purged keeps the rights that end for the purge's sake alone.
        let kept = Set(work.filter { $0.kind == .purge && held.contains($0.line) }.map { EmailAddress.key($0.account) })
        for change in work where change.kind == .removeDelegate && kept.contains(EmailAddress.key(change.counterpart ?? "")) {
            held.insert(change.line)
        }
        return held
    }

    /// What the guards that tripped hold back: guard by guard, the numbers of the lines.
    public var heldByGuards: [(guarded: GuardName, lines: [Int])] {
        trippedGuards.map { ($0, held(without: $0.directions).sorted()) }
    }
}
