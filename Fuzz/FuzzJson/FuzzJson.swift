import Foundation
import FuzzDriver
import SCIM

/// The strict reader of JSON: parsed, written and parsed again; and it takes nothing that Foundation refuses.
@main enum FuzzJson {
    static func main() {
        drive { start, count in
            FuzzJson.body(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }

    static func body(_ bytes: [UInt8]) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes)
        } catch {
            precondition((0...bytes.count).contains(error.offset), "an offset outside the text")
            return
        }
        let written = value.serialized
        guard let again = try? JSONValue.parse(written) else { preconditionFailure("what was written cannot be read") }
        precondition(again.serialized == written, "other bytes after writing twice")
        guard bytes.count < 4_096 else { return }
        precondition((try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil, "Foundation refuses it")
        // A resource out of it, whatever it is.
        guard let object = value.object, let user = SchemaRegistry.standard.type(named: "User") else { return }
        guard let made = try? user.creation(object) else { return }
        let stored = JSONValue.object(made.resource.object).serialized
        guard let kept = try? JSONValue.parse(stored).object, let second = try? user.creation(kept) else {
            preconditionFailure("what was stored cannot be sent again")
        }
        precondition(JSONValue.object(second.resource.object).serialized == stored, "another resource the second time")
    }
}
