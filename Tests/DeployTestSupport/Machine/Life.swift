import Foundation

@testable import DeployCore

/// How many changes a process makes before it dies; from then on nothing it does has an effect.
public final class Life: @unchecked Sendable {
    private let guarded = NSLock()
    private var left: Int
    private var made = 0

    public init(changes: Int = .max) { left = changes }

    /// Counts one change; false once the process is dead.
    func spend() -> Bool {
        guarded.withLock {
            guard left > 0 else { return false }
            left -= 1
            made += 1
            return true
        }
    }

    public var isOver: Bool { guarded.withLock { left <= 0 } }
    /// Changes made so far.
    public var changes: Int { guarded.withLock { made } }

    func change() throws(DeployError) { guard spend() else { throw Self.dead } }
    func look() throws(DeployError) { guard !isOver else { throw Self.dead } }

    static let dead = DeployError(
        .unexpected, what: "This process was killed", why: "as the test arranged", next: "deployctl resume")
}
