import Mimecast

/// Judges plans. Pure: the same changes, tenant and past make the same verdict.
enum Guards {
    /// Judges the changes of a plan.
    ///
    /// Windows are counted before a plan is applied, and one plan is applied at a time: however much is cut into small plans, no more than
    /// a window's limit gets through it.
    ///
    /// - Parameters:
    ///   - people: how many the source names; nil where no source is behind the changes.
    ///   - administrators: accounts with a role before and after; nil where the dialect does not show roles.
    ///   - isByHand: somebody asks for these changes and no source does.
    static func judge(
        _ changes: [Change], people: Int?, observed: ObservedState, administrators: (before: Int, after: Int)?, context: GuardContext,
        isByHand: Bool = false
    ) -> [GuardResult] {
        let judge = Judge(changes: changes, observed: observed, context: context)
        var results = judge.removals() + judge.additions() + judge.privilege()
        if isByHand { results = judge.admittingUrgent(results) }
        if let people { results.append(judge.shrink(people)) }
        if let seats = observed.seats { results.append(judge.seats(seats)) }
        if let administrators, administrators.after < administrators.before { results.append(judge.administrators(administrators)) }
        return results
    }

    /// Changes by those who gain privilege, and mass leaves, told apart from everyday work.
    static func marked(_ changes: [Change], observed: ObservedState, context: GuardContext) -> [Change] {
        let leavers = changes.reduce(into: [String: Int]()) { counts, change in
            if change.kind == .removeMember, let group = change.groupID { counts[group, default: 0] += 1 }
        }
        // Leaving a group one by one is everyday work; a mass leave is a removal, also where it is spread over an hour's runs.
        let mass = leavers.filter { group, count in
            let recent = context.leavers(of: group)
            return count + recent > context.limits[.groupLeavers].limit(of: (observed.members[group]?.count ?? 0) + recent)
        }
        let privileged = context.limits.privilegedGroups
        guard !mass.isEmpty || !privileged.isEmpty else { return changes }
        return changes.map { change in
            var change = change
            if change.kind == .removeMember, let group = change.groupID, mass[group] != nil { change.removal = true }
            if change.kind == .addMember, let group = change.group, privileged.contains(EmailAddress.fold(group)) {
                change.privilege = true
            }
            return change
        }
    }

    private struct Judge {
        let changes: [Change]
        let observed: ObservedState
        let context: GuardContext

        var population: Int { observed.population }

        func upTo(_ name: GuardName, _ value: Int, of whole: Int, _ text: (Int) -> String) -> GuardResult {
            let limit = context.limits.limit(name, of: whole)
            return GuardResult(name, value: value, limit: limit, tripped: value > limit, explanation: text(limit))
        }

        // MARK: Removals

        func removals() -> [GuardResult] {
            let removals = changes.count { $0.removal }
            let perRun = upTo(.removals, removals, of: population) {
                "\(removals) of \(counted(population, "account")) would be removed or disabled in this run; the limit is \($0)"
            }
            let day = removals + context.day { $0.removal }
            var perDay = upTo(.removalsPerDay, day, of: before { $0.day }) {
                "\(counted(day, "removal")) within 24 hours; the limit is \($0)"
            }
            // What was done is done: a plan that removes nobody goes on.
            if removals == 0 { perDay.tripped = false }
            var results = [perRun, perDay]
            let recent = context.hour { $0.removal }
            if removals > 0, recent > 0 {
                let hour = removals + recent
                var result = upTo(.removalsPerHour, hour, of: before { $0.hour }) {
                    "\(counted(hour, "removal")) within one hour; the limit is \($0)"
                }
                // An hour allows what one run allows at least: whoever raised that one meant it.
                if perRun.limit > result.limit {
                    result = GuardResult(
                        .removalsPerHour, value: hour, limit: perRun.limit, tripped: hour > perRun.limit,
                        explanation: "\(counted(hour, "removal")) within one hour; the limit is \(perRun.limit)")
                }
                results.append(result)
            }
            return results + [domains(), groups()].compactMap { $0 }
        }

        /// The accounts that there were when a window began.
        func before(_ count: (Spending) -> Int) -> Int {
            context.recent.reduce(population) { total, spent in
                switch spent.kind {
                case .create: total - count(spent)
                case .remove: total + count(spent)
                default: total
                }
            }
        }

        /// The domain that fares worst, where there are several: a small one can vanish below the limits of the whole.
        private func domains() -> GuardResult? {
            guard observed.domains.count > 1 else { return nil }
            let removals = changes.reduce(into: [String: Int]()) { counts, change in
                if change.removal { counts[EmailAddress(change.account)?.domain ?? "", default: 0] += 1 }
            }
            guard !removals.isEmpty else { return nil }
            let sizes = observed.sizes
            return worst(
                removals.map { domain, count in
                    let whole = sizes[domain] ?? 0
                    let value = count + context.day { $0.removal && $0.domain == domain }
                    return upTo(.domainRemovals, value, of: whole) {
                        "\(counted(value, "removal")) of \(counted(whole, "account")) of \(domain) within 24 hours; the limit is \($0)"
                    }
                })
        }

