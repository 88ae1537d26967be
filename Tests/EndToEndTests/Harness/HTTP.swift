import Foundation
import Mimecast

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Plain HTTP, nothing of Muster's own client: what the tests see is what anybody would see.
struct HTTP: Sendable {
    let base: String
    var token: String?

    func get(_ path: String) async throws -> Data { try await send("GET", path, nil, "application/json") }

    func post(_ path: String, _ body: JSON) async throws -> Data {
        try await send("POST", path, try JSONEncoder().encode(body), "application/json")
    }

    func post(_ path: String, form: [(String, String)]) async throws -> Data {
        let text = form.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        return try await send("POST", path, Data(text.utf8), "application/x-www-form-urlencoded")
    }

    /// Over SCIM.
    func patch(_ path: String, _ body: JSON) async throws {
        _ = try await send("PATCH", path, try JSONEncoder().encode(body), "application/scim+json")
    }

    func json(_ path: String, _ body: JSON) async throws -> JSON { try JSONDecoder().decode(JSON.self, from: await post(path, body)) }

    func delete(_ path: String) async throws { _ = try await send("DELETE", path, nil, "application/json") }

    private func send(_ method: String, _ path: String, _ body: Data?, _ type: String) async throws -> Data {
        guard let url = URL(string: base + path) else { throw HarnessError("\(base + path) is no URL.") }
        var request = URLRequest(url: url, timeoutInterval: 60)
        request.httpMethod = method
        request.httpBody = body
        request.setValue(type, forHTTPHeaderField: "Content-Type")
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let status = (response as? HTTPURLResponse)?.statusCode, (200..<300).contains(status) else {
            throw HarnessError("\(method) \(path): \(response)\n\(String(decoding: data, as: UTF8.self))")
        }
        return data
    }
}
