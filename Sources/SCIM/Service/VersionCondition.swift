/// Which versions a change may be made to: the values of `If-Match` or `If-None-Match`, without `W/` and quotes.
public struct VersionCondition: Sendable, Hashable {
    private enum Demand: Sendable, Hashable {
        case any
        case exactly([String])
        case noneOf([String])
        case mustNotExist
    }

    private let demand: Demand

    private init(_ demand: Demand) { self.demand = demand }

    public static let any = VersionCondition(.any)
    /// `If-None-Match: *`.
    public static let mustNotExist = VersionCondition(.mustNotExist)
    public static func exactly(_ versions: [String]) -> VersionCondition { VersionCondition(.exactly(versions)) }
    public static func noneOf(_ versions: [String]) -> VersionCondition { VersionCondition(.noneOf(versions)) }

    /// Whether a resource of this version may be changed.
    public func allows(_ version: String) -> Bool {
        switch demand {
        case .any: true
        case .exactly(let versions): versions.contains(version)
        case .noneOf(let versions): !versions.contains(version)
        case .mustNotExist: false
        }
    }

    /// - Throws: 412.
    public func check(_ version: String) throws {
        if !allows(version) { throw SCIMError.versionMismatch }
    }
}
