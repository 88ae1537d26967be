/// The events of several tenants as one stream, by time; those of each tenant in their order.
public actor EventMerge {
    private struct Lane {
        let feed: EventFeed
        var place: Int
        var waiting: ArraySlice<EventFeed.Item> = []
        var isEnd = false
    }

    private var lanes: [Lane]
    private let filter: EventFeed.Filter
    private let limit: Int

    /// - Parameters:
    ///   - feeds: with the place after which each begins.
    public init(_ feeds: [(feed: EventFeed, place: Int)], _ filter: EventFeed.Filter) {
        lanes = feeds.map { Lane(feed: $0.feed, place: $0.place) }
        self.filter = filter
        // Few enough to stay in the processor's cache until they are written.
        limit = max(20, 500 / max(1, feeds.count))
    }

    /// The next events, in order; none where there are no more for now.
    public func next() async throws -> [EventFeed.Item] {
        for index in lanes.indices where lanes[index].waiting.isEmpty && !lanes[index].isEnd {
            let stretch = try await lanes[index].feed.after(lanes[index].place, filter, limit: limit)
            lanes[index].waiting = stretch.items[...]
            lanes[index].place = stretch.place
            lanes[index].isEnd = stretch.isEnd
        }
        if lanes.count == 1 {
            defer { lanes[0].waiting = [] }
            return Array(lanes[0].waiting)
        }
        var result: [EventFeed.Item] = []
        // Up to where the first lane has to be filled again.
        while let index = lanes.indices.filter({ !lanes[$0].waiting.isEmpty }).min(by: { time($0) < time($1) }) {
            if let item = lanes[index].waiting.popFirst() { result.append(item) }
            if lanes[index].waiting.isEmpty, !lanes[index].isEnd { break }
        }
        return result
    }

    private func time(_ index: Int) -> Int { lanes[index].waiting.first?.at ?? .max }

    /// Looks again at what may have come.
    public func again() { for index in lanes.indices { lanes[index].isEnd = false } }

    public var tenants: Set<String> { Set(lanes.map(\.feed.tenant)) }

    /// A tenant that was not there before.
    public func add(_ feed: EventFeed) { lanes.append(Lane(feed: feed, place: 0)) }
}
