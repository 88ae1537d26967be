/// Comparing secrets, seals and signatures.
public enum ConstantTime {
    /// Whether two are the same, in a time that depends on their length alone: how much of a guess was right does not show.
    public static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }
}
