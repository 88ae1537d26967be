import Foundation
import Lifecycle
import MimecastClient

/// A secret, named but not held: `env:NAME`, `file:PATH`, or `-` for standard input. Never the secret itself.
enum SecretReference {
    /// Checks a reference that came as an argument; `-` is read and kept in a file of mode 0600, which the result refers to.
    static func accept(_ text: String, keptAs name: String) throws -> String {
        if text == "-" { return "file:" + (try keep(try standardInput(), name)) }
        guard text.hasPrefix("env:") || text.hasPrefix("file:") else {
            throw Trouble.usage(
                "A secret cannot be given as an argument: others could read it in the list of processes.",
                remedy: "Refer to it: env:NAME, file:PATH, or - for standard input.")
        }
        _ = try resolve(text)
        guard text.hasPrefix("file:") else { return text }
        return "file:" + URL(fileURLWithPath: String(text.dropFirst(5))).path
    }

    /// A secret that is needed now and never again; `-` is read from standard input and not kept.
    static func once(_ text: String) throws -> String {
        text == "-" ? try standardInput() : try resolve(accept(text, keptAs: ""))
    }

    private static func standardInput() throws -> String {
        guard let line = readLine(strippingNewline: true), !line.isEmpty else {
            throw Trouble.usage("Standard input holds no secret.", remedy: "Pipe it in: printf '%s' \"$SECRET\" | muster … -")
        }
        return line
    }

    /// Keeps the token of somebody who signed in, as a secret from standard input is kept.
    ///
    /// - Returns: the reference to it.
    static func keep(_ token: PersonToken, keptAs name: String) throws -> String {
        "file:" + (try keep(String(decoding: try JSONEncoder().encode(token), as: UTF8.self), name))
    }

    /// The token that a reference means.
    static func token(_ reference: String) throws -> PersonToken {
        let text = try resolve(reference)
        guard let token = try? JSONDecoder().decode(PersonToken.self, from: Data(text.utf8)) else {
            throw Trouble(
                Exit.notPermitted, "secret-missing", "What is kept of the sign-in to this tenant cannot be read.",
                remedy: "Sign in again: muster tenants add … --login.")
        }
        return token
    }

    /// The secret that a reference means.
    static func resolve(_ reference: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws -> String {
        if reference.hasPrefix("env:") {
            let name = String(reference.dropFirst(4))
            guard let value = environment[name], !value.isEmpty else {
                throw Trouble(
                    Exit.notPermitted, "secret-missing", "The environment has no \(name), which holds a secret of this tenant.",
                    remedy: "Set it, or add the tenant again with another reference.")
            }
            return value
        }
        let path = String(reference.dropFirst(5))
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Trouble(
                Exit.notPermitted, "secret-missing", "The file \(path), which holds a secret of this tenant, cannot be read.",
                remedy: "Put it there, or add the tenant again with another reference.")
        }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !secret.isEmpty else {
            throw Trouble(Exit.notPermitted, "secret-missing", "The file \(path) is empty.", remedy: "Write the secret into it.")
        }
        return secret
    }

    /// Removes the files that Muster itself keeps for a tenant; those that the user refers to are the user's.
    ///
    /// - Parameter used: credentials that stay in use: their files stay, too.
    static func forget(_ credentials: TenantRecord.CredentialReference, unless used: TenantRecord.CredentialReference? = nil) {
        let staying = Set(used.map(references) ?? [])
        for reference in references(credentials) where !staying.contains(reference) { forget(reference) }
    }

    /// Removes the file of one secret, if Muster itself keeps it.
    static func forget(_ reference: String) {
        guard reference.hasPrefix("file:" + UserFolder.path() + "/secrets/") else { return }
        try? FileManager.default.removeItem(atPath: String(reference.dropFirst(5)))
    }

    private static func references(_ credentials: TenantRecord.CredentialReference) -> [String] {
        switch credentials {
        case .v2(_, let secret): [secret]
        case .v2Person(_, let token): [token]
        case .v1(_, let applicationKey, let accessKey, let secretKey): [applicationKey, accessKey, secretKey]
        }
    }

    /// Keeps a secret in a file of mode 0600.
    ///
    /// - Returns: its path.
    static func keep(_ secret: String, _ name: String) throws -> String {
        let folder = UserFolder.path() + "/secrets"
        // A name of its own each time: one that turns out to be wrong must not take the place of one that works.
        let path = folder + "/" + name.replacing(/[^A-Za-z0-9._-]/, with: "_") + "-" + UUID().uuidString.lowercased().prefix(8)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try PrivateFile.write(Data(secret.utf8), to: path)
        } catch {
            throw Trouble(
                Exit.notPermitted, "secret-not-kept", "The secret cannot be kept at \(path).",
                remedy: "Make the folder writable, or refer to a file of your own with file:PATH.")
        }
        return path
    }
}

/// Files that only their owner may read, whole or not there.
enum PrivateFile {
    static func write(_ bytes: Data, to path: String) throws { try finish(try begin(path), at: path) { try $0.write(contentsOf: bytes) } }

    /// Writes piece by piece; the file is there when all of it is.
    static func write(to path: String, _ body: (FileHandle) async throws -> Void) async throws {
        let (temporary, handle) = try begin(path)
        do {
            try await body(handle)
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw error
        }
        try finish((temporary, handle), at: path) { _ in }
    }

    private static func begin(_ path: String) throws -> (temporary: String, handle: FileHandle) {
        let temporary = path + ".\(UUID().uuidString.prefix(8))"
        guard FileManager.default.createFile(atPath: temporary, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: temporary)
        else { throw CocoaError(.fileWriteNoPermission) }
        return (temporary, handle)
    }

    private static func finish(
        _ file: (temporary: String, handle: FileHandle), at path: String, _ body: (FileHandle) throws -> Void
    ) throws {
        let (temporary, handle) = file
        do {
            try body(handle)
            try handle.synchronize()
            try handle.close()
            guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw error
        }
    }
}
