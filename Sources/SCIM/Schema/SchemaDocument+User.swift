extension SchemaDocument {
    /// The user of RFC 7643, sections 4.1 and 8.7.1. Where the text and the listing of the RFC differ the text counts: references, binary
    /// values and identifiers are `caseExact`, and every list of complex values has a `primary`.
    public static let user = SchemaDocument(
        id: UserResource.schema, name: "User", description: "User Account", attributes: userSingles + userLists)

    private static let userSingles: [SchemaAttribute] = [
        SchemaAttribute(
            "userName", description: "The name that the user signs in with, unique at the service provider in any letter case.",
            isRequired: true, uniqueness: .server),
        SchemaAttribute(
            "name", .complex, description: "The parts of the user's name.",
            subAttributes: [
                SchemaAttribute("formatted", description: "The whole name as it is shown, with all titles."),
                SchemaAttribute("familyName", description: "The family name, or last name."),
                SchemaAttribute("givenName", description: "The given name, or first name."),
                SchemaAttribute("middleName", description: "The middle names."),
                SchemaAttribute("honorificPrefix", description: "What stands in front of the name, such as Ms."),
                SchemaAttribute("honorificSuffix", description: "What stands behind the name, such as III."),
            ]),
        SchemaAttribute("displayName", description: "The name that is shown to others."),
        SchemaAttribute("nickName", description: "What the user is called casually."),
        SchemaAttribute("profileUrl", .reference, description: "A page about the user.", isCaseExact: true, referenceTypes: ["external"]),
        SchemaAttribute("title", description: "The user's title, such as Vice President."),
        SchemaAttribute("userType", description: "How the user relates to the organization, such as Contractor or Employee."),
        SchemaAttribute("preferredLanguage", description: "The languages that the user prefers, as in Accept-Language."),
        SchemaAttribute("locale", description: "Where the user is at home, for the form of dates, numbers and currency, such as en-US."),
        SchemaAttribute("timezone", description: "The user's time zone by its name in the time zone database, such as Europe/Berlin."),
        SchemaAttribute("active", .boolean, description: "Whether the user may sign in."),
        SchemaAttribute(
            "password", description: "A password in clear text, accepted and never returned.", isCaseExact: true, mutability: .writeOnly,
            returned: .never),
    ]

    private static let userLists: [SchemaAttribute] = [
        list(
            "emails", "E-mail addresses.", value: SchemaAttribute("value", description: "An e-mail address."),
            types: ["work", "home", "other"]),
        list(
            "phoneNumbers", "Phone numbers.",
            value: SchemaAttribute("value", description: "A phone number, kept as it was sent."),
            types: ["work", "home", "mobile", "fax", "pager", "other"]),
        list(
            "ims", "Addresses for instant messages.", value: SchemaAttribute("value", description: "An address for instant messages."),
            types: ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
        list(
            "photos", "Pictures of the user.",
            value: SchemaAttribute(
                "value", .reference, description: "Where the picture is.", isCaseExact: true, referenceTypes: ["external"]),
            types: ["photo", "thumbnail"]),
        SchemaAttribute(
            "addresses", .complex, isMultiValued: true, description: "Postal addresses.",
            subAttributes: [
                SchemaAttribute("formatted", description: "The whole address as it is printed; may contain line breaks."),
                SchemaAttribute("streetAddress", description: "Street, house number and the like; may contain line breaks."),
                SchemaAttribute("locality", description: "The city."),
                SchemaAttribute("region", description: "The state or region."),
                SchemaAttribute("postalCode", description: "The postal code."),
                SchemaAttribute("country", description: "The country, by its two letters of ISO 3166-1."),
                SchemaAttribute("type", description: "What the address is for.", canonicalValues: ["work", "home", "other"]),
                primary,
            ]),
        SchemaAttribute(
            "groups", .complex, isMultiValued: true,
            description: "The groups that the user is in. A membership is changed at the group.", mutability: .readOnly,
            subAttributes: [
                SchemaAttribute("value", description: "The id of the group.", isCaseExact: true, mutability: .readOnly),
                SchemaAttribute(
                    "$ref", .reference, description: "The address of the group.", isCaseExact: true, mutability: .readOnly,
                    referenceTypes: ["User", "Group"]),
                SchemaAttribute("display", description: "The name of the group.", mutability: .readOnly),
                SchemaAttribute(
                    "type", description: "Whether the user is a member itself or by another group.",
                    canonicalValues: ["direct", "indirect"], mutability: .readOnly),
            ]),
        list("entitlements", "What the user is entitled to.", value: SchemaAttribute("value", description: "An entitlement.")),
        list("roles", "The user's roles.", value: SchemaAttribute("value", description: "A role.")),
        list(
            "x509Certificates", "The user's certificates.",
            value: SchemaAttribute("value", .binary, description: "A certificate in DER form, as base64.", isCaseExact: true)),
    ]

    private static let primary = SchemaAttribute(
        "primary", .boolean, description: "Whether this is the preferred value; at most one of the list is.")

    private static func list(
        _ name: String, _ description: String, value: SchemaAttribute, types: [String] = []
    ) -> SchemaAttribute {
        SchemaAttribute(
            name, .complex, isMultiValued: true, description: description,
            subAttributes: [
                value,
                SchemaAttribute("display", description: "The value as it is shown."),
                SchemaAttribute("type", description: "What the value is for.", canonicalValues: types),
                primary,
            ])
    }
}
