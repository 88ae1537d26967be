import Foundation

/// What becomes of memory that is no longer needed.
enum FreedMemory {
    /// Has glibc keep what is freed, up to a few megabytes. It maps large buffers one by one at first, and a page of a list is one: to map
    /// and fault it in anew each time costs as much as to read the rows. glibc raises its thresholds when it sees a large block go.
    static func isKept() {
        let block = UnsafeMutableRawPointer.allocate(byteCount: 4 << 20, alignment: 16)
        // Something has to become of the block, or the compiler leaves it out.
        _ = gethostname(block.assumingMemoryBound(to: CChar.self), 256)
        block.deallocate()
    }
}
