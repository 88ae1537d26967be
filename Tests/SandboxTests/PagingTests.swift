import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// Lists end, lack nobody and repeat nobody.
@Suite(.serialized) struct PagingTests {
    @Test(arguments: [App.portal, .v1]) func portalListsClose(app: App) async throws {
        try await SandboxHarness.run({ $0.seed = .people(230) }) { box async throws in
            let company = Company.generate(people: 230, domains: 2, seed: 1)
            let expected = Set(
                company.people.flatMap { [$0.address] + $0.aliases } + company.domains.flatMap { ["abuse@\($0)", "postmaster@\($0)"] })
            for item in ["", #"{"domain":"\#(company.domains[0])"}"#] {
                let (rows, last) = try await box.pages(app, "/api/user/get-internal-users", item: item, size: 37) {
                    $0.data[0]["users"]?.list ?? []
                }
                let addresses = rows.compactMap { $0["emailAddress"]?.text }
                #expect(Set(addresses).count == rows.count)
                #expect(last.data[0]["userCount"]?.int == rows.count)
                #expect(Set(addresses) == (item.isEmpty ? expected : expected.filter { $0.hasSuffix("@" + company.domains[0]) }))
            }
            let (guests, last) = try await box.pages(app, "/api/user/get-external-users", size: 3) { $0.data[0]["users"]?.list ?? [] }
            #expect(Set(guests.compactMap { $0["emailAddress"]?.text }) == Set(company.guests.map(\.address)))
            #expect(last.data[0]["userCount"]?.int == company.guests.count)
            let (groups, _) = try await box.pages(app, "/api/directory/find-groups", size: 4) { $0.data[0]["folders"]?.list ?? [] }
            #expect(groups.count == company.cloudGroups.count + company.directoryGroups.count)
            let staff = groups.first { $0["description"]?.text == "All Staff" }?["id"]?.text ?? ""
            let (members, _) = try await box.pages(app, "/api/directory/get-group-members", item: #"{"id":"\#(staff)"}"#, size: 100) {
                $0.data[0]["groupMembers"]?.list ?? []
            }
            #expect(Set(members.compactMap { $0["emailAddress"]?.text }) == Set(company.people.map(\.address)))
            #expect(members.count == 230)
        }
    }

    @Test func guideListsClose() async throws {
        try await SandboxHarness.run({ $0.seed = .people(230) }) { box async throws in
            let company = Company.generate(people: 230, domains: 2, seed: 1)
            let (rows, last) = try await box.pages(.guide, "/api/user/get-internal-users", size: 41) { $0.data }
            #expect(Set(rows.compactMap { $0["emailAddress"]?.text }) == Set(company.people.map(\.address)))
            #expect(rows.count == 230)
            #expect(last.pagination?["totalCount"]?.int == 230)
            let (guests, _) = try await box.pages(.guide, "/api/user/get-external-users", size: 2) { $0.data }
            #expect(guests.count == company.guests.count)
            #expect(guests.allSatisfy { $0["userType"]?.text == "external" })
            // By query, as the guide prints it.
            var (count, token, pages) = (0, "", 0)
            repeat {
                let path = "/api/user/get-internal-users?pageSize=100" + (token.isEmpty ? "" : "&pageToken=\(token)")
                let reply = try await box.call(.guide, path, nil, method: .GET)
                count += reply.data.count
                pages += 1
                token = reply.pagination?["pageToken"]?.text ?? ""
            } while !token.isEmpty && pages < 10
            #expect(count == 230 && pages == 3)
            let byGuide = rows.first { $0["emailAddress"]?.text == company.people[3].address }
            #expect(byGuide?["alias"]?.list.compactMap(\.text) == company.people[3].aliases)
            #expect(byGuide?["name"]?.text == company.people[3].displayName)
        }
    }

    @Test func pageSizesAndTokens() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/user/get-internal-users"
            func page(_ pagination: String, _ data: String = "[]") async throws -> Reply {
                try await box.call(.portal, path, #"{"meta":{"pagination":\#(pagination)},"data":\#(data)}"#)
            }
            for size in ["0", "501", "-1", #""many""#] {
                let reply = try await page(#"{"pageSize":\#(size)}"#)
                #expect(reply.status == 400, "\(size)")
                #expect(reply.code == FailureCode.invalidPage)
            }
            #expect(try await page(#"{"pageSize":"5","pageToken":""}"#).pagination?["pageSize"]?.int == 5)
            let domain = #"[{"domain":"\#(box.domain)"}]"#
            let token = try #require(try await page(#"{"pageSize":5}"#, domain).pagination?["next"]?.text)
            // The token carries the query: the items may be left out, but not changed.
            let bare = try await page(#"{"pageSize":5,"pageToken":"\#(token)"}"#)
            #expect(bare.status == 200)
            #expect(bare.data[0]["users"]?.list.allSatisfy { $0["domain"]?.text == box.domain } == true)
            #expect(try await page(#"{"pageToken":"\#(token)"}"#, #"[{"domain":"quillhaven-cargo.example"}]"#).status == 400)
            #expect(try await page(#"{"pageToken":"\#(token.dropLast(2))zz"}"#).status == 400)
            #expect(try await page(#"{"pageToken":"made-up"}"#).status == 400)
            let other = try await box.call(.portal, "/api/user/get-external-users", #"{"meta":{"pagination":{"pageToken":"\#(token)"}}}"#)
            #expect(other.status == 400)
        }
    }
}
