import Foundation
import SCIM

/// A SCIM service provider (RFC 7643, 7644, 9865) without a framework: a request goes in, an answer comes out, and a
/// `ResourceProvider` keeps the resources. Whoever mounts it has authenticated the caller.
///
/// Our choices where the RFCs leave one:
/// - Every `Accept` is answered with `application/scim+json`; a body without `Content-Type` is read.
/// - A slash at the end of a path counts for nothing; the names of query parameters may be in any letter case.
/// - An id of more than 200 bytes is nobody's: 404. Path and query over 16 KiB are 414.
/// - An index before the first is the first, a negative count is 0, a count over the most is the most.
/// - A cursor is bound to tenant, types, filter and order, and not to `count`, `attributes` and `excludedAttributes`. With `startIndex` it
///   is 400 `invalidCursor`. A page of `count=0` has no cursor.
/// - `If-Match` without quotes is understood.
/// - `/Me` answers itself instead of redirecting.
public struct SCIMService: Sendable {
    /// One reference, so that a request copies nothing else.
    let parts: ServiceParts

    /// - Parameters:
    ///   - now: in seconds since 1970.
    ///   - onFailure: told of errors that are no `SCIMError`, which the client sees as a 500 without particulars.
    public init(
        registry: SchemaRegistry, settings: SCIMSettings,
        now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) },
        onFailure: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        parts = ServiceParts(registry, settings, now: now, onFailure: onFailure)
    }

    public var registry: SchemaRegistry { parts.registry }
    public var settings: SCIMSettings { parts.settings }

    /// - Parameters:
    ///   - provider: the tenant's resources, as this caller may see them.
    ///   - baseURL: the address that the client sees the service at (``BaseURL``); all locations begin with it.
    public func respond(
        to request: SCIMRequest, provider: any ResourceProvider, caller: SCIMCaller, baseURL: String
    ) async -> SCIMResponse {
        let exchange = Exchange(
            service: parts, request: request, provider: provider, caller: caller,
            baseURL: baseURL.utf8.last == UInt8(ascii: "/") ? String(Substring(baseURL.utf8.dropLast())) : baseURL)
        var response: SCIMResponse
        do {
            response = try await exchange.answer()
        } catch {
            response = .refusal(parts.refusal(error))
        }
        if request.method.utf8.elementsEqual("HEAD".utf8) { response.body = [] }
        return response
    }
}
