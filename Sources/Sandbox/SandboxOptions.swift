import Mimecast

/// How a sandbox is set up. The values here are the defaults of `muster sandbox`.
public struct SandboxOptions: Sendable {
    /// Who is in the tenant when its store is new.
    public enum Seed: Sendable, Hashable {
        /// Nobody but the administrator.
        case empty
        /// A company of 60 people.
        case demo
        /// A company of this many internal people.
        case people(Int)

        /// `empty`, `demo` or `people:N`.
        public init?(_ text: String) {
            switch text {
            case "empty": self = .empty
            case "demo": self = .demo
            default:
                guard text.hasPrefix("people:"), let count = Int(text.dropFirst(7)), (0...10_000_000).contains(count) else { return nil }
                self = .people(count)
            }
        }
    }

    /// How many calls one application may make.
    public struct Quota: Sendable, Hashable {
        /// What it counts; nil is every category that has no quota of its own, each counted by itself.
        public var category: EndpointDescription.Category?
        /// At least 1.
        public var calls: Int
        /// In which the calls are given back; at least 1.
        public var seconds: Int
        /// No header tells about it.
        public var hidden: Bool
        /// A fixed window instead of a token bucket.
        public var window: Bool

        public init(
            category: EndpointDescription.Category? = nil, calls: Int, seconds: Int, hidden: Bool = false, window: Bool = false
        ) {
            self.category = category
            self.calls = max(1, calls)
            self.seconds = max(1, seconds)
            self.hidden = hidden
            self.window = window
        }
    }

    /// How much of SCIM is served.
    public enum ScimMode: String, Sendable, CaseIterable {
        /// All of RFC 7644, any user name; an address outside the tenant's domains makes an external account.
        case full
        /// The operations that the guide lists, one record a call, addresses in the tenant's domains.
        case guide
    }

    public var host = "127.0.0.1"
    /// 0 is any free one.
    public var port = 8460
    /// The database file; nil keeps everything in a temporary one.
    public var dataPath: String?
    public var seed: Seed = .demo
    /// The same number gives the same company.
    public var seedNumber: UInt64 = 1
    /// How many internal domains the company has; at least 1.
    public var domains = 2
    /// How many internal people the plan covers; nil is twice as many as there are at the start.
    public var seats: Int?
    /// People beyond the seats are refused instead of only counted.
    public var seatsEnforced = false
    /// One listener each, at consecutive ports; the tenant lives in the first. At least one.
    public var regions: [Region] = [.global]
    /// A file of faults (JSON, as the control API takes them) that wait from the start; nil is none.
    public var chaosPath: String?
    public var quotas: [Quota] = [Quota(calls: 1_000, seconds: 10)]
    /// How long a token lives, in seconds; nil is 3600 for the guide's applications and 1799 for the portal's (guide; recorded).
    public var tokenTTL: Int?
    /// Of the first tenant.
    public var plan = Plan.enterprise
    /// Of the first tenant.
    public var sso = SSOState.active
    /// How much of SCIM is served.
    public var scim = ScimMode.full
    /// A folder of further SCIM schemas and resource types (JSON); nil is none.
    public var scimSchemasPath: String?
    /// Serve the control API.
    public var control = true
    /// Where the credentials go, as shell lines; nil writes none.
    public var credentialsOut: String?

    public init() {}

    /// Where the control API is mounted, below the base URL.
    public static let controlPath = "/control"
    /// Where SCIM is mounted, below the base URL.
    public static let scimPath = "/scim/v2"
}
