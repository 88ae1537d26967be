import Mimecast
import SCIM

extension UserResource {
    /// The address of the account that this user is: the primary e-mail, or else the user name; nil where neither is an address, and then
    /// there is no account (our choice; a mail service has none without an address).
    var accountAddress: EmailAddress? {
        let primary = emails?.first { $0.primary == true }?.value
        return primary.flatMap { EmailAddress($0) } ?? EmailAddress(userName)
    }
}
