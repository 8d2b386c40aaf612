import Synchronization

@testable import DeployCore

/// An interruption that comes when the test says so.
public final class FakeInterruption: Interruption {
    private struct State {
        var code: ExitCode?
        var asked = 0
        var comesAt: Int?
        var shielded = false
    }

    private let state = Mutex(State())

    public init() {}

    /// Interrupts from now on.
    public func interrupt(_ code: ExitCode = .interrupted) { state.withLock { $0.code = code } }

    /// Interrupts from the `count`th question on, counted from one: at the n-th safe point.
    public func interrupt(_ code: ExitCode = .interrupted, atQuestion count: Int) {
        state.withLock {
            $0.code = code
            $0.comesAt = count
        }
    }

    public func requested() -> ExitCode? {
        state.withLock { state in
            state.asked += 1
            if state.shielded || state.asked < state.comesAt ?? 0 { return nil }
            return state.code
        }
    }

    public func shield() { state.withLock { $0.shielded = true } }

    public var isShielded: Bool { state.withLock { $0.shielded } }

    /// How often somebody looked.
    public var questions: Int { state.withLock { $0.asked } }
}
