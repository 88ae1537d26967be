import Foundation
import Mimecast
import MimecastClient

/// A region as it is tried.
public struct RegionPlace: Sendable, Hashable {
    public var name: String
    public var url: String

    public init(name: String, url: String) {
        self.name = name
        self.url = url
    }

    /// The other hosts of the vendor's for whoever is refused at one of them; none for a host that is not the vendor's, since nobody's
    /// credentials go to a stranger.
    static func others(than baseURL: String, _ generation: Generation) -> [RegionPlace] {
        let all = Region.allCases.map { (name: $0.rawValue, url: $0.baseURL(generation)) }
        let own = key(baseURL)
        guard all.contains(where: { key($0.url) == own }) else { return [] }
        var places: [RegionPlace] = []
        for region in all where key(region.url) != own {
            if let index = places.firstIndex(where: { $0.url == region.url }) {
                places[index].name += "/\(region.name)"
            } else {
                places.append(RegionPlace(name: region.name, url: region.url))
            }
        }
        return places
    }

    static func key(_ url: String) -> String {
        var text = url.lowercased()[...]
        while text.last == "/" { text.removeLast() }
        return String(text)
    }
}

/// Why credentials are refused. The vendor answers a wrong secret, a wrong region, a moved application and the other generation alike;
/// only what else was seen tells them apart, and where it does not, all of them are named.
enum CredentialCheck {
    /// What was seen around a refusal.
    struct Refusal: Sendable {
        /// What the other regions were asked.
        enum Search: Sendable, Hashable {
            /// There are none to ask.
            case noOthers
            /// Nobody allowed it.
            case notAllowed([RegionPlace])
            case tried([RegionPlace], accepting: [RegionPlace])
            /// Something else was known already.
            case notNeeded
        }

        var error: ClientError
        var generation: Generation
        var code: String
        var baseURL: String
        /// v1 knows the application's id, asked without credentials; nil where that was not to be learned.
        var isKnownToV1: Bool?
        /// v2 gave a token for the id and a key of a v1 tenant.
        var isTakenByV2 = false
        /// When the tenant was added with these very credentials, for which they had to be accepted.
        var acceptedOn: Date?
        /// A v2 application of the same tenant is accepted at the same place.
        var hasWorkingV2 = false
        /// Where the vendor says that an address of the tenant lives.
        var discovered: (address: String, url: String)?
        var search = Search.noOthers
    }

    static func findings(_ seen: Refusal) -> [Finding] {
        let refused = seen.error.message
        if seen.error.code == .misconfigured || seen.error.code == .notFound {
            return [Finding(.wrongGeneration, .error, refused, remedy: seen.error.remedy)]
        }
        if seen.generation == .v2, seen.isKnownToV1 == true {
            return [
                Finding(
                    .wrongGeneration, .error,
                    "v2 refuses the credentials, and v1 knows an application of this id: they are a v1 application's. \(refused)",
                    remedy: """
                        Use them as v1 keys (--generation v1 with --app-id, --app-key, --access-key, --secret-key), or register a v2 \
                        application.
                        """)
            ]
        }
        if seen.generation == .v1, seen.isTakenByV2 {
            return [
                Finding(
                    .wrongGeneration, .error,
                    "v1 knows no application of this id, and v2 gives a token for it: the credentials are a v2 application's.",
                    remedy: "Use them as v2 credentials (--generation v2 with --client-id and --client-secret).")
            ]
        }
        if case .tried(_, let accepting) = seen.search, let place = accepting.first {
            return [
                Finding(
                    .wrongRegion, .error,
                    "\(seen.baseURL) refuses the credentials, and \(place.url) (\(place.name)) accepts them. \(refused)",
                    remedy: "Use that region: muster tenants add \(seen.code) with --region or --base-url \(place.url).")
            ]
        }
        if let found = seen.discovered, RegionPlace.key(found.url) != RegionPlace.key(seen.baseURL) {
            return [
                Finding(
                    .wrongRegion, .error,
                    "The vendor says that \(found.address) lives at \(found.url), and \(seen.baseURL) refuses the credentials.",
                    remedy: "Use that region: muster tenants add \(seen.code) with --region or --base-url \(found.url).")
            ]
        }
        if seen.generation == .v1, seen.isKnownToV1 == true, seen.error.cause == .invalidSignature,
            seen.acceptedOn != nil || seen.hasWorkingV2
        {
            var reasons = ["v1 knows the application's id and refuses what its keys sign"]
            if let date = seen.acceptedOn {
                reasons.append("the same keys were accepted when the tenant was added (\(day(date)) or later)")
            }
            if seen.hasWorkingV2 { reasons.append("a v2 application of the tenant is accepted") }
            return [
                Finding(
                    .migratedApplication, .error,
                    """
                    Likely the application was moved to v2, which ends its v1 keys: \(reasons.joined(separator: ", ")). Keys that were \
                    changed or mistyped would look the same. \(refused)
                    """,
                    remedy: """
                        Look the application up in the console; if it was moved, add the tenant again with its v2 credentials (muster \
                        tenants add \(seen.code) --client-id ID --client-secret REF): keys are not carried over.
                        """)
            ]
        }
        return [Finding(.wrongCredentials, .error, refused + unknowns(seen), remedy: remedy(seen))]
    }

    /// The credentials are another tenant's.
    static func findings(found: String, wanted: String) -> [Finding] {
        guard found != wanted else { return [] }
        return [
            Finding(
                .wrongTenant, .error, "The credentials are accepted, and belong to the tenant \(found), not to \(wanted).",
                remedy: "Name the tenant \(found), or give the credentials of \(wanted).")
        ]
    }

    /// What is still possible.
    private static func unknowns(_ seen: Refusal) -> String {
        var text = ""
        switch seen.isKnownToV1 {
        case false? where seen.generation == .v1: text += " v1 knows no application of this id."
        case true? where seen.generation == .v1: text += " v1 knows the application's id, so the keys are wrong, or it was moved to v2."
        default: break
        }
        switch seen.search {
        case .noOthers, .notNeeded: break
        case .notAllowed(let places): text += " Whether another region accepts them (\(names(places))) was not tried."
        case .tried(let places, _): text += " No other region accepts them either (\(names(places)))."
        }
        return text
    }

    private static func remedy(_ seen: Refusal) -> String {
        if case .notAllowed = seen.search {
            return "Say --try-regions to have the credentials sent to the other regions too; if none takes them, make a new secret."
        }
        return seen.error.code == .expiredBinding || seen.error.cause == .signInExpired
            ? seen.error.remedy : "Compare id and secret with the console, or make a new secret there. \(seen.error.remedy)"
    }

    private static func names(_ places: [RegionPlace]) -> String { places.map(\.name).joined(separator: ", ") }
    private static func day(_ date: Date) -> String { String(date.ISO8601Format().prefix(10)) }
}
