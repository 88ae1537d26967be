extension SchemaDocument {
    /// The enterprise extension of the user (RFC 7643, sections 4.3 and 8.7.1).
    public static let enterpriseUser = SchemaDocument(
        id: UserResource.enterpriseSchema, name: "EnterpriseUser", description: "Enterprise User",
        attributes: [
            SchemaAttribute("employeeNumber", description: "The number or code that the organization knows the person by."),
            SchemaAttribute("costCenter", description: "The name of a cost center."),
            SchemaAttribute("organization", description: "The name of an organization."),
            SchemaAttribute("division", description: "The name of a division."),
            SchemaAttribute("department", description: "The name of a department."),
            SchemaAttribute(
                "manager", .complex, description: "The user's manager.",
                subAttributes: [
                    SchemaAttribute("value", description: "The id of the manager's user.", isCaseExact: true),
                    SchemaAttribute(
                        "$ref", .reference, description: "The address of the manager's user.", isCaseExact: true,
                        referenceTypes: ["User"]),
                    SchemaAttribute("displayName", description: "The name of the manager.", mutability: .readOnly),
                ]),
        ])
}
