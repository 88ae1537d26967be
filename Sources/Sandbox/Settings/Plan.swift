/// What a tenant pays for. SCIM comes with the Enterprise plan alone (guide).
public enum Plan: String, Codable, Sendable, CaseIterable {
    case enterprise, standard
}
