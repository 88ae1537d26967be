/// One statement of the guide, in our words, and where it is shown to hold.
struct GuideStatement: Sendable {
    enum Section: String, CaseIterable, Sendable {
        case authentication = "Authentication and regions"
        case scopes = "Scopes"
        case fields = "User object"
        case endpoints = "Endpoints"
        case limits = "Limits and paging"
        case limitations = "Limitations and traps"
        case scenarios = "Scenarios"
    }

    var section: Section
    var text: String
    var requests: [String] = []
    var command: String?
    var tests: [String]

    private static let token = "POST /oauth/token"
    private static let getList = "GET /api/user/get-internal-users"
    private static let postUsers = "POST /api/user/get-internal-users"
    private static let create = "POST /api/user/create-managed-sender"
    private static let update = "POST /api/user/update-managed-sender"
    private static let delete = "POST /api/user/delete-managed-sender"
    private static let groups = "POST /api/directory/find-groups"
    private static let add = "POST /api/directory/add-group-member"
    private static let members = "POST /api/directory/get-group-members"
    private static let account = "POST /api/account/get-account"

    /// A row of the guide's table of the user object.
    private static func field(_ text: String, _ test: String) -> GuideStatement {
        .init(section: .fields, text: text, requests: [create, update], command: "muster apply", tests: ["SandboxTests/" + test])
    }

