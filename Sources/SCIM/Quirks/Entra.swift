/// Microsoft Entra ID (`Microsoft Azure AD SCIM provisioning …`).
///
/// A Replace whose brackets match nothing is meant to make the element; by the RFC it is 400 `noTarget`, so this is for Entra alone. All
/// else that it sends is among the common tolerances: Booleans as strings, the manager as a string or a list, blanks, unknown URNs.
public struct EntraQuirk: Quirk {
    public let name = "entra"

    public init() {}

    public func applies(to client: QuirkClient) -> Bool { client.provider == .entra }

    public func rewrite(options: inout PatchOptions) { options.createsMissingElements = true }
}
