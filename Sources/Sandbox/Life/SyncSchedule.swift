/// When directories are synced.
enum SyncSchedule {
    /// At these hours of the grid's day, which is UTC here (the vendor's support articles; the zone is our choice).
    static let hours = [8, 13, 23]
    /// How long a sync runs that somebody asked for; milliseconds (our choice). One by the clock takes no time.
    static let duration = 5_000

    private static let hour = 3_600_000
    private static let day = 24 * hour

    /// The first sync by the clock after a moment, both in milliseconds since 1970.
    static func next(after time: Int) -> Int {
        let midnight = time - ((time % day) + day) % day
        return hours.lazy.map { midnight + $0 * hour }.first { $0 > time } ?? midnight + day + hours[0] * hour
    }
}
