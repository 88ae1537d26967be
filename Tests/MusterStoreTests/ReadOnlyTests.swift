import Foundation
import MusterStore
import Testing

/// Root may write everything, so these need another user.
@Suite(.enabled(if: getuid() != 0)) struct ReadOnlyTests {
    static func lock(_ folder: TemporaryFolder, _ mode: Int) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
            try FileManager.default.setAttributes([.posixPermissions: mode & 0o666], ofItemAtPath: folder.file(name))
        }
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.url.path)
    }

    @Test(arguments: [true, false])
    func aStoreThatCannotBeWrittenSaysSo(withFolder: Bool) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        try await store.add("x")
        try store.close()
        if withFolder {
            try Self.lock(folder, 0o555)
        } else {
            try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.file())
        }
        let error = await storeError {
            let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
            try await store.add("y")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        #expect(error?.code == .readOnly)
        #expect(error?.remedy.contains("right to write") == true)
    }

    @Test func aFolderThatCannotBeWrittenTakesNoStore() async throws {
        let folder = try TemporaryFolder()
        try Self.lock(folder, 0o555)
        let error = await storeError { _ = try SQLiteStore(path: folder.file(), migrations: []) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        #expect(error?.code == .cannotOpen)
    }
}
