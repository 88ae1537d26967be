import Mimecast

/// What can have happened in a tenant: the attribute `type` of an event.
public enum EventType: String, Sendable, Codable, CaseIterable {
    case accountCreated = "account.created"
    case accountChanged = "account.changed"
    case accountRenamed = "account.renamed"
    case accountDisabled = "account.disabled"
    case accountEnabled = "account.enabled"
    case accountRemoved = "account.removed"
    case accountPlain = "account.plain"
    case roleGranted = "role.granted"
    case roleTaken = "role.taken"
    case groupCreated = "group.created"
    case groupRenamed = "group.renamed"
    case groupChanged = "group.changed"
    case groupRemoved = "group.removed"
    case groupJoined = "group.joined"
    case groupLeft = "group.left"
    case aliasAdded = "alias.added"
    case aliasRemoved = "alias.removed"
    case delegateAdded = "delegate.added"
    case delegateRemoved = "delegate.removed"
    case integrationFailed = "integration.failed"
    case integrationRecovered = "integration.recovered"
    case seatsCrossed = "seats.crossed"
    case proofOpened = "proof.opened"
    case proofClosed = "proof.closed"

    /// One sentence that says when it is told.
    public var summary: String {
        switch self {
        case .accountCreated: "An account is there that was not there before."
        case .accountChanged: "Fields of an account differ; `fields` names them."
        case .accountRenamed: "An account has another address: the same vendor's id, or a rename that Muster carried out."
        case .accountDisabled: "An account is disabled."
        case .accountEnabled: "An account that was disabled is active."
        case .accountRemoved: "An account is gone, and a whole read of its domain proves it."
        case .accountPlain: "A directory-synced account lost its link to the company's directory and is a plain account now."
        case .roleGranted: "An account holds an administrative role that it did not hold."
        case .roleTaken: "An account no longer holds an administrative role."
        case .groupCreated: "A group is there that was not there before."
        case .groupRenamed: "A group has another name."
        case .groupChanged: "A group is written by somebody else: the API or the company's directory."
        case .groupRemoved: "A group is gone, and a whole list of groups proves it."
        case .groupJoined: "An address is a member of a group."
        case .groupLeft: "An address is no longer a member of a group, and a whole list of members, or of groups, proves it."
        case .aliasAdded: "An address is an alias; whose, where the dialect shows it."
        case .aliasRemoved: "An address is no longer an alias."
        case .delegateAdded: "Somebody may open a mailbox."
        case .delegateRemoved: "Somebody may no longer open a mailbox."
        case .integrationFailed: "A connection to the company's directory is in error or disabled: the vendor pauses removals."
        case .integrationRecovered: "Such a connection works again, or is gone."
        case .seatsCrossed: "The accounts crossed a line of the contracted seats: 90 %, or all of them."
        case .proofOpened: "A read of a domain is not proved whole: nobody of it counts as removed until one is."
        case .proofClosed: "A read of a domain is proved whole again."
        }
    }
}

extension EventType {
    /// The types that a word names: one itself, or all that fit where the word has stars (`account.*`, `*`).
    ///
    /// - Returns: none where nothing fits.
    public static func named(_ word: String) -> Set<EventType> {
        let wanted = Array(EmailAddress.fold(word).utf8)
        return Set(allCases.filter { fits(Array($0.rawValue.utf8)[...], wanted[...]) })
    }

    /// The known type that somebody who mistyped most likely meant.
    public static func nearest(_ word: String) -> String? { Nearest.name(to: word, among: allCases.map(\.rawValue)) }

    private static func fits(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == UInt8(ascii: "*") {
            let rest = pattern.drop { $0 == first }
            return (text.startIndex...text.endIndex).contains { fits(text[$0...], rest) }
        }
        return text.first == first && fits(text.dropFirst(), pattern.dropFirst())
    }
}
