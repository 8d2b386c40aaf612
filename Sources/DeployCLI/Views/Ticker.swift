#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Calls again and again from a thread of its own.
///
/// Where no thread can be had nothing is called; Dispatch would wait for one for ever.
enum Ticker {
    /// Calls `tick` every 120 ms until it says no.
    static func begin(_ tick: @escaping @Sendable () -> Bool) {
        let errand = Unmanaged.passRetained(Errand(tick))
        // A signal is for the threads that wait for one.
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let failed = pthread_create(
            &thread, nil,
            { errand in
                guard let errand else { return nil }
                let work = Unmanaged<Errand>.fromOpaque(errand).takeRetainedValue()
                repeat { usleep(120_000) } while work.tick()
                return nil
            }, errand.toOpaque())
        guard failed == 0 else { return errand.release() }
        pthread_detach(thread)
    }

    private final class Errand {
        let tick: @Sendable () -> Bool
        init(_ tick: @escaping @Sendable () -> Bool) { self.tick = tick }
    }
}
