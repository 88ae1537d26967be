import Foundation

/// Writes zip files (PKWARE's APPNOTE 6.3) whose entries are stored, not compressed: no library for it is among the dependencies,
/// and the files of a sandbox are small.
struct ZipFile {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var entries: UInt16 = 0

    /// - Parameters:
    ///   - name: ASCII.
    ///   - time: milliseconds since 1970.
    mutating func add(_ name: String, _ contents: [UInt8], time: Int) {
        let offset = UInt32(truncatingIfNeeded: bytes.count)
        var facts: [UInt8] = []
        facts.append(little: 20 as UInt16)  // needs version 2.0
        facts.append(little: 0 as UInt16)
        facts.append(little: 0 as UInt16)  // stored
        facts += Self.stamp(time)
        facts.append(little: CRC32.checksum(contents))
        for _ in 0..<2 { facts.append(little: UInt32(truncatingIfNeeded: contents.count)) }
        facts.append(little: UInt16(truncatingIfNeeded: name.utf8.count))
        facts.append(little: 0 as UInt16)
        bytes += [0x50, 0x4B, 3, 4] + facts + Array(name.utf8) + contents
        directory += [0x50, 0x4B, 1, 2, 20, 0] + facts
        // No comment, first disk, no attributes.
        directory += [UInt8](repeating: 0, count: 10)
        directory.append(little: offset)
        directory += Array(name.utf8)
        entries += 1
    }

    var file: Data {
        var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
        for _ in 0..<2 { end.append(little: entries) }
        end.append(little: UInt32(truncatingIfNeeded: directory.count))
        end.append(little: UInt32(truncatingIfNeeded: bytes.count))
        end.append(little: 0 as UInt16)
        return Data(bytes + directory + end)
    }

    /// MS-DOS time and date, in UTC.
    private static func stamp(_ time: Int) -> [UInt8] {
        let parts = vendorDate(milliseconds: time).split { !$0.isNumber }.compactMap { Int($0) }
        var bytes: [UInt8] = []
        guard parts.count >= 6 else { return [0, 0, 0x21, 0] }
        bytes.append(little: UInt16(truncatingIfNeeded: parts[3] << 11 | parts[4] << 5 | parts[5] / 2))
        bytes.append(little: UInt16(truncatingIfNeeded: max(0, parts[0] - 1980) << 9 | parts[1] << 5 | parts[2]))
        return bytes
    }
}
