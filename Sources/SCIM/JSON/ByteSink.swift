/// Collects bytes in a small buffer and appends them to an array in larger pieces: a single byte costs a store instead of a check of the
/// array's owner and capacity.
struct ByteSink: ~Copyable {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private var count = 0
    private var bytes: [UInt8]

    /// Appends to an array what the body puts into the sink.
    static func append(to bytes: inout [UInt8], _ body: (inout ByteSink) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { buffer in
            var taken: [UInt8] = []
            swap(&taken, &bytes)
            var sink = ByteSink(buffer: buffer, bytes: taken)
            taken = []
            body(&sink)
            sink.flush()
            bytes = sink.bytes
        }
    }

    private init(buffer: UnsafeMutableBufferPointer<UInt8>, bytes: consuming [UInt8]) {
        self.buffer = buffer
        self.bytes = bytes
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        if count == buffer.count { flush() }
        buffer[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func put(_ piece: UnsafeBufferPointer<UInt8>) {
        if piece.count > buffer.count - count {
            flush()
            if piece.count > buffer.count { return bytes.append(contentsOf: piece) }
        }
        guard let from = piece.baseAddress, let to = buffer.baseAddress else { return }
        (to + count).update(from: from, count: piece.count)
        count += piece.count
    }

    /// Hands over the place of the next few bytes, all of which the body fills.
    ///
    /// - Parameter room: at most 64.
    @inline(__always)
    mutating func fill(_ room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Void) {
        if room > buffer.count - count { flush() }
        guard let start = buffer.baseAddress else { return }
        body(start + count)
        count += room
    }

    private mutating func flush() {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[..<count]))
        count = 0
    }
}
