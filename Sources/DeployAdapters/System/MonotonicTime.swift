import Glibc

/// Nanoseconds of a clock that nobody can set.
func monotonicNow() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension Duration {
    /// Whole nanoseconds, at most a century.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let bounded = min(max(seconds, 0), 3_155_760_000)
        return bounded * 1_000_000_000 + (seconds < 0 ? 0 : attoseconds / 1_000_000_000)
    }
}

/// What `poll` takes for waiting until `instant`: rounded up, so that it never wakes just before.
func pollTimeout(until instant: Int64, now: Int64) -> Int32 {
    Int32(min(max(instant - now, 0) / 1_000_000 + (instant > now ? 1 : 0), 1 << 30))
}
