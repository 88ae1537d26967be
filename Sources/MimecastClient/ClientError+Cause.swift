import Mimecast

extension ClientError {
    /// What went wrong, told apart more finely than ``Code``. New ones may come with a new version.
    public enum Cause: Sendable, Hashable {
        // Who asks.

        /// v1: a wrong access key, secret key or application key; the vendor tells none of them apart.
        case invalidSignature
        /// v1: no application has this id. Comes at random, too, and is then repeated once.
        case unknownApplication
        /// v1: the binding has run out.
        case bindingExpired
        /// v1: a wrong address or password, or too many wrong ones.
        case loginFailed
        /// v2: the token has run out.
        case tokenExpired
        /// v2: the token is none of this server's.
        case tokenVerificationFailed
        /// v2: the gateway's "Unauthorized Request", and whatever else is 401 without a better reason.
        case unauthorizedRequest
        /// v2: a wrong client id or client secret (RFC 6749, section 5.2).
        case invalidClient
        /// v2: the person's token has run out. There are no refresh tokens.
        case signInExpired
        /// v2: the sign-in was not the one that was started, or its code was refused.
        case signInRefused
        /// v2: the person said no, or may not say yes (RFC 6749, section 4.1.2.1).
        case accessDenied

        // What they may do.

        /// The path or method belongs to no product that the application has.
        case appForbidden
        case forbidden
        case clientUnauthorized
        /// Audit events are the business of another region's host.
        case incorrectRegion

        // Whom it is about.

        /// An address that the tenant does not manage, so also "no such account"; or something that may not be written.
        case forbiddenForAddress
        case addressNotFound
        /// The company's directory owns it.
        case directoryManaged
        case userExists
        case memberExists
        case groupNotFound
        case groupNotEmpty
        case aliasNotFound
        case delegateExists
        case delegateNotFound
        case purgeForbidden
        case importNotFound
        case syncRunning

        // What was sent.

        /// A field is missing, empty, or has a value that it cannot have.
        case validation(field: String?)
        case invalidEmailAddress(field: String?)
        /// The item or the body cannot be read.
        case deserialise
        case tooManyItems
        /// 400 with an empty body: an id that could never be one.
        case malformedID
        /// A page size out of range, or a page token that the server does not know.
        case invalidPage
        /// The list's page token is no longer taken: it cannot be read to its end.
        case pageTokenExpired
        case invalidSiemToken
        case auditRangeInvalid
        case importInvalid

        /// Too many calls.
        case rateLimited
    }
}

extension ClientError.Cause {
    /// - Returns: nil for a code that is not known.
    public init?(_ reason: Failure.Reason) {
        switch reason.code {
        case FailureCode.validationNull, FailureCode.validationBlank, FailureCode.validationInvalid: self = .validation(field: reason.field)
        case FailureCode.invalidEmailAddress: self = .invalidEmailAddress(field: reason.field)
        default:
            // The gateway's codes have been seen as codes and as words.
            guard let cause = Self.known[reason.code] ?? Self.known[reason.code.lowercased()] else { return nil }
            self = cause
        }
    }

    private static let known: [String: Self] = [
        FailureCode.invalidSignature: .invalidSignature, FailureCode.developerKey: .unknownApplication,
        FailureCode.bindingExpired: .bindingExpired, FailureCode.loginFailed: .loginFailed, FailureCode.tokenExpired: .tokenExpired,
        FailureCode.tokenVerificationFailed: .tokenVerificationFailed, FailureCode.unauthorized: .unauthorizedRequest,
        "unauthorized request": .unauthorizedRequest, "invalid_client": .invalidClient, "invalid_grant": .signInRefused,
        "access_denied": .accessDenied, FailureCode.appForbidden: .appForbidden, FailureCode.forbidden: .forbidden,
        FailureCode.clientUnauthorized: .clientUnauthorized, FailureCode.auditIncorrectRegion: .incorrectRegion,
        FailureCode.forbiddenForAddress: .forbiddenForAddress, FailureCode.addressNotFound: .addressNotFound,
        FailureCode.directoryManaged: .directoryManaged, FailureCode.userExists: .userExists,
        FailureCode.memberAlreadyExists: .memberExists, FailureCode.folderNotFound: .groupNotFound,
        FailureCode.folderNotEmpty: .groupNotEmpty, FailureCode.aliasNotFound: .aliasNotFound,
        FailureCode.delegateExists: .delegateExists, FailureCode.delegateNotFound: .delegateNotFound,
        FailureCode.purgeForbidden: .purgeForbidden, FailureCode.importNotFound: .importNotFound,
        FailureCode.importInvalid: .importInvalid, FailureCode.syncRunning: .syncRunning, FailureCode.deserialise: .deserialise,
        FailureCode.tooManyItems: .tooManyItems, FailureCode.invalidPage: .invalidPage,
        FailureCode.siemInvalidToken: .invalidSiemToken, FailureCode.auditRangeInvalid: .auditRangeInvalid,
        FailureCode.rateLimited: .rateLimited,
    ]

