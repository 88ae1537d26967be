import Foundation
import Lifecycle
import Planning

/// Events: a line each, for people or for programs.
struct EventPage {
    private let output: Output
    private let namesTenant: Bool

    init(_ output: Output, namesTenant: Bool) {
        self.output = output
        self.namesTenant = namesTenant
    }

    func show(_ items: [EventFeed.Item]) throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(items.count * 800)
        for item in items {
            if output.json { bytes += item.bytes } else { bytes += try line(TenantEvent(item.text)).utf8 }
            bytes.append(UInt8(ascii: "\n"))
        }
        // In one piece: whoever reads the other end gets whole lines.
        try bytes.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            try FileHandle.standardOutput.write(contentsOf: Data(bytesNoCopy: start, count: bytes.count, deallocator: .none))
        }
    }

    private func line(_ event: TenantEvent) -> String {
        let words = [
            event.time, namesTenant ? event.tenant : nil, output.paint(event.type, Self.colour(event.type)), event.about, event.difference,
            event.author.map { output.paint($0, .dim) }, event.data.undone == true ? "(undone before a read could show it)" : nil,
        ]
        return words.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private static func colour(_ type: String) -> Colour {
        switch EventType(rawValue: type) {
        case .accountRemoved, .groupRemoved, .integrationFailed, .proofOpened: .red
        case .accountDisabled, .accountPlain, .roleGranted, .roleTaken, .seatsCrossed: .yellow
        case .accountCreated, .accountEnabled, .groupCreated, .integrationRecovered, .proofClosed: .green
        default: .bold
        }
    }
}