    static let all: [GuideStatement] = [
        .init(
            section: .authentication, text: "v2 takes a token by client credentials, and it goes into `Authorization: Bearer`",
            requests: [token], command: "muster sync", tests: ["SandboxTests/tokens", "MimecastClientTests/theTokenCallIsAForm"]),
        .init(
            section: .authentication, text: "A token lives about 60 minutes and has to be renewed", requests: [token],
            command: "muster sync",
            tests: [
                "SandboxTests/expiredAndForeignTokens", "MimecastClientTests/renewsEarly",
                "MimecastClientTests/aCachedTokenThatIsRefusedIsRenewedOnce",
            ]),
        .init(
            section: .authentication, text: "v2 takes a token by the authorization-code flow, too: sign-in, consent, code",
            requests: ["GET /oauth/authorize", token],
            tests: ["SandboxTests/aPersonGivesLeave", "SandboxTests/aCodeIsGoodOnce", "SandboxTests/redirects", "SandboxTests/proofKey"]),
        .init(
            section: .authentication, text: "v1 signs with HMAC-SHA1 by an access key and a secret key",
            command: "muster sync --generation v1",
            tests: [
                "MimecastTests/makesTheKnownSignature", "SandboxTests/signatures", "MimecastClientTests/signsLikeTheKnownVector",
            ]),
        .init(
            section: .authentication, text: "Base URLs are regional, and the wrong one looks like a wrong password",
            command: "muster tenants add",
            tests: [
                "SandboxTests/anotherRegionKnowsNobody", "EndToEndTests/aWrongSecretIsNotPermitted", "MimecastTests/everyRegionHasAHost",
                "MimecastClientTests/aWrongSecretIsNotTriedAgain",
            ]),
        .init(
            section: .scopes, text: "user/read, user/write, user/delete and account/read; a call needs its own",
            requests: [getList, create, update, delete, account],
            tests: ["SandboxTests/everyCallWithEveryScopeAlone", "MimecastTests/everyScopeHasACall"]),
        .field("emailAddress: required on create, may change, unique in the account's domain", "emailAddressIsRequiredUniqueAndMayChange"),
        .field("name: required on create, may change", "nameIsRequiredAndMayChange"),
        .field("firstName, lastName: optional", "firstAndLastNameAreOptional"),
        .field("accountCode: the application's own, read-only after create", "accountCodeIsTheApplicationsAndReadOnly"),
        .field("domain: derived from the address, read-only", "domainIsDerivedAndReadOnly"),
        .field("alias: an optional list", "aliasIsAnOptionalList"),
        .field("userType: optional, internal or external", "userTypeIsOptionalAndFollowsTheAddress"),
        .field("adminRoles: optional; names have to be valid roles", "adminRolesAreOptionalAndMustBeKnown"),
        .field("groups: ids, managed by the membership calls as well", "groupsAreIDsThatMembershipCallsManageToo"),
        .field("id: made by the server, read-only, the key of later calls", "idIsTheServersAndKeysLaterCalls"),
        .field("status: disabled deactivates without deleting", "statusDeactivatesWithoutDeleting"),
        .init(
            section: .endpoints, text: "List users: internal people only, by pages", requests: [getList], command: "muster sync",
            tests: [
                "EndToEndTests/theTenantsOwnExportIsInLine", "SandboxTests/guideListHasFlatRows", "SandboxTests/listByQuery",
                "MimecastClientTests/theGuidePagesByQuery",
            ]),
        .init(
            section: .endpoints, text: "Get user: POST with an address, in the generation and dialect that the application has",
            requests: [postUsers], command: "muster apply",
            tests: ["SandboxTests/guideLifeCycle", "MimecastClientTests/theGuideIsAskedOneByOne"]),
        .init(
            section: .endpoints, text: "Create user", requests: [create], command: "muster apply",
            tests: ["EndToEndTests/creates", "SandboxTests/createGetUpdateDelete", "MimecastClientTests/theGuideCreatesWithAllFields"]),
        .init(
            section: .endpoints, text: "Update user: omitted fields keep their values", requests: [update], command: "muster apply",
            tests: ["EndToEndTests/updatesAName", "SandboxTests/guideLifeCycle", "SandboxTests/portalUpdate"]),
        .init(
            section: .endpoints, text: "Delete user: cannot be taken back", requests: [delete],
            tests: ["SandboxTests/leaver", "MimecastClientTests/onlyTheGuideDeletes"]),
        .init(
            section: .endpoints, text: "List groups: cloud or LDAP, with their source", requests: [groups], command: "muster sync",
            tests: ["SandboxTests/groupsAndMembers", "MimecastClientTests/groupsOfAllSources"]),
        .init(
            section: .endpoints, text: "Add a user to a group, answered with status added", requests: [add], command: "muster apply",
            tests: ["SandboxTests/groupsAndMembership", "MimecastClientTests/membersComeAndGo"]),
        .init(
            section: .endpoints, text: "Get account: the one of the application; each tenant has credentials of its own",
            requests: [account],
            command: "muster tenants add",
            tests: [
                "EndToEndTests/credentialsOfAnotherTenantAreRefused", "SandboxTests/accountOfTheApplication",
                "MimecastClientTests/tenantFacts",
            ]),
        .init(
            section: .limits, text: "429 with X-RateLimit-Limit, X-RateLimit-Remaining and Retry-After; limits are not published",
            command: "muster sync",
            tests: [
                "EndToEndTests/quotaAndServerErrorsAreWaitedForAndNothingIsSentTwice",
                "SandboxTests/quotaIsToldAndKept", "SandboxTests/hiddenQuotaSaysNothing",
                "MimecastClientTests/aServerThatNamesAWaitIsObeyed",
            ]),
        .init(
            section: .limits, text: "Exponential back-off is recommended", tests: ["MimecastClientTests/growsAndIsCapped"]),
        .init(
            section: .limits, text: "Pages by pageToken, 100 by default, 500 at most", requests: [getList],
            tests: ["SandboxTests/pageSizesAndTokens", "SandboxTests/guideListsClose"]),
        .init(
            section: .limitations, text: "External people need a call of their own; a naive sync misses them without a sign",
            command: "muster sync", tests: ["MimecastClientTests/externalPeopleAreTheirOwnList", "SandboxTests/guideListsClose"]),
        .init(
            section: .limitations, text: "Only cloud groups can be written; adding to an LDAP group is an error", requests: [groups, add],
            command: "muster plan",
            tests: ["SandboxTests/directoryManagedIsRefused", "EndToEndTests/directorySyncedPeopleAreLeftToTheirDirectory"]),
        .init(
            section: .limitations, text: "No bulk: one record a call on the guide's paths", requests: [create, update],
            tests: ["SandboxTests/guideLifeCycle"]),
        .init(
            section: .limitations,
            text: "The two generations must not be mixed up; an application moved to v2 fails as a wrong password does",
            tests: [
                "SandboxTests/generationsAreNotMixedUp", "SandboxTests/applicationsThatMovedToV2", "SandboxTests/signatures",
            ]),
        .init(
            section: .limitations, text: "There are no webhooks: changes are found by polling", command: "muster sync --every 5m",
            tests: ["SandboxTests/thereAreNoWebhooks", "EndToEndTests/aWatchWritesALineForEachRead"]),
        .init(
            section: .limitations, text: "The archive of somebody who was deleted is kept for the account's retention",
            requests: [delete, "POST /api/user/add-to-purge-list"],
            tests: ["SandboxTests/whatWasKeptGoesWithTheRetention", "SandboxTests/peopleAreRemovedInTheNight"]),
        .init(
            section: .limitations, text: "Instead of webhooks: audit events and mail logs, read by polling",
            requests: ["POST /api/audit/get-audit-events", "POST /api/audit/get-siem-logs", "GET /siem/v1/events/cg"],
            tests: ["SandboxTests/doors", "SandboxTests/pagesClose", "SandboxTests/olderCallEnds", "SandboxTests/eventsOfTheNewerCall"]),
        .init(
            section: .limitations, text: "Several tenants need credentials each; one's reach that one alone",
            requests: [account], tests: ["SandboxTests/twoTenantsShareNothing", "SandboxTests/anotherRegionKnowsNobody"]),
        .init(
            section: .limitations, text: "Directory-synced people cannot be written here",
            requests: [create, update, delete], command: "muster plan",
            tests: ["SandboxTests/directoryManagedIsRefused", "SandboxTests/aLeaverTurnsPlain"]),
        .init(
            section: .limitations, text: "Whoever is disabled is shut out: no sign-in, no token, no mail",
            requests: [update], tests: ["SandboxTests/whoeverIsDisabledIsOut", "SandboxTests/mailToTheDisabledIsRefused"]),
        .init(
            section: .scenarios, text: "Add a user to a policy group: find the group, add, verify by reading the members",
            requests: [groups, add, members], command: "muster apply", tests: ["EndToEndTests/addsAndRemovesMembers"]),
        .init(
            section: .scenarios, text: "A leaver is disabled, and the status is confirmed by reading it", requests: [update, postUsers],
            command: "muster apply", tests: ["SandboxTests/leaver", "EndToEndTests/disablesWhoIsMissingAndEnablesWhoComesBack"]),
        .init(
            section: .limitations, text: "SCIM 2.0 at /scim/v2 needs the Enterprise plan", requests: ["GET /scim/v2/Users"],
            tests: ["SandboxTests/needsTheEnterprisePlan"]),
        .init(
            section: .limitations, text: "SCIM needs single sign-on: without it 401, or silence", requests: ["POST /scim/v2/Users"],
            tests: ["SandboxTests/needsSingleSignOn", "SandboxTests/degradedSingleSignOnChangesNothing"]),
        .init(
            section: .limitations, text: "SCIM manages cloud people only; directory-synced ones are seen and refused",
            requests: ["PATCH /scim/v2/Users/{id}", "PATCH /scim/v2/Groups/{id}"],
            tests: ["SandboxTests/directorySyncedPeopleAndGroupsAreReadOnly"]),
        .init(
            section: .limitations,
            text: "SCIM takes away by disabling, by PATCH and by DELETE alike; the archive stays",
            requests: ["PATCH /scim/v2/Users/{id}", "DELETE /scim/v2/Users/{id}"],
            tests: ["SandboxTests/deletingDisablesAndRevives", "SandboxTests/theGuideAlone"]),
        .init(
            section: .limitations, text: "Okta, Entra ID and OneLogin push by SCIM; Google Workspace is tolerated",
            requests: ["POST /scim/v2/Users", "PUT /scim/v2/Users/{id}", "POST /scim/v2/Groups"],
            tests: ["SandboxTests/theSandboxHoldsTheConversation"]),
        .init(
            section: .scenarios, text: "A new employee is provisioned by SCIM and verified in the directory",
            requests: ["POST /scim/v2/Users", getList], tests: ["SandboxTests/addressesMakeAccounts"]),
    ]
}
