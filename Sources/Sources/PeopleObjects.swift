import Mimecast
import SCIM

/// The objects of a JSON file of people: which format they have, and what each says by field.
///
/// Members are known by the names that the CSV formats have (``ExportFormat``), whatever the letter case. Of Okta's API
/// (`{"id", "status", "profile": {…}}`) the profile's members count as the person's own.
struct PeopleObjects {
    let format: ExportFormat
    let layout: SourceLayout
    private let isOkta: Bool
    private let wanted: Set<String>

    /// Members of Okta's API that say nothing of the person, or must not be kept.
    private static let ignored: Set<String> = ["credentials", "_links", "_embedded"]

    /// - Parameter first: the first person, from whom the format is known.
    /// - Throws: ``SourceError`` where it is no object, or no member holds the address.
    init(_ first: JSONElements.Element, file: String, isList: Bool, rules: SourceRules) throws(SourceError) {
        wanted = rules.wanted
        var layout = SourceLayout(file: file, shape: isList ? .list : .objects)
        let place = layout.place(isList ? first.entry : first.line, nil)
        guard let object = first.value.object else { throw Self.noObject(at: place) }
        isOkta = object["profile"]?.object != nil
        var pointers: [(name: String, pointer: String)] = []
        Self.walk(object, isOkta: isOkta) { name, pointer, _ in pointers.append((name, pointer)) }
        let names = pointers.map(\.name)
        guard let format = isOkta ? .okta : ExportFormat.recognise(Set(names.map(ExportFormat.key))) ?? (rules.mapsAddress ? .mapped : nil)
        else {
            throw PeopleHeader.noAddressColumn(names, at: place)
        }
        self.format = format
        for (index, (name, pointer)) in pointers.enumerated() {
            guard let (field, _) = format.field(ExportFormat.key(name)), !layout.hasColumn(field) else { continue }
            layout.columns[field] = Column(index: index, name: pointer)
        }
        // What the first person does not have, others may.
        for field in [PeopleField.email, .principal] where format.kind != .muster && !layout.hasColumn(field) {
            layout.columns[field] = Column(index: 0, name: field == .email ? "email" : "login")
        }
        self.layout = layout
    }

    /// What an object says by field.
    ///
    /// - Throws: ``SourceError`` where it is no object, a member stands there twice, or one has a value of another kind than its field.
    func raw(_ element: JSONElements.Element, _ names: inout MemberNames) throws(SourceError) -> RawRecord {
        let ordinal = layout.shape == .list ? element.entry : element.line
        guard let object = element.value.object else { throw Self.noObject(at: layout.place(ordinal, nil)) }
        var raw = RawRecord(ordinal: ordinal)
        var ranks: [PeopleField: Int] = [:]
        var trouble: SourceError?
        func pointer(_ tail: String) -> Place {
            var place = layout.place(ordinal, nil)
            place.pointer = (layout.shape == .list ? "/\(ordinal - 1)/" : "/") + tail
            return place
        }
        Self.walk(object, isOkta: isOkta) { name, tail, value in
            let key = ExportFormat.key(name)
            guard trouble == nil, !ExportFormat.isSecret(key) else { return }
            if !wanted.isEmpty {
                names.add(name, key)
                Self.named(key, value, wanted, into: &raw.named)
            }
            guard let (field, rank) = format.field(key) else {
                Self.attributes(name, value, into: &raw.attributes, depth: 0)
                return
            }
            if field.isAttribute { Self.attributes(name, value, into: &raw.attributes, depth: 0) }
            if let earlier = ranks[field], earlier <= rank {
                if earlier == rank {
                    trouble = SourceError(
                        .duplicateColumn, at: pointer(tail), "The member “\(name.quotable)” is there twice, in another letter case.",
                        remedy: "Remove or rename one of the two.")
                } else {
                    Self.attributes(name, value, into: &raw.attributes, depth: 0)
                }
                return
            }
            ranks[field] = rank
            switch value {
            case .array(let values) where field.isList:
                let texts = values.compactMap { Self.scalar($0)?.withoutBlanks }
                if texts.count == values.count {
                    raw.setList(field, texts.filter { !$0.isEmpty })
                } else {
                    trouble = Self.badValue(name, "a list of texts", at: pointer(tail))
                }
            case .array, .object: trouble = Self.badValue(name, field.isList ? "a list of texts" : "a text", at: pointer(tail))
            case .null: break
            case .bool, .number, .string: raw[field] = Self.scalar(value)?.withoutBlanks
            }
        }
        if let trouble { throw trouble }
        for key in raw.named.keys { names.add(key, key) }
        return raw
    }

