/// The values of an attribute that has several, while a PATCH changes them. A value that is made primary demotes the one that was.
struct PatchedList {
    let attribute: SchemaAttribute
    private(set) var elements: [JSONValue]

    init(_ elements: [JSONValue], of attribute: SchemaAttribute) {
        self.attribute = attribute
        self.elements = elements
    }

    /// Adds those that are not there; one that is takes on what the added one says besides.
    mutating func add(_ added: [JSONValue]) throws {
        var places: [ElementKey: Int] = [:]
        for (index, element) in elements.enumerated() { places[ElementKey(element, of: attribute)] = index }
        var promoted: Int?
        for element in added {
            let key = ElementKey(element, of: attribute)
            let place = places[key] ?? elements.count
            if place == elements.count {
                elements.append(element)
                places[key] = place
            } else if var object = elements[place].object, let more = element.object {
                for member in more.members where member.name != "value" && member.name != "type" {
                    try attribute.subAttribute(member.name)?.checkChange(from: object[member.name], to: member.value)
                    object[member.name] = member.value
                }
                elements[place] = .object(object)
            }
            if Self.isPrimary(element) { promoted = place }
        }
        settlePrimary(promoted)
    }

    mutating func replace(with replacement: [JSONValue]) {
        elements = replacement
        settlePrimary(elements.lastIndex(where: Self.isPrimary))
    }

    /// Removes those that are like one of these: the same `value`, and the same `type` where one is named; without a `value` everything
    /// that is named.
    mutating func remove(_ removed: [JSONValue]) {
        var exact: Set<ElementKey> = []
        var ofAnyType: Set<ElementKey> = []
        var others: [JSONObject] = []
        for element in removed {
            if let object = element.object, object["value"] == nil {
                others.append(object)
            } else if element.object?["type"] != nil {
                exact.insert(ElementKey(element, of: attribute))
            } else {
                ofAnyType.insert(ElementKey(valueOf: element, of: attribute))
            }
        }
        elements.removeAll { element in
            exact.contains(ElementKey(element, of: attribute)) || ofAnyType.contains(ElementKey(valueOf: element, of: attribute))
                || others.contains { other in
                    other.members.allSatisfy { member in element.object?[member.name].map { $0.isSame(as: member.value) } ?? false }
                }
        }
    }

    mutating func removeAll() { elements = [] }

    /// Changes the values at these places; one that is left without content goes.
    ///
    /// - Parameter promotes: whether the change makes a value primary; of several the last one is.
    mutating func change(_ places: [Int], promotes: Bool = false, _ change: (JSONValue) throws -> JSONValue?) rethrows {
        var isGone = false
        for place in places {
            let changed = try change(elements[place]) ?? .null
            elements[place] = changed
            if changed.isBlank { isGone = true }
        }
        if promotes { settlePrimary(places.last) }
        if isGone { elements.removeAll(where: \.isBlank) }
    }

    mutating func append(_ element: JSONValue) {
        elements.append(element)
        if Self.isPrimary(element) { settlePrimary(elements.count - 1) }
    }

    private mutating func settlePrimary(_ promoted: Int?) {
        guard let promoted else { return }
        for place in elements.indices where place != promoted && Self.isPrimary(elements[place]) {
            guard var object = elements[place].object else { continue }
            object["primary"] = .bool(false)
            elements[place] = .object(object)
        }
    }

    static func isPrimary(_ element: JSONValue) -> Bool { element.object?["primary"] == .bool(true) }
}
