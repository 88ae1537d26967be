import Mimecast
import Planning

/// The rules of the configuration, as a reader applies them: attributes by the keys of columns.
struct SourceRules: Sendable {
    let policy: DesiredPolicy
    /// The keys that expressions ask for.
    let wanted: Set<String>
    /// As they are written, with the setting that speaks of them.
    private let uses: [(attribute: String, setting: String)]

    init(_ policy: DesiredPolicy) {
        uses = policy.uses
        self.policy = policy.renamed(ExportFormat.key)
        wanted = Set(uses.map { ExportFormat.key($0.attribute) })
    }

    /// Whether an address comes from the mapping, whatever columns there are.
    var mapsAddress: Bool { policy.map[.email] != nil }

    private static let fields: [(DesiredPolicy.Field, PeopleField)] = DesiredPolicy.Field.allCases.compactMap { field in
        PeopleField.byKey[field.rawValue.lowercased()].map { (field, $0) }
    }

    /// The layout, knowing which fields are mapped.
    func mapping(_ layout: SourceLayout) -> SourceLayout {
        var layout = layout
        layout.mapped = Set(Self.fields.filter { policy.map[$0.0] != nil }.map(\.1))
        return layout
    }

    /// A record with the mapped fields in place of what the source says there. All expressions see the source's own.
    ///
    /// - Parameter composedName: the name that the format makes where no column has one.
    func mapped(_ source: RawRecord, composedName: String?) -> RawRecord {
        guard !policy.map.isEmpty else { return source }
        var record = source
        let values: AttributeValues = { key in
            guard let field = PeopleField.byKey[key] else { return source.named[key] ?? [] }
            if field.isList { return source.list(field) ?? [] }
            return [source[field] ?? (field == .name ? composedName : nil)].compactMap { $0 }
        }
        for (field, target) in Self.fields {
            switch policy.map[field] {
            case .condition(let condition): record[target] = condition.holds(values) ? "true" : "false"
            case .text(let text):
                let found = text.values(values).map(\.withoutBlanks).filter { !$0.isEmpty }
                if target.isList, found.count > 1 {
                    record.setList(target, found)
                } else {
                    record[target] = found.isEmpty ? nil : found.joined(separator: ";")
                }
            case nil: break
            }
        }
        return record
    }

    /// Looks whether the source has every attribute that the configuration speaks of: a column that is misspelt or has vanished would make
    /// every comparison false, and put everybody out of scope or out of a group.
    ///
    /// - Parameters:
    ///   - keys: of the columns that the source has.
    ///   - names: the columns, as the source spells them.
    func check(_ keys: Set<String>, names: [String], _ format: ExportFormat, _ layout: SourceLayout) throws(SourceError) {
        let mapped = mapping(layout).mapped
        for (attribute, setting) in uses {
            let key = ExportFormat.key(attribute)
            let isThere: Bool
            if let field = PeopleField.byKey[key] {
                let isMade = !setting.hasPrefix("source.map") && mapped.contains(field)
                isThere = layout.hasColumn(field) || keys.contains(key) || isMade || field == .name && format.composesName
            } else {
                isThere = keys.contains(key)
            }
            guard !isThere else { continue }
            let shown = names.prefix(40).map(\.quotable).joined(separator: ", ") + (names.count > 40 ? ", …" : "")
            throw SourceError(
                .noSuchAttribute, at: Place(file: layout.file),
                "The configuration (\(setting)) speaks of “\(attribute.quotable)”, which is not there. Columns found: \(shown).",
                remedy: Nearest.name(to: attribute, among: names).map {
                    "Did you mean “\($0.quotable)”? Otherwise export the column, or take it out of the configuration."
                } ?? "Export the column, or take it out of the configuration.")
        }
    }
}
