import Mimecast

/// What audit events are sorted by. The codes are those that clients have been seen to ask for; names and ids are our choice.
enum AuditCategory: String, CaseIterable, Sendable {
    case account = "account_logs"
    case authentication = "authentication_logs"
    case userAccountAndRole = "user_account_and_role_logs"
    case profileGroup = "profile_group_logs"
    case reporting = "reporting_logs"
    case caseReview = "case_review_logs"
    case archiveService = "archive_service_logs"
    case mimecastAccess = "mimecast_access_logs"
    case integrationsAndAPIs = "integrations_and_apis"

    var name: String {
        switch self {
        case .account: "Account Logs"
        case .authentication: "Authentication Logs"
        case .userAccountAndRole: "User Account and Role Logs"
        case .profileGroup: "Profile Group Logs"
        case .reporting: "Reporting Logs"
        case .caseReview: "Case Review Logs"
        case .archiveService: "Archive Service Logs"
        case .mimecastAccess: "Mimecast Access Logs"
        case .integrationsAndAPIs: "Integrations and APIs"
        }
    }

    /// The answer of get-categories: one object that holds the rows.
    static var list: AuditCategories {
        AuditCategories(
            categories: allCases.map { .init(id: KeyRing.id("audit category \($0.rawValue)"), code: $0.rawValue, name: $0.name) })
    }
}
