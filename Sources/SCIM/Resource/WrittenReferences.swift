/// References as one renderer has written them before: on a page the same groups come again and again.
public struct WrittenReferences {
    /// Kept, so that no other reference takes its place in memory.
    private var references: [Reference] = []
    private var pieces: [[UInt8]] = []

    private let most: Int

    /// - Parameter most: how many are kept: of a single resource none comes twice; more than these are looked for longer than they take to
    ///   write.
    public init(most: Int = 64) { self.most = most }

    /// Puts what was written of this reference, or what `write` puts for it now.
    mutating func put(_ reference: Reference, into sink: inout ByteSink, _ write: (inout ByteSink) -> Void) {
        if let place = references.firstIndex(where: { $0 === reference }) {
            return pieces[place].withUnsafeBufferPointer { sink.put($0) }
        }
        guard references.count < most else { return write(&sink) }
        var piece: [UInt8] = []
        ByteSink.append(to: &piece) { write(&$0) }
        piece.withUnsafeBufferPointer { sink.put($0) }
        references.append(reference)
        pieces.append(piece)
    }
}
