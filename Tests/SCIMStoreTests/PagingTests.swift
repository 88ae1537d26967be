import MusterStore
import SCIM
import Testing

@testable import SCIMStore

@Suite struct PagingTests {
    /// Users with and without display names, and groups.
    private func filled(_ count: Int, lifetime: Int = 300_000) async throws -> Fixture {
        let fixture = try Fixture(lifetime: lifetime)
        try await fixture.write { store in
            for number in 0..<count {
                // Ids, names and dates each go another way.
                var user = UserResource(
                    id: "u\(number * 7_919 % 10_007 + 10_000)", userName: "n\(number * 5_003 % 10_007 + 10_000)@x.example")
                if number % 4 != 0 { user.displayName = "D\(number % 5)" }
                user.title = "t\(number % 3)"
                try store.insert([user], now: 1_000 + number / 2)
            }
            try store.insert((0..<5).map { GroupResource(id: "g\($0)", displayName: "D\($0 % 2)") }, now: 1)
        }
        return fixture
    }

    @Test(arguments: [nil, "userName", "displayName", "meta.created", "meta.lastModified", "id", "title"], [true, false])
    func everyOrderPagesTheSameBothWays(_ sort: String?, _ isAscending: Bool) async throws {
        let fixture = try await filled(53)
        let sorting = sort.map { ($0, isAscending) }
        for types in [[ResourceType.user], [.user, .group], [.group, .user]] {
            let whole = try await fixture.search(types: types, sort: sorting, count: 1_000)
            #expect(whole.total == 53 + (types.count - 1) * 5 && whole.entries.count == whole.total && whole.next == nil)
            let ids = whole.entries.map(\.id)
            #expect(Set(ids).count == ids.count)
            for count in [1, 7, 20, 58] {
                #expect(try await fixture.scan(types: types, sort: sorting, count: count) == ids)
                #expect(try await fixture.scanByIndex(types: types, sort: sorting, count: count) == ids)
            }
            for start in [0, -5, 2, 50, 54, 58, 59, 1_000] {
                let page = try await fixture.search(types: types, sort: sorting, start: .index(start), count: 10)
                #expect(page.entries.map(\.id) == Array(ids.dropFirst(max(start, 1) - 1).prefix(10)) && page.total == ids.count)
                #expect((page.next == nil) == (max(start, 1) + 9 >= ids.count))
            }
        }
    }

    @Test func ordersAreWhatTheySay() async throws {
        let fixture = try await filled(40)
        let rows = try await fixture.read { store in try (10_000..<20_007).compactMap { try store.row("u\($0)") } }
        func expect(_ sort: String?, _ expected: [StoredRow]) async throws {
            let up = try await fixture.search(sort: sort.map { ($0, true) }, count: 100).entries.map(\.id)
            #expect(up == expected.map(\.id), "\(sort ?? "-")")
        }
        try await expect(nil, rows.sorted { $0.id < $1.id })
        try await expect("userName", rows.sorted { ($0.userName ?? "") < ($1.userName ?? "") })
        try await expect("meta.created", rows.sorted { ($0.created, $0.id) < ($1.created, $1.id) })
        let named = rows.filter { $0.displayName != nil }.sorted { ($0.displayName ?? "", $0.id) < ($1.displayName ?? "", $1.id) }
        let unnamed = rows.filter { $0.displayName == nil }.sorted { $0.id < $1.id }
        #expect(!unnamed.isEmpty)
        try await expect("displayName", named + unnamed)
        // Those without a value come first on the way down.
        let down = try await fixture.search(sort: ("displayName", false), count: 100).entries.map(\.id)
        #expect(down == unnamed.reversed().map(\.id) + named.reversed().map(\.id))
    }

    @Test func countOfNothingTellsTheTotal() async throws {
        let fixture = try await filled(20)
        _ = fixture.store.take()
        let page = try await fixture.search(types: [.user, .group], count: 0)
        #expect(page.total == 25 && page.entries.isEmpty && page.next == nil)
        #expect(fixture.store.take().rows == 2)
        #expect(try await fixture.search(#"title eq "t0""#, count: 0).total == 7)
        #expect(try await fixture.search(#"displayName sw "d""#, types: [.user, .group], count: 0).total == 20)
    }

