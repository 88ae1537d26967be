import AsyncHTTPClient
import Foundation
import HTTPTransport
import Mimecast
import MimecastClient
import NIOCore
import NIOHTTP1

/// One keep-alive connection to a sandbox, with everybody's credentials.
final class Desk: Sendable {
    private let values: [String: String]
    private let client: HTTPClient
    private let tokens: [String: String]

    private init(credentials path: String) async throws {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let values = Dictionary(
            lines.compactMap { line -> (String, String)? in
                let parts = line.split(separator: "=", maxSplits: 1)
                return parts.count == 2 ? (String(parts[0]), parts[1].trimmingCharacters(in: ["'"])) : nil
            }, uniquingKeysWith: { first, _ in first })
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.values = values
        self.client = client
        var tokens: [String: String] = [:]
        for application in ["MIMECAST_", "MIMECAST_GUIDE_"] {
            let (id, secret) = (values[application + "CLIENT_ID"] ?? "", values[application + "CLIENT_SECRET"] ?? "")
            var request = HTTPClientRequest(url: (values["MIMECAST_BASE_URL"] ?? "") + Endpoints.tokenPath)
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)"))
            let body = try await Self.body(client, request)
            tokens[application] = try JSONDecoder().decode(Token.self, from: body).access_token
        }
        self.tokens = tokens
    }

    private struct Token: Decodable { let access_token: String }

    struct UnexpectedStatus: Error, CustomStringConvertible {
        let status: UInt
        let url: String
        let text: String
        var description: String { "\(url) answered \(status): \(text)" }
    }

    /// Opens a desk for as long as `body` lasts.
    static func open(credentials path: String, _ body: (Desk) async throws -> Void) async throws {
        let desk = try await Desk(credentials: path)
        do {
            try await body(desk)
        } catch {
            try? await desk.client.shutdown()
            throw error
        }
        try await desk.client.shutdown()
    }

    /// Asks for a page.
    ///
    /// - Returns: the body, and the time from sending to having it whole. Signing is not counted.
    func page(_ list: PagedList, _ token: String?) async throws -> (body: Data, elapsed: Duration) {
        let (target, body) = list.request(token)
        var request = HTTPClientRequest(url: (values["MIMECAST_BASE_URL"] ?? "") + target)
        request.method = HTTPMethod(rawValue: list.description.method.rawValue)
        request.headers = HTTPHeaders(try headers(list.application, target))
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        return try await timed(request)
    }

    /// Sends a call.
    func send(_ application: PagedList.Application, _ method: String, _ target: String, _ body: String?) async throws -> Data {
        var request = HTTPClientRequest(url: (values["MIMECAST_BASE_URL"] ?? "") + target)
        request.method = HTTPMethod(rawValue: method)
        request.headers = HTTPHeaders(try headers(application, target))
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        return try await Self.body(client, request)
    }

    /// The client library as it comes, with the same credentials.
    func client(_ application: PagedList.Application) -> TenantClient {
        func value(_ name: String) -> String { values["MIMECAST_" + name] ?? "" }
        let (dialect, credentials): (Dialect, Credentials) =
            switch application {
            case .portal: (.portal, .v2(clientID: value("CLIENT_ID"), clientSecret: value("CLIENT_SECRET")))
            case .guide: (.guide, .v2(clientID: value("GUIDE_CLIENT_ID"), clientSecret: value("GUIDE_CLIENT_SECRET")))
            case .v1:
                (
                    .portal,
                    .v1(
                        applicationID: value("APP_ID"), applicationKey: value("APP_KEY"), accessKey: value("ACCESS_KEY"),
                        secretKey: value("SECRET_KEY"))
                )
            }
        return TenantClient(
            baseURL: value("BASE_URL"), dialect: dialect, credentials: credentials, transport: AsyncHTTPTransport(client: client))
    }

    func medianOfPing(rounds: Int) async throws -> Duration {
        var times: [Duration] = []
        for _ in 0..<rounds {
            times.append(try await timed(HTTPClientRequest(url: (values["MIMECAST_BASE_URL"] ?? "") + "/ping")).elapsed)
        }
        return times.median
    }

    private func timed(_ request: HTTPClientRequest) async throws -> (body: Data, elapsed: Duration) {
        let start = ContinuousClock.now
        let body = try await Self.body(client, request)
        return (body, ContinuousClock.now - start)
    }

    private static func body(_ client: HTTPClient, _ request: HTTPClientRequest) async throws -> Data {
        let reply = try await client.execute(request, timeout: .seconds(60))
        let body = try await reply.body.collect(upTo: 16 << 20)
        guard reply.status == .ok else {
            throw UnexpectedStatus(status: reply.status.code, url: request.url, text: String(buffer: body))
        }
        return Data(body.readableBytesView)
    }

    private func headers(_ application: PagedList.Application, _ target: String) throws -> [(String, String)] {
        switch application {
        case .portal: return [("authorization", "Bearer \(tokens["MIMECAST_"] ?? "")")]
        case .guide: return [("authorization", "Bearer \(tokens["MIMECAST_GUIDE_"] ?? "")")]
        case .v1:
            let date = RequestSignature.date(Date())
            let id = UUID().uuidString.lowercased()
            let signature = RequestSignature(
                date: date, requestID: id, path: target, applicationKey: values["MIMECAST_APP_KEY"] ?? "",
                accessKey: values["MIMECAST_ACCESS_KEY"] ?? "", secretKey: values["MIMECAST_SECRET_KEY"] ?? "")
            return [
                ("x-mc-app-id", values["MIMECAST_APP_ID"] ?? ""), ("x-mc-req-id", id), ("x-mc-date", date),
                ("authorization", signature?.header ?? ""),
            ]
        }
    }
}
