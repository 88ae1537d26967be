import Mimecast

/// A believable, invented company: the population of a sandbox, and the source of truth that goes with it.
///
/// All domains are below the reserved `.example` (RFC 2606).
public struct Company: Sendable {
    public let name: String
    /// The main one first.
    public let domains: [String]
    /// Internal people; the first two are administrators.
    public var people: [Employee]
    public var guests: [Guest]
    /// Every cloud group, also one without members.
    public let cloudGroups: [String]
    /// Every group that is synced from the directory.
    public let directoryGroups: [String]

    /// Makes a company.
    ///
    /// - Parameters:
    ///   - people: how many internal people; the first ones are the same in a larger company of the same seed and domains.
    ///   - domains: how many internal domains, at least 1.
    ///   - seed: the same seed gives the same company.
    public static func generate(people: Int, domains: Int, seed: UInt64) -> Company {
        var maker = CompanyMaker(domains: max(1, domains), seed: seed)
        let staff = (0..<max(0, people)).map { maker.employee($0) }
        let guests = people == 0 ? [] : (0..<max(1, people / 50)).map { maker.guest($0) }
        return Company(
            name: "Quillhaven Lines", domains: maker.domains, people: staff, guests: guests, cloudGroups: CompanyMaker.cloudGroups,
            directoryGroups: CompanyMaker.directoryGroups)
    }
}
