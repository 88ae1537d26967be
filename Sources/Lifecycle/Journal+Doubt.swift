extension Journal {
    /// How the notes of failed lines begin that may be in effect all the same: they count as the removals that they may have been.
    enum Doubt {
        static let answered = "answered as done"
        static let sent = "sent, and nobody knows whether it was carried out"
    }
}
