import Mimecast
import Testing

/// One person as an earlier read showed them, with the built program.
@Suite struct AsOfTests {
    @Test func whatWasBeforeTheFirstReadNobodyKnows() async throws {
        try await Desk.with { desk in
            let user = try #require(try await desk.tenant.users().first { $0.isPlain }).address
            try await desk.muster("sync", expect: 0)
            let now = try await desk.muster("show", user, "--as-of", "2999-01-01", "--json", expect: 0).document
            #expect(now?["account"]?["address"]?.text == user)
            #expect(now?["asOf"]?.text?.hasSuffix("Z") == true)
            #expect(now?["versions"]?.list.count == 1)
            let before = try await desk.muster("show", user, "--as-of", "2020-01-01", "--json", expect: 65)
            #expect(before.error?["code"]?.text == "not-read-then")
            #expect(before.error?["remedy"]?.text?.contains("read first at") == true)
            try await desk.muster("show", user, "--as-of", "lately", expect: 64)
        }
    }
}
