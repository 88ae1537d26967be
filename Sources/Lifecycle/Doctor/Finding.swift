/// Something that is not as Muster needs it: what it is, by what it is known, and what to do about it.
public struct Finding: Sendable, Hashable, Codable {
    public enum Severity: String, Sendable, Codable, CaseIterable {
        /// To know; nothing has to be done.
        case info
        /// Something will not go as one would think.
        case warning
        /// Muster cannot do its work.
        case error
    }

    /// Stable; scripts depend on the raw values.
    public enum Code: String, Sendable, Codable, CaseIterable {
        case unreachable
        case wrongRegion = "wrong-region"
        case wrongGeneration = "wrong-generation"
        case migratedApplication = "migrated-application"
        case wrongCredentials = "wrong-credentials"
        case wrongTenant = "wrong-tenant"
        case wrongDialect = "wrong-dialect"
        case narrowRights = "narrow-rights"
        case clockSkew = "clock-skew"
        case planWithoutSCIM = "plan-without-scim"
        case ssoOff = "sso-off"
        case ssoDegraded = "sso-degraded"
        case unsupportedProvider = "unsupported-provider"
        case groupPushUnsure = "group-push-unsure"
        case integrationError = "integration-error"
        case ldapOwned = "ldap-owned"
        case seatsShort = "seats-short"

        /// Whether an error of this kind is about who asks and what they may do.
        public var isAboutPermission: Bool {
            switch self {
            case .wrongRegion, .wrongGeneration, .migratedApplication, .wrongCredentials, .wrongTenant, .narrowRights, .clockSkew,
                .planWithoutSCIM, .ssoOff:
                true
            default: false
            }
        }
    }

    public var code: Code
    public var severity: Severity
    /// What was seen, one or two sentences.
    public var evidence: String
    /// What to do.
    public var remedy: String

    public init(_ code: Code, _ severity: Severity, _ evidence: String, remedy: String) {
        self.code = code
        self.severity = severity
        self.evidence = evidence
        self.remedy = remedy
    }
}

/// One subject that was looked at, or was not.
public struct Look: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Codable {
        case well
        /// The findings say what.
        case found
        case notLookedAt = "not-looked-at"
    }

    public var subject: String
    public var state: State
    /// What was seen, or why nobody looked.
    public var note: String

    public init(_ subject: String, _ state: State, _ note: String) {
        self.subject = subject
        self.state = state
        self.note = note
    }
}

/// What an examination found.
public struct Diagnosis: Sendable, Hashable, Codable {
    public var tenant: String
    public var findings: [Finding]
    public var looks: [Look]
    /// HTTP calls that were made.
    public var calls: Int

    public init(tenant: String, findings: [Finding] = [], looks: [Look] = [], calls: Int = 0) {
        self.tenant = tenant
        self.findings = findings
        self.looks = looks
        self.calls = calls
    }

    public var worst: Finding.Severity? {
        Finding.Severity.allCases.last { severity in findings.contains { $0.severity == severity } }
    }

    /// Notes a subject: what was found, or else that all is well.
    mutating func add(_ subject: String, _ found: [Finding], well: String) {
        findings += found
        looks.append(
            Look(subject, found.isEmpty ? .well : .found, found.isEmpty ? well : found.map(\.code.rawValue).joined(separator: ", ")))
    }

    mutating func skip(_ subject: String, _ why: String) { looks.append(Look(subject, .notLookedAt, why)) }
}
