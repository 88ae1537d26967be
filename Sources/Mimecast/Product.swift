/// What an administrator gives a portal application: a product opens the paths that belong to it (vendor's manual; which path
/// belongs to which is our choice). A call to a path of another product is `app_forbidden`.
public enum Product: String, Codable, Sendable, CaseIterable {
    case accountManagement = "Account Management"
    case directory = "User and Group Management"
    case domains = "Domain Management"
    case audit = "Audit Events"
    case securityEvents = "Security Events and Data"

    init(_ category: EndpointDescription.Category) {
        self =
            switch category {
            case .account: .accountManagement
            case .user, .directory: .directory
            case .domain: .domains
            case .audit: .audit
            case .siem: .securityEvents
            }
    }
}
