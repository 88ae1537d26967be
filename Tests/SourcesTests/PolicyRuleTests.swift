import Planning
import Testing

@testable import Sources

/// The rules of the configuration over the rows of a source: mapping, scope, groups.
@Suite struct PolicyRuleTests {
    static let entra =
        "userPrincipalName,displayName,surname,mail,givenName,id,userType,department,accountEnabled,Cost Center\n"
        + "ann@acme.onmicrosoft.com,Ann B,Bee,Ann@Acme.example,Ann,1,Member,Sales,True,100\n"
        + "bo@acme.example,Bo C,Cee,,Bo,2,Member,External,True,\n" + "cy@acme.example,,Dee,cy@acme.example,,3,Member,Support,False,300\n"

    static func policy(
        map: [DesiredPolicy.Field: String] = [:], include: String? = nil, exclude: String? = nil, leaving: DesiredPolicy.Leaving = .leave,
        groups: [(String, [String])] = []
    ) throws -> DesiredPolicy {
        DesiredPolicy(
            map: try map.mapValues { try Expression(parsing: $0) }, include: try include.map { try Condition(parsing: $0) },
            exclude: try exclude.map { try Condition(parsing: $0) }, leaving: leaving,
            groupRules: try groups.map { DesiredPolicy.GroupRule(when: try Condition(parsing: $0.0), add: $0.1) })
    }

    private func read(_ text: String, _ policy: DesiredPolicy) throws -> DesiredState {
        try PeopleFile.parse(Array(text.utf8), name: "people.csv", digest: "d", policy: policy).desired(domains: exampleDomains)
    }

    private func fault(_ text: String, _ policy: DesiredPolicy) -> SourceError? {
        do {
            _ = try read(text, policy)
            return nil
        } catch {
            return error as? SourceError
        }
    }

    @Test func aMappedFieldHoldsWhatItsExpressionSays() throws {
        let state = try read(
            Self.entra,
            try Self.policy(
                map: [
                    .name: "{givenName} {surname}", .email: "lower(mail) ?? lower(userPrincipalName)", .externalId: "'hr-{id}'",
                    .groups: "department", .active: "department in ('Sales', 'External')", .lastName: "nothing ?? upper(lastName)",
                ].filter { $0.key != .lastName }))
        #expect(state.people.map(\.address) == ["ann@acme.example", "bo@acme.example", "cy@acme.example"])
        // What lacks a part is not said; nothing of the column it replaces shines through.
        #expect(state.people.map(\.name) == ["Ann Bee", "Bo Cee", nil])
        #expect(state.people.map(\.externalID) == ["hr-1", "hr-2", "hr-3"])
        #expect(state.people.map(\.groups) == [["Sales"], ["External"], ["Support"]])
        #expect(state.people.map(\.active) == [true, true, false])
        #expect(state.people.map(\.lastName) == ["Bee", "Cee", "Dee"])
        #expect(state.policy != nil)
    }

