import Mimecast
import Planning

/// A row of a people file. Its address is settled, or hangs on the tenant's domains.
struct PersonRow: Sendable {
    var person: Person
    /// Nil where only the tenant's domains tell whether ``principal`` is the address.
    var address: EmailAddress?
    /// Entra's user principal name, where there is no mail and it has the form of an address.
    var principal: EmailAddress?
    var aliases: [EmailAddress] = []
    var isGuest = false
}

/// A column of the header.
struct Column: Sendable, Hashable {
    /// From 0.
    let index: Int
    /// As the header spells it, without blanks around it.
    let name: String
}
