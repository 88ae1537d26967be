/// Stands for everything that a source says of one person, and for the rules by which it is read: 128 bits of a SHA-256, so that no two
/// records have the same one by chance.
public struct Fingerprint: Sendable, Hashable, Codable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    // Its bits are as good as any hash of them.
    public func hash(into hasher: inout Hasher) { hasher.combine(low) }
}
