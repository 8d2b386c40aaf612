import Glibc

/// A thread that ends with its work.
///
/// Dispatch waits for ever where an account may have no more threads; this says so.
struct OwnThread {
    private let thread: pthread_t

    /// Begins `work`; nil where no thread can be had, and then `work` is not done.
    init?(_ work: @escaping () -> Void) {
        let errand = Unmanaged.passRetained(Errand(work))
        var thread = pthread_t()
        let failed = pthread_create(
            &thread, nil,
            { errand in
                if let errand { Unmanaged<Errand>.fromOpaque(errand).takeRetainedValue().work() }
                return nil
            }, errand.toOpaque())
        guard failed == 0 else {
            errand.release()
            return nil
        }
        self.thread = thread
    }

    /// Lets it end by itself; to be called once.
    func detach() { pthread_detach(thread) }

    /// Waits for the end of its work; to be called once, where it was not let go.
    func join() { pthread_join(thread, nil) }
}

/// Runs `work` on a thread that ends with it, for what cannot be undone in a thread; false where there is none.
func onItsOwnThread(_ work: @escaping () -> Void) -> Bool {
    guard let thread = OwnThread(work) else { return false }
    thread.join()
    return true
}

private final class Errand {
    let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
}
