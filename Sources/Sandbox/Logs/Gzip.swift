import Foundation

/// Writes gzip files (RFC 1952) whose contents are stored, not compressed: no library for it is among the dependencies, and the
/// files of a sandbox are small.
enum Gzip {
    /// Most bytes of a stored block (RFC 1951, section 3.2.4).
    private static let block = 65_535

    static func file(_ contents: [UInt8]) -> Data {
        // No name and no time, so that the same contents make the same file; the system is "unknown".
        var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var start = 0
        repeat {
            let end = min(start + block, contents.count)
            bytes.append(end == contents.count ? 1 : 0)
            bytes.append(little: UInt16(end - start))
            bytes.append(little: ~UInt16(end - start))
            bytes += contents[start..<end]
            start = end
        } while start < contents.count
        bytes.append(little: CRC32.checksum(contents))
        bytes.append(little: UInt32(truncatingIfNeeded: contents.count))
        return Data(bytes)
    }

    /// How long a file is.
    ///
    /// - Parameter count: bytes of its contents.
    static func size(of count: Int) -> Int { 18 + count + 5 * max(1, (count + block - 1) / block) }
}