    @Test(arguments: [
        "", "0", "x.i1", "0.", "0.i", "0.z5:1", "0.t5:ab", "0.tx:a", "0.n5", "9.iu1", "-1.iu1", "0.t1:au1", "0.n5:u1", "0.r5:u1",
        "0.t-1:a", "0.lu1", "0.l", "1.iu1", "\u{0}", "0.t2:\u{E9}",
    ])
    func madeUpCursorsAreRefused(_ text: String) async throws {
        let fixture = try await filled(3)
        await #expect {
            _ = try await fixture.search(start: .after(text))
        } throws: {
            ($0 as? SCIMError)?.kind == .invalidCursor && ($0 as? SCIMError)?.status == 400
        }
    }

    @Test func keysComeBackAsTheyWere() throws {
        let texts = ["", "a", "1:2", "ü:x", "\u{1F600}", ".t3:", "e\u{301}", "\u{301}x"]
        for text in texts {
            for id in ["1", "a:b", "\u{301}id", "9"] {
                for place in [PageKey.Place.id, .text(ExactText(text)), .number(-5), .rank(7), .row] {
                    let key = PageKey(stretch: 2, place: place, id: id)
                    let read = try PageKey(key.text)
                    #expect(read.place == place && ExactText(read.id) == ExactText(id) && read.stretch == 2)
                }
            }
        }
    }

    /// The number of rows that were read tells: the first time the index is walked, then a place in it is known.
    @Test func aDeepIndexCostsWhatACursorCosts() async throws {
        let fixture = try await filled(4_000)
        func statements(_ start: Int) async throws -> [String] {
            _ = fixture.store.take()
            let page = try await fixture.search(start: .index(start), count: 10)
            #expect(page.entries.count == 10 && page.total == 4_000)
            return fixture.store.take().statements
        }
        #expect(try await statements(3_001).contains { $0.contains("OFFSET") })
        // The page after it, and then the one after that, follow without.
        #expect(try await statements(3_011).allSatisfy { !$0.contains("OFFSET") })
        #expect(try await statements(3_021).allSatisfy { !$0.contains("OFFSET") })
        #expect(try await statements(3_011).allSatisfy { !$0.contains("OFFSET") })
        // Near a known one, the rest of the way is counted from there.
        let offset = try await statements(3_500)
        #expect(offset.contains { $0.contains("OFFSET") && $0.contains("r.id > ") })
        fixture.clock.now += 400_000
        #expect(try await statements(3_021).contains { $0.contains("OFFSET") })
        #expect(try await fixture.scanByIndex(count: 500) == fixture.scan(count: 333))
    }

    @Test func rememberedPositionsAreFew() {
        let remembered = RememberedPositions(most: 100, lifetime: 1_000)
        func query(_ number: Int) -> RememberedPositions.Query {
            RememberedPositions.Query(tenant: "t\(number)", ResourceQuery(types: [.user]))
        }
        for number in 0..<1_000 {
            remembered.remember(query(number), counts: [], count: 5, PageKey(stretch: 0, place: .id, id: "\(number)"), now: 0)
        }
        let left = (0..<1_000).filter { remembered.position(query($0), counts: [], upTo: 5, now: 1) != nil }
        #expect(left.count <= 100 && left.count >= 40 && left.contains(999))
        // One search that has more than all may keeps some of its own, the last one included.
        for count in 1...1_000 {
            remembered.remember(query(0), counts: [], count: count, PageKey(stretch: 0, place: .id, id: "\(count)"), now: 2)
        }
        #expect(remembered.position(query(0), counts: [], upTo: 1_000, now: 3)?.key.id == "1000")
        let early = remembered.position(query(0), counts: [], upTo: 500, now: 3)
        #expect(early.map { $0.count <= 500 && $0.key.id == "\($0.count)" } == true)
        #expect(remembered.position(query(0), counts: [], upTo: 1_000, now: 5_000) == nil)
        // A clock that goes back.
        remembered.remember(query(1), counts: [], count: 1, PageKey(stretch: 0, place: .id, id: "a"), now: 9_000)
        #expect(remembered.position(query(1), counts: [], upTo: 1, now: 8_000) == nil)
    }

    @Test func whatHasToBeLookedAtOneByOneIsLimited() async throws {
        let fixture = try Fixture()
        try await fixture.write { store in
            try store.insert((0..<20_001).map { UserResource(id: "u\($0)", userName: "n\($0)", title: "t\($0 % 9)") }, now: 1)
        }
        for (filter, sort) in [(#"title eq "t1""#, nil), (nil, ("title", true)), (#"userName sw "n" and title pr"#, nil)] {
            await #expect {
                _ = try await fixture.search(filter, sort: sort)
            } throws: {
                ($0 as? SCIMError)?.kind == .tooMany
            }
        }
        // One less is no trouble, and neither is a part that the database makes small.
        try await fixture.provider.delete(.user, id: "u9", .any)
        #expect(try await fixture.search(#"title eq "t1""#, count: 5).total == 2_223)
        #expect(
            try await fixture.search(#"userName sw "n11" and title eq "t1""#).total
                == (0..<20_001).count { "n\($0)".hasPrefix("n11") && $0 % 9 == 1 })
        #expect(try await fixture.search(#"userName sw "n1""#, count: 1).total == 11_111)
    }

    @Test func pagesThatHaveToBeLookedAtFollowOneAnother() async throws {
        let fixture = try await filled(300)
        for sort in [nil, ("displayName", false), ("title", false)] {
            let filter = #"title eq "T1" or title eq "t2""#
            let ids = try await fixture.search(filter, sort: sort, count: 1_000)
            #expect(ids.total == 200 && ids.entries.count == 200)
            #expect(try await fixture.scan(filter, sort: sort, count: 33) == ids.entries.map(\.id))
            #expect(try await fixture.scanByIndex(filter, sort: sort, count: 33) == ids.entries.map(\.id))
            let last = try await fixture.search(filter, sort: sort, start: .index(195), count: 33)
            #expect(last.total == 200 && last.entries.count == 6 && last.next == nil)
        }
    }
}
