import Synchronization

/// Names for answers, in the form of a random UUID (RFC 9562, version 4). Foundation's opens a file for each, which costs more than many
/// an answer; nothing depends on these being hard to guess.
enum RequestID {
    private static let digits = Array("0123456789abcdef".utf8)
    /// Begun at random; the system's own generator is a system call each time.
    private static let generator = Mutex(SplitMix64(seed: .random(in: .min ... .max)))

    static func fresh() -> String {
        let (high, low) = generator.withLock { ($0.next() & ~0xF000 | 0x4000, $0.next() & ~(3 << 62) | 2 << 62) }
        return String(unsafeUninitializedCapacity: 36) { text in
            var place = 0
            for number in 0..<32 {
                if [8, 12, 16, 20].contains(number) {
                    text[place] = UInt8(ascii: "-")
                    place += 1
                }
                let part = number < 16 ? high : low
                text[place] = digits[Int(part >> UInt64(60 - 4 * (number % 16)) & 15)]
                place += 1
            }
            return place
        }
    }
}
