import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// A file of the newer mail logs: the lines of one type and one hour, as gzipped JSON lines behind a signed link that needs nothing else.
///
/// The part before the question mark stays the same while the hour goes on and the file grows: clients remember it, with the number of
/// lines that they have read.
struct SiemFile: Sendable {
    static let path = "/siem/files/"
    /// How long a link is good; milliseconds.
    static let life = 15 * 60_000

    let tenant: String
    let type: String
    /// Numbers: the line before the first, and the last.
    let after: Int
    var last: Int
    /// Bytes before they are packed.
    var size = 0

    /// The files that a page shows.
    ///
    /// - Returns: at most so many, and whether they are all.
    static func list(_ directory: TenantDirectory, _ place: SiemPlace, type: String, most: Int) throws -> (
        files: [SiemFile], isCaughtUp: Bool
    ) {
        var files: [SiemFile] = []
        var isCaughtUp = true
        try directory.mail(after: place.after, types: [type], between: place.start, and: place.end) { line in
            if files.last.map({ MailNumber.hour($0.last) }) != line.hour {
                guard files.count < most else {
                    isCaughtUp = false
                    return false
                }
                files.append(SiemFile(tenant: directory.facts.code, type: type, after: line.number - 1, last: line.number))
            }
            files[files.count - 1].last = line.number
            files[files.count - 1].size += line.text.utf8.count + 1
            return true
        }
        return (files, isCaughtUp)
    }

    func link(expires: Int, _ keys: KeyRing) -> String {
        "\(location)?account=\(tenant)&last=\(last)&expires=\(expires)&signature=\(Base64URL.encode(signature(expires, keys)))"
    }

    private var location: String { "\(Self.path)\(type.replacing(" ", with: "_"))_\(after).json.gz" }

    private func signature(_ expires: Int, _ keys: KeyRing) -> Data { keys.seal(Self.message(location, tenant, last, expires)) }

    private static func message(_ location: String, _ tenant: String, _ last: Int, _ expires: Int) -> Data {
        Data("siem file\n\(location)\n\(tenant)\n\(last)\n\(expires)".utf8)
    }

    /// Hands out a file. Whoever has the link may read it.
    ///
    /// - Throws: ``CallRefusal``: 403 for a link that is no longer good or was not made here, as signed links of cloud stores have it.
    static func answer(_ state: SandboxState, method: String, path: String, query: [String: String]) async throws -> Answer {
        guard method == "GET" else {
            throw CallRefusal(405, "method_not_allowed", "This path takes another method", headers: [.allow: "GET"])
        }
        let name = path.dropFirst(Self.path.count)
        guard name.hasSuffix(".json.gz"), let cut = name.lastIndex(of: "_"), let after = Int(name[name.index(after: cut)...].dropLast(8)),
            let tenant = query["account"], let last = query["last"].flatMap({ Int($0) }),
            let expires = query["expires"].flatMap({ Int($0) }), let signature = query["signature"].flatMap({ Base64URL.decode($0) }),
            state.keys.isSealed(message(path, tenant, last, expires), by: signature)
        else { throw CallRefusal(403, "AccessDenied", "The link was not made by this server") }
        let now = state.clock.milliseconds
        guard now < expires else { throw CallRefusal(403, "AccessDenied", "The link has expired") }
        let type = String(name[..<cut].replacing("_", with: " "))
        let text = try await state.store.read { tx in
            let directory = try TenantDirectory(tx, tenant: tenant, actor: { _ in nil }, now: now)
            var text: [UInt8] = []
            try directory.mail(after: after, upTo: last, types: [type]) { line in
                text += Array(line.text.utf8) + [UInt8(ascii: "\n")]
                return true
            }
            return text
        }
        state.log.append(
            RequestLine(time: now, method: method, path: path, application: nil, status: 200, effect: .read, target: nil))
        return Answer(status: 200, headers: [.contentType: "application/gzip"], body: [UInt8](Gzip.file(text)))
    }

    static func date(_ milliseconds: Int) -> String { vendorDate(milliseconds: milliseconds).replacing("+0000", with: "Z") }
}
