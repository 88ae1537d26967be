/// A set of HTTP methods.
struct Methods: OptionSet, Sendable, Hashable, CustomStringConvertible {
    let rawValue: UInt8

    static let get = Methods(rawValue: 1)
    static let head = Methods(rawValue: 2)
    static let post = Methods(rawValue: 4)
    static let put = Methods(rawValue: 8)
    static let patch = Methods(rawValue: 16)
    static let delete = Methods(rawValue: 32)

    /// HEAD is allowed wherever GET is (RFC 9110, section 9.1).
    static let read: Methods = [.get, .head]
    static let resource: Methods = [.read, .put, .patch, .delete]

    private static let names: [(Methods, String)] = [
        (.get, "GET"), (.head, "HEAD"), (.post, "POST"), (.put, "PUT"), (.patch, "PATCH"), (.delete, "DELETE"),
    ]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The one method of this name; empty for one that nobody serves.
    init(name: String) { self = Self.names.first { $0.1.utf8.elementsEqual(name.utf8) }?.0 ?? [] }

    /// As `Allow` has it.
    var description: String { Self.names.filter { contains($0.0) }.map(\.1).joined(separator: ", ") }
}
