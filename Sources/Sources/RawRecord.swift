/// What a source says of one person, before anything of it was checked: the same for every format.
struct RawRecord: Sendable {
    /// The line or the entry, from 1.
    let ordinal: Int
    /// By ``PeopleField``'s raw value; nil says nothing. Without blanks around.
    private var cells: [String?]
    /// Several values of one field, where the source writes them apart.
    private var lists: [Int: [String]] = [:]
    /// What the source says beside the fields, under its own names.
    var attributes: [String: String] = [:]
    /// What expressions of the configuration ask for, by the columns' keys, whether it belongs to a field or not.
    var named: [String: [String]] = [:]

    init(ordinal: Int) {
        self.ordinal = ordinal
        cells = Array(repeating: nil, count: PeopleField.allCases.count)
    }

    subscript(field: PeopleField) -> String? {
        get { cells[field.rawValue] }
        set {
            cells[field.rawValue] = newValue.flatMap { $0.isEmpty ? nil : $0 }
            lists[field.rawValue] = nil
        }
    }

    /// The values of a field that may have several; nil where the source says nothing. As text they are separated by `;`.
    func list(_ field: PeopleField) -> [String]? {
        if let values = lists[field.rawValue] { return values }
        guard let text = cells[field.rawValue] else { return nil }
        let values = text.split(separator: ";").map { String($0).withoutBlanks }.filter { !$0.isEmpty }
        return values.isEmpty ? nil : values
    }

    mutating func setList(_ field: PeopleField, _ values: [String]) {
        cells[field.rawValue] = values.isEmpty ? nil : values.joined(separator: ";")
        lists[field.rawValue] = values.isEmpty ? nil : values
    }
}
