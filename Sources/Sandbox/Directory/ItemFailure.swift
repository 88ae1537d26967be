import Mimecast

/// Why one item of a call was not carried out: an entry of `fail`, while the other items go on.
///
/// Thrown before the item's first statement that changes something, so that a refused item leaves nothing behind.
struct ItemFailure: Error, Sendable {
    let code: String
    let message: String
    let field: String?
    /// What else is wrong with the item, where more than one thing is told.
    private(set) var others: [Failure.Reason] = []

    init(_ code: String, _ message: String, field: String? = nil) {
        self.code = code
        self.message = message
        self.field = field
    }

    /// One failure with the reasons of several, of which there is at least one.
    init(all failures: [ItemFailure]) {
        let first = failures.first ?? ItemFailure(FailureCode.validationInvalid, "The item is not valid")
        self.init(first.code, first.message, field: first.field)
        others = failures.dropFirst().flatMap(\.reasons)
    }

    var reason: Failure.Reason { Failure.Reason(code: code, message: message, retryable: false, field: field) }
    /// All of them, as `fail` shows them.
    var reasons: [Failure.Reason] { [reason] + others }

    /// As calls with plain objects tell it: by the status (our choice; no such reply is recorded).
    var refusal: CallRefusal {
        let status =
            switch code {
            case FailureCode.folderNotFound, FailureCode.addressNotFound: 404
            case FailureCode.forbiddenForAddress, FailureCode.directoryManaged: 403
            case FailureCode.userExists, FailureCode.memberAlreadyExists, Self.folderExistsCode: 409
            default: 400
            }
        return CallRefusal(status, code, message, isLogged: true)
    }

    /// Internal people would outnumber the seats (our code: none is documented).
    static let seatsExceededCode = "err_account_seats_exceeded"

    /// No such user, or none that may be written (the vendor says the same for both).
    static func forbiddenForAddress(_ field: String = "emailAddress") -> ItemFailure {
        ItemFailure(FailureCode.forbiddenForAddress, "0003 Forbidden To Perform Operation For Address", field: field)
    }

    static func invalid(_ field: String, _ message: String) -> ItemFailure {
        ItemFailure(FailureCode.validationInvalid, message, field: field)
    }

    static func directoryManaged(_ what: String) -> ItemFailure {
        ItemFailure(FailureCode.directoryManaged, "\(what) is synchronised from the company's directory and cannot be changed here")
    }
}

/// Checks of single fields.
enum FieldCheck {
    /// Fields that have to be there: one reason for each that is not (recorded).
    static func present(_ fields: (name: String, value: (any Sendable)?)...) throws {
        let missing = fields.filter { $0.value == nil }.map {
            ItemFailure(FailureCode.validationNull, "This field is required", field: $0.name)
        }
        if !missing.isEmpty { throw ItemFailure(all: missing) }
    }

    /// A field that has to be there and not blank.
    static func required(_ value: String?, _ field: String) throws -> String {
        guard let value else { throw ItemFailure(FailureCode.validationNull, "This field is required", field: field) }
        guard value.contains(where: { !$0.isWhitespace }) else {
            throw ItemFailure(FailureCode.validationBlank, "This field must not be blank", field: field)
        }
        return try plain(value, field)
    }

    static func requiredAddress(_ value: String?, _ field: String = "emailAddress") throws -> EmailAddress {
        try address(required(value, field), field)
    }

    static func address(_ value: String, _ field: String) throws -> EmailAddress {
        guard let address = EmailAddress(value) else {
            throw ItemFailure(FailureCode.invalidEmailAddress, "Invalid email address", field: field)
        }
        return address
    }

    /// U+0000 is refused at the border: not every database takes it.
    static func plain(_ value: String, _ field: String, most: Int = 1_000) throws -> String {
        guard !value.unicodeScalars.contains("\u{0}") else { throw ItemFailure.invalid(field, "The character U+0000 is not allowed") }
        guard value.utf8.count <= most else { throw ItemFailure.invalid(field, "At most \(most) bytes are allowed") }
        return value
    }
}