    /// Calls `body` with each member: its name, its pointer below the person's object, its value.
    private static func walk(_ object: JSONObject, isOkta: Bool, _ body: (String, String, JSONValue) -> Void) {
        for member in object.members {
            guard isOkta else {
                body(member.name, escaped(member.name), member.value)
                continue
            }
            if ignored.contains(member.name) { continue }
            if member.name == "profile", let profile = member.value.object {
                for inner in profile.members { body(inner.name, "profile/" + escaped(inner.name), inner.value) }
            } else {
                body(member.name, escaped(member.name), member.value)
            }
        }
    }

    /// RFC 6901, section 3.
    private static func escaped(_ name: String) -> String {
        name.replacing("~", with: "~0").replacing("/", with: "~1").quotable
    }

    private static func scalar(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.literal
        case .null: ""
        case .array, .object: nil
        }
    }

    /// Attributes of any shape: a list's texts are separated by `;`, an object's members are named `outer.inner`.
    private static func attributes(_ name: String, _ value: JSONValue, into attributes: inout [String: String], depth: Int) {
        switch value {
        case .array(let values):
            let text = values.compactMap { scalar($0)?.withoutBlanks }.filter { !$0.isEmpty }.joined(separator: ";")
            if !text.isEmpty { attributes[name] = text }
        case .object(let object):
            guard depth < 4 else { return }
            for member in object.members where !ExportFormat.isSecret(ExportFormat.key(member.name)) {
                Self.attributes("\(name).\(member.name)", member.value, into: &attributes, depth: depth + 1)
            }
        case .null, .bool, .number, .string:
            if let text = scalar(value)?.withoutBlanks, !text.isEmpty { attributes[name] = text }
        }
    }

    /// The values that expressions ask for: of a list each, of an object the members as `outer.inner`.
    private static func named(
        _ key: String, _ value: JSONValue, _ wanted: Set<String>, into named: inout [String: [String]], depth: Int = 0
    ) {
        switch value {
        case .object(let object):
            guard depth < 4 else { return }
            for member in object.members where !ExportFormat.isSecret(ExportFormat.key(member.name)) {
                Self.named("\(key).\(ExportFormat.key(member.name))", member.value, wanted, into: &named, depth: depth + 1)
            }
        case .array(let values):
            guard wanted.contains(key) else { return }
            named[key] = values.compactMap { scalar($0)?.withoutBlanks }.filter { !$0.isEmpty }
        case .null, .bool, .number, .string:
            guard wanted.contains(key), let text = scalar(value)?.withoutBlanks else { return }
            named[key] = text.isEmpty ? [] : [text]
        }
    }

    private static func noObject(at place: Place) -> SourceError {
        SourceError(
            .badValue, at: place, "A person has to be an object.",
            remedy: "Write each person as {\"email\": …}, in a list or one to a line.")
    }

    private static func badValue(_ name: String, _ wanted: String, at place: Place) -> SourceError {
        SourceError(
            .badValue, at: place, "“\(name.quotable)” has to be \(wanted).", remedy: "Write it so, or leave it out to say nothing.")
    }
}

/// The names of the members that a file's objects have.
struct MemberNames {
    private(set) var keys: Set<String> = []
    /// As the file spells them, in the order in which they came first; some hundred at most.
    private(set) var spelled: [String] = []
    private let isNeeded: Bool

    init(isNeeded: Bool) { self.isNeeded = isNeeded }

    mutating func add(_ name: String, _ key: String) {
        guard isNeeded, keys.count < 10_000, keys.insert(key).inserted, spelled.count < 200 else { return }
        spelled.append(name)
    }
}
