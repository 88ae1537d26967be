import MimecastClient

/// Whether anybody answers at all.
enum ReachCheck {
    /// - Returns: nothing for an answer, whatever it says.
    static func findings(_ error: ClientError, baseURL: String) -> [Finding] {
        switch error.code {
        case .unreachable:
            [
                Finding(
                    .unreachable, .error, error.message,
                    remedy: "Check the base URL \(baseURL), the name service, the proxy or firewall, and the certificate; then repeat.")
            ]
        case .server, .rateLimited, .malformedReply, .wrongAnswer:
            [Finding(.unreachable, .error, "No answer that can be used: \(error.message)", remedy: error.remedy)]
        default: []
        }
    }
}
