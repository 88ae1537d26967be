import Mimecast

extension ReplyEnvelope {
    /// Throws the failed items of a call, for operations that are one piece.
    func throwIfRefused(_ description: EndpointDescription) throws(ClientError) {
        guard !fail.isEmpty else { return }
        throw .refusal(fail, description)
    }
}

extension ClientError {
    /// HTTP 200 with `fail`: the vendor's normal way to say no to an item.
    static func refusal(_ failures: [Failure], _ description: EndpointDescription) -> ClientError {
        let reasons = failures.flatMap(\.reasons)
        let said = reasons.isEmpty ? "" : " (" + reasons.map(\.spoken).joined(separator: "; ") + ")"
        return ClientError(
            .refused, "\(description.path) refused the item\(said).", remedy: remedy(reasons), status: 200, reasons: reasons)
    }

    /// HTTP 200 with neither rows nor failures where a row must be.
    static func empty(_ description: EndpointDescription, writes: Bool) -> ClientError {
        ClientError(
            .wrongAnswer, "\(description.path) answered with neither a row nor a reason.",
            remedy: writes ? "It may have been carried out: read it before it is sent again." : "Check the dialect of the application.",
            status: 200, outcomeUnknown: writes)
    }

    /// What the engine asked for and the dialect has no way to say. Nothing was sent.
    static func notCarried(_ what: String, _ generation: Generation, _ dialect: Dialect) -> ClientError {
        let place = generation == .v1 ? "v1" : "the \(dialect.rawValue) dialect"
        return ClientError(
            .refused, "\(what) cannot be written over \(place).", remedy: "Use an application that can, or make the change in the console.")
    }

    /// The same, of a call that may have been carried out by an earlier try.
    func opened(_ isOpen: Bool) -> ClientError {
        guard isOpen, !outcomeUnknown else { return self }
        return ClientError(code, message, remedy: remedy, status: status, reasons: reasons, cause: cause, outcomeUnknown: true)
    }

    private static func remedy(_ reasons: [Failure.Reason]) -> String {
        if let remedy = reasons.lazy.compactMap(ClientError.Cause.init).compactMap(\.remedy).first { return remedy }
        return "Look at the reason; repeating the same call does not help."
    }
}
