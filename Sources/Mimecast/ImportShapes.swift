/// What to do with a file of users, in the header `x-mc-arg` as `{"data":[order]}` (vendor's manual, import-users).
///
/// The file's first row names its columns: `email`, `name`, `password` (manual). That it may lack that row, and that a sandbox reads
/// past passwords, is our choice.
public struct ImportOrder: Codable, Sendable, Hashable {
    /// Who is told when the import is done.
    public var notifyEmailAddress: String?
    /// Of accounts that span several: move a user to the account its row names.
    public var allowAddressMigration: Bool?
    /// The group that the users join.
    public var groupId: String?
    /// The group is emptied first.
    public var clearGroup: Bool?
    /// csv, xls or xlsx; which of them a server reads is its affair.
    public var fileType: String?

    public init(
        notifyEmailAddress: String? = nil, allowAddressMigration: Bool? = nil, groupId: String? = nil, clearGroup: Bool? = nil,
        fileType: String? = nil
    ) {
        self.notifyEmailAddress = notifyEmailAddress
        self.allowAddressMigration = allowAddressMigration
        self.groupId = groupId
        self.clearGroup = clearGroup
        self.fileType = fileType
    }
}

/// The import, to ask for with get-import-status. The manual of get-import-status says that it has an id; `status`
/// is our choice.
public struct ImportReply: Codable, Sendable, Hashable {
    public var id: String
    public var status: String?

    public init(id: String, status: String? = nil) {
        self.id = id
        self.status = status
    }
}

/// How far an import is (vendor's manual, get-import-status). `sourceFile` and `reportFile` are ids that no call takes; `created` is ISO 8601.
public struct ImportStatus: Codable, Sendable, Hashable {
    public var id: String
    public var status: String
    public var importer: String?
    public var notifyEmailAddress: String?
    public var created: String?
    public var totalUsers: Int?
    public var successfulImportedUsers: Int?
    public var clearGroup: Bool?
    public var allowAddressMigration: Bool?
    public var sourceFile: String?
    public var reportFile: String?

    public init(
        id: String, status: String, importer: String? = nil, notifyEmailAddress: String? = nil, created: String? = nil,
        totalUsers: Int? = nil, successfulImportedUsers: Int? = nil, clearGroup: Bool? = nil, allowAddressMigration: Bool? = nil,
        sourceFile: String? = nil, reportFile: String? = nil
    ) {
        self.id = id
        self.status = status
        self.importer = importer
        self.notifyEmailAddress = notifyEmailAddress
        self.created = created
        self.totalUsers = totalUsers
        self.successfulImportedUsers = successfulImportedUsers
        self.clearGroup = clearGroup
        self.allowAddressMigration = allowAddressMigration
        self.sourceFile = sourceFile
        self.reportFile = reportFile
    }
}
