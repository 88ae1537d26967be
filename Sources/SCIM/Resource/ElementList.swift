/// What holds for the elements of a multi-valued attribute (RFC 7643, section 2.4).
public enum ElementList {
    /// Elements with the same type and value become one, where the first stood, as the last says. An object without a value, such as a
    /// postal address, is compared as a whole, though who is primary does not count.
    static func withoutRepeats(_ elements: [JSONValue]) -> [JSONValue] {
        if elements.count <= 8, !hasRepeats(elements) { return elements }
        var places: [Key: Int] = [:]
        places.reserveCapacity(elements.count)
        var values: [JSONValue] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            let key = Key(element)
            if let place = places[key] {
                values[place] = element
            } else {
                places[key] = values.count
                values.append(element)
            }
        }
        return values
    }

    /// Compares each with each.
    private static func hasRepeats(_ elements: [JSONValue]) -> Bool {
        for index in elements.indices.dropFirst() {
            for other in 0..<index where mayBeSame(elements[index], elements[other]) { return true }
        }
        return false
    }

    /// Without making keys: false only for elements that are certainly not the same.
    private static func mayBeSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard let left = left.object, let right = right.object else { return left.isSame(as: right) }
        guard let value = left["value"], let other = right["value"] else { return true }
        return value.isSame(as: other)
    }

    /// Of several primary elements the last stays so.
    static func demote(_ elements: inout [JSONValue]) {
        guard let last = elements.lastIndex(where: { $0.object?["primary"]?.bool == true }) else { return }
        demote(&elements, except: [last])
    }

    /// No element is primary but these: a new primary takes it from the old one (RFC 7644, section 3.5.2).
    public static func demote(_ elements: inout [JSONValue], except kept: Set<Int>) {
        for index in elements.indices where !kept.contains(index) {
            guard var object = elements[index].object, object["primary"]?.bool == true else { continue }
            object["primary"] = false
            elements[index] = .object(object)
        }
    }

    private struct Key: Hashable {
        var bytes: [UInt8] = []

        init(_ element: JSONValue) {
            if var object = element.object {
                if let value = object["value"] {
                    value.write(into: &bytes)
                    object["type"]?.write(into: &bytes)
                } else {
                    object["primary"] = nil
                    object.write(into: &bytes)
                }
            } else {
                element.write(into: &bytes)
            }
        }
    }
}
