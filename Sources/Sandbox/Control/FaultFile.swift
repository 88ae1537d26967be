import Foundation
import Mimecast

/// Faults that wait from the start: `--chaos FILE`, with the body of `POST /faults` in it.
enum FaultFile {
    /// Largest file, in bytes.
    private static let largest = 8 << 20

    /// - Throws: ``SandboxError`` of code `chaosUnusable`, with the reason.
    static func read(_ path: String, _ routes: RouteTable) throws -> [Fault] {
        func unusable(_ reason: String) -> SandboxError {
            SandboxError(
                .chaosUnusable, "The faults file \(path) cannot be used: \(reason).",
                remedy: #"Write it as POST /control/faults takes it: {"faults":[{"match":{"path":"/…"},"kind":"drop-after"}]}."#)
        }
        guard let file = FileHandle(forReadingAtPath: path), let body = try? file.read(upToCount: largest + 1) ?? Data() else {
            throw unusable("it cannot be read")
        }
        guard body.count <= largest else { throw unusable("it has more than \(largest) bytes") }
        do {
            let faults = try StrictJSON.decode(FaultList.self, body).faults
            for fault in faults { try fault.check(isServed: routes.canBeStruck) }
            guard faults.count <= FaultBook.most else { throw unusable("it has more than \(FaultBook.most) faults") }
            return faults
        } catch let refusal as CallRefusal {
            throw unusable(refusal.message)
        }
    }
}

/// The body that scripts faults.
struct FaultList: Codable, Sendable { var faults: [Fault] }

extension RouteTable {
    /// Whether a fault for a path could ever strike. What is served beside the described calls has its own folders.
    func canBeStruck(_ path: String) -> Bool {
        // A path as it is described means every id.
        if path.contains("{"), !path.hasPrefix(SandboxOptions.scimPath + "/") { return match(path)?.routes.first?.description.path == path }
        return match(path) != nil || ["/oauth/", SandboxOptions.scimPath + "/"].contains { path.hasPrefix($0) }
    }
}
