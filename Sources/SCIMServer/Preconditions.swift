import HTTPTypes
import SCIM

/// The versions that a request is meant for (RFC 9110, section 13; RFC 7644, section 3.14).
struct Preconditions: Sendable {
    var ifMatch: EntityTags?
    var ifNoneMatch: EntityTags?

    init(ifMatch: EntityTags?) { self.ifMatch = ifMatch }

    /// - Throws: 400 for headers that cannot be read.
    init(_ headers: HTTPFields) throws {
        ifMatch = try headers[.ifMatch].map { try EntityTags($0) }
        ifNoneMatch = try headers[.ifNoneMatch].map { try EntityTags($0) }
    }

    /// What a change is subject to. `If-None-Match` counts only without `If-Match`.
    var condition: VersionCondition {
        switch (ifMatch, ifNoneMatch) {
        case (.any?, _), (nil, nil): .any
        case (.versions(let versions)?, _): .exactly(versions)
        case (nil, .any?): .mustNotExist
        case (nil, .versions(let versions)?): .noneOf(versions)
        }
    }
}
