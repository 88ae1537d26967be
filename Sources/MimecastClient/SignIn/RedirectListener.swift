/// Takes a browser's redirect on this machine.
public protocol RedirectListener: Sendable {
    /// Listens on 127.0.0.1.
    ///
    /// - Parameter port: nil for any that is free.
    func open(port: Int?) async throws -> any OpenListener
}

/// A listener that has a port.
public protocol OpenListener: Sendable {
    var port: Int { get }

    /// Says what to wait for, before anybody can come. Requests to other paths are answered with 404.
    ///
    /// - Parameter answer: gets path and query, and gives the page that the browser shows.
    func expect(_ path: String, answer: @escaping @Sendable (_ target: String) -> RedirectPage)

    /// Waits for the first request with the expected path, until its page is on its way.
    ///
    /// - Returns: path and query.
    /// - Throws: `CancellationError`.
    func target() async throws -> String

    func close() async
}

/// What the browser shows at the end. It is plain: no script, nothing from elsewhere.
public struct RedirectPage: Sendable, Hashable {
    public let status: Int
    /// Without markup.
    public let text: String

    public init(status: Int, text: String) {
        self.status = status
        self.text = text
    }

    public var html: String {
        let safe = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        return "<!doctype html><meta charset=\"utf-8\"><title>Muster</title><p>\(safe)</p>\n"
    }
}
