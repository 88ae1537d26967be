import Mimecast

extension UndoPlanner {
    /// Addresses of accounts whose attributes a line depends on: no list shows them.
    public var attributesToRead: [String] {
        var seen = Set<String>()
        return done.filter { $0.kind == .attribute }.compactMap { account($0)?.address }.filter { seen.insert($0).inserted }
    }

    /// The value from before, where the account still has the one that the apply left.
    func attribute(_ change: Change, _ account: Account) -> Change? {
        guard let name = change.counterpart, let difference = change.differences.first else { return nil }
        guard let reading = attributes[EmailAddress.key(account.address)] else {
            return blocked(change, account, "its attributes could not be read", "Undo again; muster doctor says what may be read.")
        }
        let present = reading[name]
        if (present ?? "") == (difference.from ?? "") { return nil }
        guard (present ?? "") == (difference.to ?? "") else {
            return blocked(
                change, account,
                "\(name) was changed since: it is \(present ?? "empty"), and the apply left \(difference.to ?? "it empty")",
                "Change it in the source if it is wrong.")
        }
        var inverse = line(.attribute, change, account)
        inverse.counterpart = name
        inverse.differences = [Change.Difference(field: name, from: present, to: difference.from)]
        inverse.calls = 0
        return inverse
    }
}
