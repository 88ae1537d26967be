import Foundation

/// How many files and connections this process may have open.
enum OpenFiles {
    /// Raises the limit to what the system permits this user. A connection is a file to the system, and 1,024 are a usual limit.
    static func raise() {
        var limit = rlimit()
        #if canImport(Darwin)
            let kind = RLIMIT_NOFILE
            // More is refused there, whatever the hard limit says.
            let most = rlim_t(OPEN_MAX)
        #elseif canImport(Musl)
            let kind = RLIMIT_NOFILE
            let most = rlim_t.max
        #else
            let kind = RLIMIT_NOFILE.rawValue
            let most = rlim_t.max
        #endif
        guard getrlimit(.init(kind), &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, most))
        // Where it is refused, the sandbox serves as many as it may.
        _ = setrlimit(.init(kind), &limit)
    }
}
