import ArgumentParser
import Foundation
import Lifecycle
import Planning

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "What changed, when, by whom: the change feed that reads write.",
        discussion: """
            Each sync compares what it read with what the sync before read, and writes what differs as events. docs/events.md has each type \
            with an example; muster events --schema prints the JSON Schema.

              muster events --since 24h                          the last day, in words
              muster events --type 'account.*' --type role.granted --json
              muster events --person ann@example.com             one person, also under former addresses
              muster events --follow --json --after ID           go on after the last event that was dealt with; Ctrl-C ends it

            With --json each line is an event in CloudEvents 1.0. Whoever keeps the id of the last event and comes back with --after misses \
            nothing and gets nothing twice. Without --tenant the events of all tenants of the store come, by time; those who follow \
            several give --after once for each.

            With --siem it is the vendor's mail logs that come, as NDJSON. Each line comes at least once: the place is kept after lines were \
            written. Repeats are dropped where they can be told. What cannot be had is said on stderr and in the stream, by a line of the \
            type muster.gap.

              muster events --siem --follow | ship-logs
              muster events --siem --cursor archive --since 2d > mail.ndjson

            Exit 0: done. 64: no such type. 65: no such event.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var logs: SiemOptions
    @Flag(help: "Wait for more.") var follow = false
    @Option(help: ArgumentHelp("Begin after this event; once for each tenant.", valueName: "id")) var after: [String] = []
    @Option(help: ArgumentHelp("Events since then: 2026-11-27, 2026-11-27T10:00:00Z, 36h.", valueName: "time")) var since: PastTime?
    @Option(help: ArgumentHelp("Events of this type; stars stand for anything.", valueName: "type")) var type: [String] = []
    @Option(help: ArgumentHelp("Events about this account.", valueName: "email")) var person: String?
    @Flag(help: "Print the JSON Schema of the events.") var schema = false
    @Option(help: .hidden) var interval: Interval?

    func validate() throws {
        guard logs.siem else { return }
        let refused = [("--after", !after.isEmpty), ("--type", !type.isEmpty), ("--person", person != nil), ("--schema", schema)]
        if let (name, _) = refused.first(where: \.1) {
            throw ValidationError("\(name) chooses among Muster's own events; --siem streams the vendor's mail logs.")
        }
    }

    func run() async throws {
        if logs.siem { return try await Interruption.cancelling { try await stream() } }
        if schema {
            print(EventSchema.text)
            return
        }
        let filter = EventFeed.Filter(types: try types(), person: person, since: since.map { Int($0.startOfDay.timeIntervalSince1970) })
        guard follow else { return try await tell(filter) }
        do {
            try await Interruption.cancelling { try await tell(filter) }
        } catch is CancellationError {
            // Somebody has heard enough.
        }
    }

    /// The vendor's mail logs.
    private func stream() async throws {
        let work = try await Workbench(global)
        let tenant = try await work.tenant(application)
        try await SiemStream(
            work: work, tenant: tenant, cursor: logs.cursor, since: since?.date, types: logs.logType, follow: follow
        ).run()
    }

    private func types() throws -> Set<EventType>? {
        guard !type.isEmpty else { return nil }
        return try type.flatMap { $0.split(separator: ",") }.reduce(into: Set<EventType>()) { types, word in
            let named = EventType.named(String(word))
            guard !named.isEmpty else {
                let nearest = EventType.nearest(String(word))
                throw Trouble.usage(
                    "There is no type of event \(word).",
                    remedy: nearest.map { "Did you mean \($0)?" }
                        ?? "The types: \(EventType.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            types.formUnion(named)
        }
    }

    private func tell(_ filter: EventFeed.Filter) async throws {
        let work = try await Workbench(global)
        var places: [String: Int] = [:]
        for id in after {
            let place = try await EventFeed.place(of: id, work.store)
            if let wanted = work.settings.tenant, wanted != place.tenant {
                throw Trouble(
                    Exit.input, "other-tenant", "The event \(id) is about \(place.tenant), not about \(wanted).",
                    remedy: "Name that tenant, or give the id of one of its own events.")
            }
            places[place.tenant] = max(places[place.tenant] ?? 0, place.number)
        }
        func known() async throws -> [String] {
            if let only = work.settings.tenant { return [only] }
            return try await EventFeed.tenants(work.store)
        }
        let tenants = try await known()
        let merge = EventMerge(tenants.map { (EventFeed(store: work.store, tenant: $0), places[$0] ?? 0) }, filter)
        let page = EventPage(work.output, namesTenant: work.settings.tenant == nil && tenants.count > 1)
        var count = 0
        while true {
            let items = try await merge.next()
            if !items.isEmpty {
                try page.show(items)
                count += items.count
                continue
            }
            guard follow else { break }
            try await Task.sleep(for: interval?.duration ?? .seconds(1))
            let there = await merge.tenants
            for tenant in try await known() where !there.contains(tenant) { await merge.add(EventFeed(store: work.store, tenant: tenant)) }
            await merge.again()
        }
        if count == 0 {
            work.output.note(
                tenants.isEmpty
                    ? "There is no event yet: the second muster sync of a tenant is the first that can tell what changed."
                    : "No event fits. What changes at the vendor is told by the next muster sync.")
        }
    }
}

extension PastTime {
    /// The instant that was meant, a day being its beginning.
    fileprivate var startOfDay: Date { isDay ? date.addingTimeInterval(-86_399) : date }
}
