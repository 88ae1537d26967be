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
    ///   - names: the domains, at least one; nil are the invented company's own.
    public static func generate(people: Int, domains: Int, named names: [String]? = nil, seed: UInt64) -> Company {
        var maker = CompanyMaker(domains: max(1, domains), named: names, seed: seed)
        let staff = (0..<max(0, people)).map { maker.employee($0) }
        let guests = (0..<CompanyMaker.guests(among: people)).map { _ in maker.guest() }
        return Company(
            name: CompanyMaker.name, domains: maker.domains, people: staff, guests: guests, cloudGroups: CompanyMaker.cloudGroups,
            directoryGroups: CompanyMaker.directoryGroups)
    }
}
