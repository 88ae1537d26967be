/// The vendor's error codes that Muster sends, reads or explains (`mimecast` facts, section 3; those marked "ours" fill a gap).
public enum FailureCode {
    public static let invalidSignature = "err_xdk_invalid_signature"
    public static let developerKey = "err_developer_key"
    public static let bindingExpired = "err_xdk_binding_expired"
    /// Nothing this caller may do (low confidence: seen in imitations of the vendor alone).
    public static let forbidden = "err_xdk_forbidden"
    public static let clientUnauthorized = "err_xdk_client_unauthorized"
    /// Audit events asked of another region than the tenant's.
    public static let auditIncorrectRegion = "err_audit_log_incorrect_region"
    /// A token for mail logs that the server did not make.
    public static let siemInvalidToken = "err_audit_siem_invalid_token"
    /// An address that the tenant does not manage (so also "no such user"), or a write to what is not writable.
    public static let forbiddenForAddress = "err_xdk_operation_forbidden_for_address"
    public static let memberAlreadyExists = "err_folder_group_member_already_exists"
    public static let addressNotFound = "err_folder_email_address_not_found"
    public static let validationNull = "err_validation_null"
    public static let validationBlank = "err_validation_blank"
    public static let invalidEmailAddress = "err_validation_invalid_email_address"
    public static let deserialise = "err_deserialise"
    /// A login with an address or a password that is not right (ours).
    public static let loginFailed = "err_login_failed"
    public static let tokenExpired = "token_expired"
    public static let tokenVerificationFailed = "token_verification_failed"
    public static let unauthorized = "unauthorized"
    public static let appForbidden = "app_forbidden"
    public static let rateLimited = "rate_limit_exceeded"  // ours
    /// The address belongs to an account already (ours).
    public static let userExists = "err_user_already_exists"
    /// A directory-synced account or group was to be written (ours).
    public static let directoryManaged = "err_directory_managed"
    /// No group has this id (ours).
    public static let folderNotFound = "err_folder_not_found"
    /// More items than the call takes (ours).
    public static let tooManyItems = "err_too_many_items"
    /// A field that cannot be changed, or a value it cannot have (ours).
    public static let validationInvalid = "err_validation_invalid"
    /// A page token that this server did not make, or a page size out of range (ours).
    public static let invalidPage = "err_pagination_invalid"
    /// A group that has members or groups in it was to be deleted (ours).
    public static let folderNotEmpty = "err_folder_not_empty"
    /// An administrator or a directory-synced account was to be purged (ours).
    public static let purgeForbidden = "err_user_purge_forbidden"
    /// The address is no alias of the account (ours).
    public static let aliasNotFound = "err_user_alias_not_found"
    /// The delegate right is there already (ours).
    public static let delegateExists = "err_delegate_exists"
    /// No delegate right has this id (ours).
    public static let delegateNotFound = "err_delegate_not_found"
    /// No import has this id (ours).
    public static let importNotFound = "err_import_not_found"
    /// The file of an import, or its description in `x-mc-arg`, cannot be read (ours).
    public static let importInvalid = "err_import_invalid"
    /// Audit events of a window that ends before it starts, or starts too long ago (ours).
    public static let auditRangeInvalid = "err_audit_range_invalid"
    /// A directory sync runs already (ours).
    public static let syncRunning = "err_directory_sync_running"
}
