/// Monotonic time of a clock whose type is not known, from when this was made.
package func stopwatch(_ clock: some Clock<Duration>) -> @Sendable () -> Duration {
    let origin = clock.now
    return { origin.duration(to: clock.now) }
}