    @Test func aFileOfUnknownColumnsIsMapped() throws {
        let text =
            "Worker ID,Legal Name,Work Email,Employment Status\n7,Ann Bee,ANN@acme.example,Active\n8,Bo Cee,bo@acme.example,Terminated\n"
        let policy = try Self.policy(map: [
            .email: "lower(`Work Email`)", .externalId: "`worker id`", .name: "`Legal Name`",
            .active: "`Employment Status` != 'Terminated'",
        ])
        #expect(
            try read(text, policy).people.map { [$0.address, $0.externalID, $0.name, $0.active.map { "\($0)" }] } == [
                ["ann@acme.example", "7", "Ann Bee", "true"], ["bo@acme.example", "8", "Bo Cee", "false"],
            ])
        #expect(fault(text, try Self.policy(exclude: "`Worker ID` = '8'"))?.code == "source-no-address-column")
        let json = #"[{"Worker ID":7,"Work Email":"ann@acme.example","Legal Name":"Ann Bee","Employment Status":"Active"}]"#
        #expect(try read(json, policy).people.first?.name == "Ann Bee")
    }

    @Test func whoIsOutOfScopeIsNobodysBusiness() throws {
        let state = try read(
            Self.entra,
            try Self.policy(include: "email endswith '@acme.example'", exclude: "department = 'external' or `Cost Center` = '300'"))
        #expect(state.people.map(\.address) == ["Ann@Acme.example"])
        #expect(state.scopedOut == ScopedOut(lines: [3, 4], keys: ["2": 3, "bo@acme.example": 3, "3": 4, "cy@acme.example": 4]))
        #expect(state.notices == ["2 people out of scope (lines 3, 4)."])
        #expect(state.leftOut.isEmpty)
    }

    /// Somebody out of scope may live in another company's domain.
    @Test func aForeignDomainOutOfScopeIsNoError() throws {
        let text = "email,kind\nann@acme.example,staff\nbo@other.example,contractor\n"
        #expect(fault(text, DesiredPolicy())?.code == "source-foreign-domain")
        #expect(try read(text, try Self.policy(exclude: "kind = 'contractor'")).people.count == 1)
    }

    @Test func aScopeThatLeavesNobodyIsAnError() throws {
        let error = try #require(fault(Self.entra, try Self.policy(include: "department = 'Nowhere'")))
        #expect(error.code == "source-names-nobody")
        #expect(error.message.contains("3 people out of scope (lines 2, 3, 4)"))
    }

    /// A column that is misspelt or has vanished would put everybody out of scope: it is an error.
    @Test(arguments: [
        ("departement = 'Sales'", "“departement”", "“department”"), ("nowhere present", "“nowhere”", "Export the column"),
        ("groups = 'x'", "“groups”", "Export the column"), ("password present", "“password”", "Export the column"),
    ])
    func anAttributeThatIsNotThereIsNamed(condition: String, attribute: String, remedy: String) throws {
        let error = try #require(fault(Self.entra, try Self.policy(exclude: condition)))
        #expect(error.code == "source-no-such-attribute")
        #expect(error.message.contains("scope.exclude"))
        #expect(error.message.contains(attribute))
        #expect(error.remedy.contains(remedy))
        let json = #"[{"email":"a@acme.example","department":"x"},{"email":"b@acme.example","office":{"city":"y"}}]"#
        let other = try #require(fault(json, try Self.policy(groups: [(condition, ["G"])])))
        #expect(other.code == "source-no-such-attribute")
        #expect(other.message.contains("groups, rule 1"))
        _ = try read(json, try Self.policy(include: "department present or office.city = 'y'"))
    }

    @Test func aMappingSeesTheSourceAndAScopeThePerson() throws {
        let text = "email,name\nANN@acme.example,x\n"
        let state = try read(text, try Self.policy(map: [.name: "lower(email)", .email: "lower(email)"], include: "name = email"))
        #expect(state.people.first?.name == "ann@acme.example")
        #expect(fault(text, try Self.policy(map: [.name: "lastName"]))?.code == "source-no-such-attribute")
        #expect(fault(text, try Self.policy(map: [.lastName: "name"], include: "lastName = 'y'"))?.code == "source-names-nobody")
    }

    @Test func whatAMappingMakesIsCheckedAndItsPlaceNamed() throws {
        let text = "email,login name\nann@acme.example,ann\nbo@acme.example,\n"
        var error = try #require(fault(text, try Self.policy(map: [.email: "'{`login name`}'"])))
        #expect(error.code == "source-bad-address")
        #expect(error.message.hasPrefix("people.csv, line 2, as source.map says, email: “ann” is no e-mail address"))
        error = try #require(fault(text, try Self.policy(map: [.email: "'{`login name`}@acme.example'"])))
        #expect(error.code == "source-no-address")
        #expect(error.line == 3)
        #expect(error.remedy.contains("??"))
        error = try #require(fault(text, try Self.policy(map: [.active: "email"])))
        #expect(error.code == "source-bad-truth-value")
        error = try #require(fault(text, try Self.policy(map: [.externalId: "'same'"])))
        #expect(error.code == "source-duplicate-external-id")
    }

    @Test func aStateMayBeMappedToo() throws {
        let text = "login,firstName,lastName,status,email\na,A,A,STAGED,a@acme.example\nb,B,B,ACTIVE,b@acme.example\n"
        #expect(try read(text, DesiredPolicy()).people.count == 1)
        #expect(try read(text, try Self.policy(map: [.active: "status = 'active'"])).people.map(\.active) == [false, true])
    }

    @Test func rulesPutPeopleInScopeIntoGroups() throws {
        let state = try read(
            Self.entra,
            try Self.policy(
                exclude: "department = 'External'", groups: [("department = 'Sales'", ["Sales", "All"]), ("email present", ["All"])]))
        #expect(state.ruledGroups == ["Sales", "All"])
        #expect(
            state.people.map(\.ruled) == [
                [RuledGroup(name: "Sales", rule: 1), RuledGroup(name: "All", rule: 1)], [RuledGroup(name: "All", rule: 2)],
            ])
        #expect(state.people.map(\.groups) == [nil, nil])
        #expect(try read(Self.entra, DesiredPolicy()).people.allSatisfy { $0.ruled == nil })
    }

    @Test func guestsAreLeftOutWhateverTheRules() throws {
        let text = Self.entra + "x_o.example#EXT#@acme.onmicrosoft.com,X,,x@acme.example,,9,Guest,Sales,True,\n"
        #expect(try read(text, try Self.policy(map: [.email: "lower(mail) ?? lower(userPrincipalName)"])).people.count == 3)
    }
}
