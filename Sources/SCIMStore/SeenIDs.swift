import Foundation
import MusterStore

/// Ids in the order in which they were seen first. The same few come in row after row, so that to make a text of each and to look it up
/// takes longer than to compare it with the one that was seen last with such an end.
struct SeenIDs {
    private(set) var ids: [String] = []
    private var places: [String: Int] = [:]
    /// By their last byte.
    private var recent = [Int](repeating: 0, count: 64)

    /// The place of a row's id in ``ids``, where it is put if it is new.
    mutating func place(_ row: any SQLRow, _ column: Int) -> Int {
        var slot = 0
        var isRecent = false
        row.lend(column) { bytes in
            slot = Int(bytes.last ?? 0) & 63
            guard recent[slot] < ids.count else { return }
            isRecent = Self.areEqual(ids[recent[slot]], bytes)
        }
        if isRecent { return recent[slot] }
        let id = row.text(column)
        let place = places[id] ?? ids.count
        if place == ids.count {
            places[id] = place
            ids.append(id)
        }
        recent[slot] = place
        return place
    }

    private static func areEqual(_ id: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
        var id = id
        return id.withUTF8 { known in
            guard known.count == bytes.count, let first = known.baseAddress, let second = bytes.baseAddress else {
                return known.isEmpty && bytes.isEmpty
            }
            return memcmp(first, second, known.count) == 0
        }
    }
}
