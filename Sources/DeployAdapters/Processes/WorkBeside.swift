import DeployCore

/// Work that goes on while its maker does something else; where no thread can be had it is done when it is asked for.
///
/// It is over when the last reference goes.
final class WorkBeside<Value> {
    private let work: () throws(DeployError) -> Value
    private let outcome = Outcome()
    private var thread: OwnThread?

    init(_ work: @escaping () throws(DeployError) -> Value) {
        self.work = work
        thread = OwnThread { [outcome] in outcome.take(work) }
    }

    deinit { thread?.join() }

    /// Waits for its end; what came of it, or as it failed.
    func value() throws(DeployError) -> Value {
        thread?.join()
        thread = nil
        if outcome.result == nil { outcome.take(work) }
        guard let result = outcome.result else { preconditionFailure("work ended without a result") }
        return try result.get()
    }

    private final class Outcome {
        var result: Result<Value, DeployError>?

        func take(_ work: () throws(DeployError) -> Value) {
            do throws(DeployError) { result = .success(try work()) } catch { result = .failure(error) }
        }
    }
}