        /// The group that fares worst.
        private func groups() -> GuardResult? {
            var leavers: [String: (name: String, count: Int)] = [:]
            for change in changes where change.kind == .removeMember {
                guard let group = change.groupID else { continue }
                leavers[group, default: (change.group ?? group, 0)].count += 1
            }
            return worst(
                leavers.compactMap { group, leaving -> GuardResult? in
                    let recent = context.leavers(of: group)
                    let whole = (observed.members[group]?.count ?? 0) + recent
                    guard whole >= GuardLimits.leastGuardedGroup else { return nil }
                    let value = leaving.count + recent
                    return upTo(.groupLeavers, value, of: whole) {
                        "\(value) of \(counted(whole, "member")) of \(leaving.name) would have left it within one hour; the limit is \($0)"
                    }
                })
        }

        private func worst(_ results: [GuardResult]) -> GuardResult? {
            results.max { ($0.tripped ? 1 : 0, $0.value, $1.explanation) < ($1.tripped ? 1 : 0, $1.value, $0.explanation) }
        }

        /// A single leaver who is disabled by hand cannot wait until a window has passed, or until somebody has found out about a source:
        /// that one goes on beyond the limits, with an approval, and only so many times.
        func admittingUrgent(_ results: [GuardResult]) -> [GuardResult] {
            let removals = changes.filter(\.removal)
            let stops = results.filter { $0.tripped && GuardName(rawValue: $0.name)?.directions == [.removals] }
            guard removals.count == 1, removals[0].kind == .disable, !stops.isEmpty else { return results }
            let value = 1 + context.day { $0.removal && $0.byHand }
            let urgent = upTo(.urgent, value, of: population) {
                "\(counted(value, "removal")) by hand within 24 hours; beyond the other limits one at a time may go on, up to \($0)"
            }
            guard !urgent.tripped else { return results + [urgent] }
            let names = Set(stops.map(\.name))
            return results.map { result in
                guard names.contains(result.name) else { return result }
                var result = result
                result.tripped = false
                result.explanation += "; a single one by hand goes on beyond it, once it is approved"
                return result
            } + [urgent]
        }

        // MARK: Additions

        func additions() -> [GuardResult] {
            let creates = changes.count { $0.kind == .create }
            var results = [
                upTo(.additions, creates, of: population) {
                    "\(counted(creates, "account")) would be created beside \(population); the limit is \($0)"
                }
            ]
            let recent = context.day { $0.kind == .create }
            if creates > 0, recent > 0 {
                let value = creates + recent
                results.append(
                    upTo(.additionsPerDay, value, of: before { $0.day }) {
                        "\(counted(value, "account")) created within 24 hours; the limit is \($0)"
                    })
            }
            return results
        }

        func seats(_ contracted: Int) -> GuardResult {
            let creates = changes.count { $0.kind == .create }
            var result = upTo(.seats, population + creates, of: contracted) { _ in
                "\(counted(population + creates, "account")) after this plan; \(counted(contracted, "seat")) contracted"
            }
            // Who is there is there: a plan that makes nobody goes on.
            if creates == 0 { result.tripped = false }
            return result
        }

        // MARK: Privilege

        func privilege() -> [GuardResult] {
            let privileges = changes.count { $0.privilege }
            var results = [
                upTo(.privilege, privileges, of: population) {
                    "\(counted(privileges, "change")) of administrative roles; the limit is \($0)"
                }
            ]
            let recent = context.day { $0.privilege }
            if privileges > 0, recent > 0 {
                let value = privileges + recent
                results.append(
                    upTo(.privilegePerDay, value, of: population) {
                        "\(counted(value, "change")) of administrative roles within 24 hours; the limit is \($0)"
                    })
            }
            return results
        }

        func administrators(_ administrators: (before: Int, after: Int)) -> GuardResult {
            let least = min(context.limits[.administrators].least, administrators.before)
            return GuardResult(
                .administrators, value: administrators.after, limit: least, tripped: administrators.after < least,
                explanation: "\(administrators.after) administrators would remain; at least \(least) must")
        }

        // MARK: The source

        func shrink(_ people: Int) -> GuardResult {
            guard people > 0 else {
                return GuardResult(
                    .sourceShrink, value: context.lastAccepted ?? 0, limit: 0, tripped: true, explanation: "the source names nobody")
            }
            let last = context.lastAccepted ?? people
            let lost = max(0, last - people)
            return upTo(.sourceShrink, lost, of: last) {
                lost == 0
                    ? "the source names \(people) people" + (last == people ? "" : ", \(last) the last time")
                    : "the source names \(people) people, \(last) the last time: \(lost) fewer, the limit is \($0)"
            }
        }
    }
}
