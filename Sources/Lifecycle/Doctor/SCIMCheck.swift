import MimecastClient

/// Whether the tenant's SCIM service takes the application whose token the API takes.
enum SCIMCheck {
    /// - Parameters:
    ///   - error: of a read over SCIM; nil where it was answered.
    ///   - isNeeded: Muster writes over SCIM, or is to.
    static func findings(_ error: ClientError?, isNeeded: Bool) -> [Finding] {
        guard let error else { return [] }
        let severity: Finding.Severity = isNeeded ? .error : .info
        let idle = isNeeded ? "" : " Muster writes this tenant by the API, so it does without."
        switch error.status {
        case 403?:
            return [
                Finding(
                    .planWithoutSCIM, severity, "The API takes the application, and SCIM does not permit it: \(error.message)\(idle)",
                    remedy: "SCIM comes with the Enterprise plan: upgrade, or write by the API (--writes api).")
            ]
        case 401?:
            return [
                Finding(
                    .ssoOff, severity, "The API takes the token, and SCIM refuses it: \(error.message)\(idle)",
                    remedy: "Set single sign-on up and prove it with one sign-in, then repeat; or write by the API (--writes api).")
            ]
        case 404? where isNeeded:
            return [
                Finding(
                    .planWithoutSCIM, severity, "There is no SCIM service: \(error.message)",
                    remedy: "Ask the vendor whether the plan has SCIM, or write by the API (--writes api).")
            ]
        default:
            return isNeeded
                ? [Finding(.unreachable, .error, "SCIM gives no answer that can be used: \(error.message)", remedy: error.remedy)] : []
        }
    }
}
