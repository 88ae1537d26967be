import Mimecast
import Synchronization

/// Counts calls per application and category. Lost at a restart, as a limiter's state may be.
final class QuotaKeeper: Sendable {
    /// What one call was told.
    struct Verdict: Sendable {
        let isAllowed: Bool
        /// nil where the quota is hidden.
        let shown: RateLimit?
    }

    private struct Key: Hashable {
        let application: String
        let category: EndpointDescription.Category?
    }

    private struct Bucket {
        /// Calls left; fractions are on their way back.
        var left: Double
        /// When it was last looked at, or when its window began; milliseconds.
        var since: Int
    }

    /// Calls without a known caller share this one; a real server was recorded with 5000 there.
    private let strangers: SandboxOptions.Quota
    private let quotas: [SandboxOptions.Quota]
    private let buckets = Mutex<[Key: Bucket]>([:])

    init(_ quotas: [SandboxOptions.Quota]) {
        self.quotas = quotas
        strangers = SandboxOptions.Quota(calls: 5_000, seconds: 5, hidden: quotas.contains { $0.category == nil && $0.hidden })
    }

    /// Counts a call.
    ///
    /// - Parameters:
    ///   - application: nil is a stranger.
    ///   - now: milliseconds.
    func take(_ application: String?, _ category: EndpointDescription.Category?, now: Int) -> Verdict {
        let quota = application == nil ? strangers : quota(category)
        let key = Key(application: application ?? "", category: application == nil ? nil : category)
        return buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(left: Double(quota.calls), since: now)
            let span = quota.seconds * 1_000
            // A clock that was moved back gives nothing back.
            let elapsed = max(0, now - bucket.since)
            if quota.window {
                if elapsed >= span { bucket = Bucket(left: Double(quota.calls), since: now - elapsed % span) }
            } else {
                bucket.left = min(Double(quota.calls), bucket.left + Double(elapsed) * Double(quota.calls) / Double(span))
                bucket.since = now
            }
            let isAllowed = bucket.left >= 1
            if isAllowed { bucket.left -= 1 }
            buckets[key] = bucket
            return Verdict(isAllowed: isAllowed, shown: quota.hidden ? nil : Self.tell(bucket, quota, span, now, isAllowed: isAllowed))
        }
    }

    /// Gives everything back, when time was moved back.
    func forget() { buckets.withLock { $0 = [:] } }

    private func quota(_ category: EndpointDescription.Category?) -> SandboxOptions.Quota {
        quotas.last { $0.category != nil && $0.category == category } ?? quotas.last { $0.category == nil }
            ?? SandboxOptions.Quota(calls: 1_000, seconds: 10)
    }

    private static func tell(_ bucket: Bucket, _ quota: SandboxOptions.Quota, _ span: Int, _ now: Int, isAllowed: Bool) -> RateLimit {
        let reset: Int
        if quota.window {
            reset = max(0, bucket.since + span - now)
        } else {
            let missing = 1 - bucket.left.truncatingRemainder(dividingBy: 1)
            reset = Int((missing * Double(span) / Double(quota.calls)).rounded(.up))
        }
        return RateLimit(
            limit: quota.calls, remaining: Int(bucket.left), resetMilliseconds: reset,
            retryAfterSeconds: isAllowed ? nil : max(1, (reset + 999) / 1_000))
    }
}
