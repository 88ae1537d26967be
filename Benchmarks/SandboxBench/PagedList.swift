import Foundation
import Mimecast

/// A list as one kind of application reads it.
struct PagedList: Sendable {
    enum Application: Sendable { case portal, guide, v1 }

    let name: String
    let application: Application
    let description: EndpointDescription
    let pageSize: Int
    /// The rows of a page and the token of the next one.
    let read: @Sendable (Data) throws -> (rows: Int, next: String?)
    /// A page as the rows' own types, ready to be encoded again.
    private let encode: @Sendable (Data) throws -> @Sendable (JSONEncoder) throws -> Data

    static let all: [PagedList] = [
        PagedList(
            name: "guide (v2)", application: .guide, description: Endpoints.Guide.listUsers.description, pageSize: 500,
            envelope: ReplyEnvelope<GuideUser>.self, rows: \.count),
        PagedList(
            name: "portal (v2)", application: .portal, description: Endpoints.Portal.internalUsers.description, pageSize: 500,
            envelope: ReplyEnvelope<UserList>.self, rows: { $0.first?.users.count ?? 0 }),
        PagedList(
            name: "v1", application: .v1, description: Endpoints.Portal.internalUsers.description, pageSize: 500,
            envelope: ReplyEnvelope<UserList>.self, rows: { $0.first?.users.count ?? 0 }),
        PagedList(
            name: "cloud gateway", application: .portal, description: Endpoints.Gateway.users.description, pageSize: 100,
            read: { body in
                let page = try JSONDecoder().decode(GatewayPage<GatewayUser>.self, from: body)
                return (page.rows.count, page.pagination?.following)
            },
            encode: { body in
                let users = try JSONDecoder().decode(GatewayPage<GatewayUser>.self, from: body).rows
                return { try $0.encode(users) }
            }),
    ]

    private init(
        name: String, application: Application, description: EndpointDescription, pageSize: Int,
        read: @escaping @Sendable (Data) throws -> (rows: Int, next: String?),
        encode: @escaping @Sendable (Data) throws -> @Sendable (JSONEncoder) throws -> Data
    ) {
        self.name = name
        self.application = application
        self.description = description
        self.pageSize = pageSize
        self.read = read
        self.encode = encode
    }

    private init<Row: Codable & Sendable>(
        name: String, application: Application, description: EndpointDescription, pageSize: Int, envelope: ReplyEnvelope<Row>.Type,
        rows: @escaping @Sendable ([Row]) -> Int
    ) {
        self.init(
            name: name, application: application, description: description, pageSize: pageSize,
            read: { body in
                let page = try JSONDecoder().decode(envelope, from: body)
                return (rows(page.data), page.meta?.pagination?.following)
            },
            encode: { body in
                let data = try JSONDecoder().decode(envelope, from: body).data
                return { try $0.encode(data) }
            })
    }

    /// Path with query, and body, of a page.
    func request(_ token: String?) -> (target: String, body: String?) {
        let token = token ?? ""
        if case .query = description.paging {
            // The tokens are Base64URL: nothing in them is to be escaped.
            return ("\(description.path)?pageSize=\(pageSize)&pageToken=\(token)", nil)
        }
        return (description.path, #"{"meta":{"pagination":{"pageSize":\#(pageSize),"pageToken":"\#(token)"}},"data":[{}]}"#)
    }

    /// What `JSONEncoder` alone does for the rows of a page.
    func encoding(_ body: Data) throws -> @Sendable () throws -> Void {
        let encode = try encode(body)
        return {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            _ = try encode(encoder)
        }
    }
}
