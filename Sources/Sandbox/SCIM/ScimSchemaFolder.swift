import Foundation
import SCIM

/// Further resource types and extensions: `--scim-schemas FOLDER`, a JSON document (or a list of them) a file, as `/Schemas` and
/// `/ResourceTypes` show them (RFC 7643, sections 6 and 7).
enum ScimSchemaFolder {
    private static let mostFiles = 100
    /// In bytes.
    private static let largest = 1 << 20

    /// - Throws: ``SandboxError`` of code `schemasUnusable`, with the file and the reason.
    static func registry(_ path: String?) throws -> SchemaRegistry {
        guard let path else { return .standard }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw unusable(path, "the folder cannot be read")
        }
        let files = names.filter { $0.hasSuffix(".json") }.sorted()
        guard (1...mostFiles).contains(files.count) else {
            throw unusable(path, files.isEmpty ? "there is no file NAME.json in it" : "it has more than \(mostFiles) files")
        }
        var documents: [JSONValue] = []
        for name in files {
            let file = path + "/" + name
            guard let handle = FileHandle(forReadingAtPath: file), let data = try? handle.read(upToCount: largest + 1) ?? Data() else {
                throw unusable(file, "it cannot be read")
            }
            guard data.count <= largest else { throw unusable(file, "it has more than \(largest) bytes") }
            do {
                let value = try JSONValue.parse([UInt8](data))
                documents += value.array ?? [value]
            } catch {
                throw unusable(file, error.description)
            }
        }
        do {
            let registry = try SchemaRegistry.standard.adding(documents)
            let known = Set(SchemaRegistry.standard.schemas.map(\.id))
            for schema in registry.schemas where !known.contains(schema.id) {
                // What is announced has to hold (RFC 7643, section 7), and user names alone are kept apart here.
                if let attribute = schema.attributes.first(where: { $0.uniqueness != .none }) {
                    throw unusable(path, "\(schema.id): uniqueness of \(attribute.name) is not kept here; say none")
                }
            }
            return registry
        } catch let error as SCIMError {
            throw unusable(path, error.detail)
        }
    }

    private static func unusable(_ path: String, _ reason: String) -> SandboxError {
        let reason = reason.hasSuffix(".") ? String(reason.dropLast()) : reason
        return SandboxError(
            .schemasUnusable, "The SCIM schemas in \(path) cannot be used: \(reason).",
            remedy: "Put Schema and ResourceType documents there as /Schemas and /ResourceTypes show them, one JSON file each.")
    }
}
