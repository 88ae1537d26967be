import Planning

@testable import Sources

let exampleDomains: Set<String> = ["acme.example", "münchen.example"]

func parse(_ text: String, name: String = "people.csv") throws -> PeopleFile {
    try PeopleFile.parse(Array(text.utf8), name: name, digest: "d")
}

func people(_ text: String, domains: Set<String> = exampleDomains) throws -> DesiredState {
    try parse(text).desired(domains: domains)
}

/// The error that reading ends with, from parsing or from asking for the desired state.
func fault(_ text: String, domains: Set<String> = exampleDomains) -> SourceError? { fault(Array(text.utf8), domains: domains) }

func fault(_ bytes: [UInt8], domains: Set<String> = exampleDomains) -> SourceError? {
    do throws(SourceError) {
        _ = try PeopleFile.parse(bytes, name: "people.csv", digest: "d").desired(domains: domains)
        return nil
    } catch {
        return error
    }
}

func records(_ text: String) throws -> [[String]] {
    var reader = CSVReader(Array(text.utf8), file: "t.csv")
    var rows: [[String]] = []
    while let record = try reader.next() { rows.append(record.cells) }
    return rows
}

/// The people of a text, as a suite whose members are called people themselves asks for them.
func desired(_ text: String) throws -> DesiredState { try people(text) }
