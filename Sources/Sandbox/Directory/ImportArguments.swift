import Foundation
import Mimecast

/// What the header `x-mc-arg` says: the item itself, or an envelope around it, read as leniently as a body is. Without the header
/// nothing is asked for beside the import.
struct ImportArguments: Sendable {
    let order: ImportOrder
    /// As it came, for echoing it in `fail`.
    let echo: JSON?

    /// - Throws: ``ItemFailure`` `err_import_invalid` for a header that cannot be read, `err_too_many_items` for more than one item.
    init(header: String?) throws {
        guard let header else {
            (order, echo) = (ImportOrder(), nil)
            return
        }
        guard let tree = try? LenientJSON.parse(Array(header.utf8), depth: IncomingBody.deepest, values: 1_000), case .object = tree else {
            throw ImportFile.invalid("The header x-mc-arg cannot be read")
        }
        var item = tree
        if let data = tree["data"] {
            switch data {
            case .array(let items):
                guard items.count <= 1 else { throw ItemFailure(FailureCode.tooManyItems, "This call takes one item") }
                item = items.first ?? .object([:])
            case .object: item = data
            default: throw ImportFile.invalid("The header x-mc-arg cannot be read")
            }
        }
        guard let order = try? LenientDecoder.decode(ImportOrder.self, from: item) else {
            throw ImportFile.invalid("The header x-mc-arg cannot be read")
        }
        self.order = order
        echo = item
    }
}
