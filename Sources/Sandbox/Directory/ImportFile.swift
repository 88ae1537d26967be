import Foundation
import Mimecast

/// A file of people as import-users takes it: CSV in UTF-8, with or without a byte order mark. Workbooks are refused (our choice).
struct ImportFile: Sendable, Equatable {
    /// A row as it stands in the file; whether it is good shows when it is carried out.
    struct Row: Codable, Sendable, Equatable {
        var email: String
        var name: String?
    }

    /// Most people of one import (our choice; a body's size is limited, too).
    static let most = 100_000

    let rows: [Row]

    /// - Throws: ``ItemFailure`` `err_import_invalid` for what is no such file.
    init(_ bytes: Data) throws {
        guard !bytes.isEmpty else { throw Self.invalid("There is no file in the body") }
        // OLE and ZIP: what spreadsheets save as XLS and XLSX.
        guard !bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]), !bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) else {
            throw Self.invalid("The file is a workbook; save it as CSV in UTF-8")
        }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
        guard !text.contains(0) else { throw Self.invalid("The character U+0000 is not allowed") }
        guard String(data: text, encoding: .utf8) != nil else { throw Self.invalid("The file is not UTF-8") }
        let records: [[String]]
        do throws(CSVRecords.Failure) {
            // One more for the row that names the columns.
            records = try CSVRecords.parse([UInt8](text), most: Self.most + 1)
        } catch {
            throw Self.invalid("Row \(error.record): \(error.message)")
        }
        let columns = Columns(records.first ?? [])
        rows = records.dropFirst(columns.isHeader ? 1 : 0).map(columns.row)
        guard !rows.isEmpty else { throw Self.invalid("The file names nobody") }
        guard rows.count <= Self.most else { throw Self.invalid("There are more than \(Self.most) rows") }
    }

    static func invalid(_ message: String) -> ItemFailure { ItemFailure(FailureCode.importInvalid, message) }

    /// Where a row has what. A first row with a cell `email` or `emailAddress` names the columns; without one the address comes first
    /// and the name second (our choice). A password is read past: it would lie in the store until the import is carried out.
    private struct Columns {
        let isHeader: Bool
        let email: Int
        let name: Int?

        init(_ first: [String]) {
            let names = first.map { cell in String(cell.lowercased().filter { $0.isLetter }) }
            if let email = names.firstIndex(where: { $0 == "email" || $0 == "emailaddress" }) {
                isHeader = true
                self.email = email
                name = names.firstIndex { $0 == "name" || $0 == "displayname" }
            } else {
                (isHeader, email, name) = (false, 0, 1)
            }
        }

        func row(_ cells: [String]) -> Row {
            func cell(_ index: Int?) -> String? {
                guard let index, index < cells.count else { return nil }
                let text = cells[index].trimmingCharacters(in: .whitespacesAndNewlines)
                return text.isEmpty ? nil : text
            }
            return Row(email: cell(email) ?? "", name: cell(name))
        }
    }
}
