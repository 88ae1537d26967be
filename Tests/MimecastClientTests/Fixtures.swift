import HTTPTransport
import Foundation
import Logging
import Mimecast
import TestSupport

@testable import MimecastClient

enum Fixture {
    static let secret = "s3cr3t-of-the-client"
    static let v2 = Credentials.v2(clientID: "client-1", clientSecret: secret)
    /// Keys of the known-good vector in the facts, section 2.
    static let v1 = Credentials.v1(
        applicationID: "app-1", applicationKey: "ApplicationKey", accessKey: "AccessKey",
        secretKey: Data("SecretKey".utf8).base64EncodedString())
    static let base = "https://api.example.com"
    static let instant = Date(timeIntervalSince1970: 1_661_089_780)  // Sun, 21 Aug 2022 13:49:40 UTC

    static func client(
        _ transport: any Transport, dialect: Dialect = .portal, credentials: Credentials = v2, base: String = base,
        retry: RetryPolicy = .standard, clock: any Clock<Duration> = ManualClock(advancesItself: true), logger: Logger? = nil
    ) -> TenantClient {
        TenantClient(
            baseURL: base, dialect: dialect, credentials: credentials, transport: transport, retry: retry, clock: clock, now: { instant },
            random: { 0 }, logger: logger ?? Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    static let accountPath = "/api/account/get-account"
    static let account = #"{"meta":{"status":200},"data":[{"accountCode":"CUSA1","accountName":"Example","userCount":7}],"fail":[]}"#
    static let empty = #"{"meta":{"status":200},"data":[],"fail":[]}"#

    /// An envelope with one failed item.
    static func refusal(_ code: String, key: String? = #"{"emailAddress":"a@example.com"}"#, message: String = "no") -> String {
        let key = key.map { #""key":\#($0),"# } ?? ""
        return
            #"{"meta":{"status":200},"data":[],"fail":[{\#(key)"errors":[{"code":"\#(code)","message":"\#(message)","retryable":false}]}]}"#
    }
}

/// Runs `body` and returns the error that it must throw.
func clientError<T>(_ body: () async throws -> T) async throws -> ClientError {
    do {
        _ = try await body()
    } catch let error as ClientError {
        return error
    }
    throw NothingThrown()
}

struct NothingThrown: Error {}

extension Pages {
    /// All pages.
    func all() async throws -> [Page] {
        var pages: [Page] = []
        for try await page in self { pages.append(page) }
        return pages
    }
}

extension WireRequest {
    /// The body as a JSON value.
    var json: JSON? { try? JSONDecoder().decode(JSON.self, from: Data(body)) }

    /// The items of the body.
    var items: [JSON] { if case .array(let items)? = json?["data"] { items } else { [] } }
}
