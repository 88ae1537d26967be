import Foundation
import Mimecast
import Planning

/// Which events a hook wants: of any of the types, about any of the persons, in any of the groups. What is empty asks for nothing.
public struct HookFilter: Sendable, Hashable, Codable {
    /// Event types, or their beginning with a star: `account.*`. `*` is every type.
    public var types: [String]
    /// Folded addresses, or patterns: `*@example.com`. Events about the tenant have no person.
    public var persons: [String]
    /// Names or ids of groups, folded. Events without a group are not about any.
    public var groups: [String]

    /// - Throws: ``LifecycleError`` that names what is no type, address or group.
    public init(types: [String] = [], persons: [String] = [], groups: [String] = []) throws {
        for type in types where !Self.isType(type) {
            throw Self.unusable("\(type) is no type of events.", "Give one as account.disabled, or account.* for all of them.")
        }
        let folded = try persons.map { text in
            if text.contains("*") {
                guard let pattern = AddressPattern(text) else {
                    throw Self.unusable("\(text) is no pattern of addresses.", "Write an address with * for any text in it: *@example.com.")
                }
                return pattern.text
            }
            guard let address = EmailAddress(text) else {
                throw Self.unusable("\(text) is no address.", "Give a whole one, or one with * for any text in it: *@example.com.")
            }
            return address.folded
        }
        guard types.count <= 100, persons.count <= 1_000, groups.count <= 1_000, groups.allSatisfy({ !$0.isEmpty }) else {
            throw Self.unusable("There is too much to choose by.", "Give at most 100 types, and 1,000 persons and groups.")
        }
        self.types = types
        self.persons = folded
        self.groups = groups.map { EmailAddress.fold($0) }
    }

    func wants(_ event: EventLog.Entry) -> Bool {
        guard types.isEmpty || types.contains(where: { Self.matches(event.type, $0) }) else { return false }
        guard persons.isEmpty || persons.contains(where: { Self.matches(person: event.person, $0) }) else { return false }
        guard !groups.isEmpty else { return true }
        return EventGroup.names(event.body).contains { groups.contains(EmailAddress.fold($0)) }
    }

    private static func matches(_ type: String, _ wanted: String) -> Bool {
        wanted.hasSuffix("*") ? type.hasPrefix(wanted.dropLast()) : type == wanted
    }

    private static func matches(person: String, _ wanted: String) -> Bool {
        wanted.contains("*") ? AddressPattern(wanted)?.matches(person) ?? false : person == wanted
    }

    private static func isType(_ text: String) -> Bool {
        text.wholeMatch(of: /\*|[a-z][a-z-]*(\.[a-z][a-z-]*)*(\.\*)?/) != nil && text.utf8.count <= 100
    }

    private static func unusable(_ message: String, _ remedy: String) -> LifecycleError {
        LifecycleError(.usage, "hook-filter", message, remedy: remedy)
    }
}

/// The group that an event is about.
private enum EventGroup {
    private struct Body: Decodable {
        struct Data: Decodable {
            var group: Name?
        }
        var data: Data?
    }

    /// A name, or an object with `name` and `id`.
    private struct Name: Decodable {
        var names: [String]

        private enum CodingKeys: String, CodingKey { case id, name }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                names = [text]
            } else {
                let object = try decoder.container(keyedBy: CodingKeys.self)
                names = try [object.decodeIfPresent(String.self, forKey: .name), object.decodeIfPresent(String.self, forKey: .id)]
                    .compactMap { $0 }
            }
        }
    }

    static func names(_ body: String) -> [String] {
        (try? JSONDecoder().decode(Body.self, from: Foundation.Data(body.utf8)))?.data?.group?.names ?? []
    }
}