    /// The HTTP status that says the same, for what comes with 200.
    var meantStatus: Int {
        switch self {
        case .invalidSignature, .unknownApplication, .loginFailed, .tokenExpired, .tokenVerificationFailed, .unauthorizedRequest,
            .invalidClient, .signInExpired, .signInRefused:
            401
        case .appForbidden, .forbidden, .clientUnauthorized, .incorrectRegion, .accessDenied: 403
        case .bindingExpired: 418
        case .rateLimited: 429
        default: 400
        }
    }

    /// What to do, one sentence; nil where the status says it as well.
    public var remedy: String? {
        switch self {
        case .invalidSignature, .tokenExpired, .unauthorizedRequest, .invalidClient, .bindingExpired, .clientUnauthorized, .forbidden,
            .rateLimited:
            nil
        case .unknownApplication: "Check the application's id; one that was moved to v2 is no longer known to v1."
        case .loginFailed: "Check the address, the password and the region; ten wrong ones close the account for a while."
        case .tokenVerificationFailed:
            "Check the base URL: a token is good in the region that gave it, and for v2 alone."
        case .signInExpired: "Sign in again: muster tenants add … --login. The vendor has no refresh tokens."
        case .signInRefused: "Start the sign-in again: a code is good once, for five minutes, and for the one who asked."
        case .accessDenied: "Sign in again and allow it, or have an administrator do so."
        case .appForbidden: "Give the application the product and role for this call in the administration console."
        case .incorrectRegion: "Use the base URL of the tenant's own region."
        case .forbiddenForAddress: "Check that the address exists, is in one of the tenant's domains, and is not the directory's to change."
        case .addressNotFound: "Check the address: no account and no member has it."
        case .directoryManaged: "Make the change in the company's directory, which the vendor syncs."
        case .userExists: "The address belongs to an account or alias already: read it."
        case .memberExists: "Nothing is to be done: it is a member already."
        case .groupNotFound: "Read the groups again: this one is gone."
        case .groupNotEmpty: "Take out the group's members and the groups in it first."
        case .aliasNotFound: "Read the account's aliases again: it does not have this one."
        case .delegateExists: "Nothing is to be done: the right is there already."
        case .delegateNotFound: "Read the delegates again: this right is gone."
        case .purgeForbidden: "Neither administrators nor accounts of the directory can be purged: disable the account instead."
        case .importNotFound: "Check the import's id."
        case .importInvalid: "Check the file's header line (email, name, password) and its format."
        case .syncRunning: "Wait until the running directory sync is over."
        case .validation(let field?): "Give \(field) a value that it can have."
        case .validation(nil): "Give every field that the call needs, with a value that it can have."
        case .invalidEmailAddress: "Give an address of the form name@domain."
        case .deserialise: "Check the item's fields and their kinds; report it where Muster made the call."
        case .tooManyItems: "Send fewer items in one call."
        case .malformedID: "Read the id again: one that could never be an id is answered by an empty 400."
        case .invalidPage: "Ask for 1 to 500 rows (cloud gateway: 100), and read the list from its beginning."
        case .pageTokenExpired: "Read the list again from its beginning: what was read of it is not the whole."
        case .invalidSiemToken: "Start again without a token; what was read since may come twice."
        case .auditRangeInvalid: "Ask for a window that ends after it starts, and starts at most 60 days ago."
        }
    }
}
