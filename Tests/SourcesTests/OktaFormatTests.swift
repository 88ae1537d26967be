import Planning
import Testing

@testable import Sources

@Suite struct OktaFormatTests {
    @Test func readsTheTemplateByProfileNames() throws {
        let text =
            "login,firstName,lastName,middleName,email,title,displayName,employeeNumber,department,password,recovery_question\n"
            + "ann@acme.example,Ann,Bee,M,Ann.Bee@acme.example,Dr,,17,Sales,hunter2,cat\n"
            + "bo@acme.example,Bo,Cee,,,,\"Bo C\",,,,\nsvc,Ser,Vice,,,,,,,,\n"
        #expect(try parse(text).format == .okta)
        let state = try people(text)
        #expect(
            state.people == [
                Person(
                    address: "Ann.Bee@acme.example", name: "Ann Bee", firstName: "Ann", lastName: "Bee",
                    attributes: [
                        "login": "ann@acme.example", "middleName": "M", "title": "Dr", "employeeNumber": "17", "department": "Sales",
                    ], line: 2),
                Person(
                    address: "bo@acme.example", name: "Bo C", firstName: "Bo", lastName: "Cee", attributes: ["login": "bo@acme.example"],
                    line: 3),
            ])
        #expect(state.notices == ["1 member left out (line 4): neither mail nor a login in the tenant's domains."])
    }

    @Test func readsReportsByTheirTitles() throws {
        let text =
            "Status,Last name,First name,Login,User Id,Primary email\nACTIVE,Bee,Ann,ann@acme.example,00u1,\n"
            + "SUSPENDED,Cee,Bo,bo@acme.example,00u2,bo.c@acme.example\nDEPROVISIONED,Dee,Cy,cy@acme.example,00u3,\n"
            + "STAGED,Eff,Di,di@acme.example,00u4,\nLOCKED_OUT,Gee,Ed,ed@acme.example,00u5,\n"
        let state = try people(text)
        #expect(state.people.map(\.address) == ["ann@acme.example", "bo.c@acme.example", "cy@acme.example", "ed@acme.example"])
        #expect(state.people.map(\.active) == [true, false, false, true])
        #expect(state.people.map(\.externalID) == ["00u1", "00u2", "00u3", "00u5"])
        #expect(state.notices == ["1 staged person left out (line 5)."])
        #expect(state.leftOut == ["00u4", "di@acme.example"])
    }

    /// What the contract alone has makes the file the contract's, although Okta's columns stand there, too.
    @Test(arguments: ["active", "externalId", "groups", "name", "aliases", "adminRoles"])
    func theContractsOwnColumnsWin(column: String) throws {
        let text = "email,login,firstName,lastName,\(column)\na@acme.example,x,A,B,\n"
        #expect(try parse(text).format == .muster)
        #expect(try people(text).people.first?.attributes == ["login": "x"])
    }

    @Test func readsUsersAsTheAPIWritesThem() throws {
        let text = """
            [{"id":"00u1","status":"ACTIVE","created":"2026-01-01T00:00:00.000Z","type":{"id":"oty1"},
              "profile":{"login":"ann@acme.example","email":"Ann@acme.example","firstName":"Ann","lastName":"Bee","department":"Sales",
                "mobilePhone":null,"costCenters":["a","b"],"level":3,"manager":true},
              "credentials":{"password":{"value":"hunter2"},"recovery_question":{"question":"cat?"}},"_links":{"self":{"href":"x"}}},
             {"id":"00u2","status":"SUSPENDED","profile":{"login":"bo@acme.example","email":"bo@acme.example"}},
             {"id":"00u3","status":"STAGED","profile":{"login":"cy@acme.example","email":"cy@acme.example"}}]
            """
        #expect(try parse(text).format == .okta)
        let state = try people(text)
        #expect(
            state.people == [
                Person(
                    address: "Ann@acme.example", externalID: "00u1", name: "Ann Bee", firstName: "Ann", lastName: "Bee", active: true,
                    attributes: [
                        "login": "ann@acme.example", "created": "2026-01-01T00:00:00.000Z", "type.id": "oty1", "department": "Sales",
                        "costCenters": "a;b", "level": "3",
                        "manager": "true",
                    ], line: 1),
                Person(address: "bo@acme.example", externalID: "00u2", active: false, attributes: ["login": "bo@acme.example"], line: 2),
            ])
        #expect(state.unit == "entry")
        #expect(state.notices == ["1 staged person left out (entry 3)."])
    }

    @Test func aWrongStateIsNamedByItsPointer() throws {
        let text =
            #"[{"id":"1","status":"ACTIVE","profile":{"login":"a@acme.example"}},{"id":"2","status":"ASLEEP","profile":{"login":"b@acme.example"}}]"#
        let error = try #require(fault(text))
        #expect(error.code == "source-bad-truth-value")
        #expect(error.entry == 2)
        #expect(error.message.hasPrefix("people.csv, entry 2, /1/status: “ASLEEP”"))
    }
}
