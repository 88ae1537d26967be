import FuzzDriver
import SCIM

/// A path of a PATCH, and the name of an attribute: parsed, printed and parsed again.
@main enum FuzzPath {
    static func main() {
        drive { start, count in
            FuzzPath.body(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
            return 0
        }
    }

    static func body(_ text: String) {
        guard let urns = SchemaRegistry.standard.type(named: "User")?.urns else { return }
        if let path = try? PatchPath.parse(text, urns: urns) {
            precondition((try? PatchPath.parse(path.description, urns: urns)) == path, "another path after printing: \(path.description)")
        }
        if let path = try? AttributePath.parse(text, urns: urns) {
            precondition(
                (try? AttributePath.parse(path.description, urns: urns)) == path, "another name after printing: \(path.description)")
        }
    }
}
