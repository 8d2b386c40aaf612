import Foundation

@testable import DeployCore

/// How many changes a process makes before it dies, from when on nothing it does has an effect; or which one of them
/// fails, as a bad disk makes it fail.
public final class Life: @unchecked Sendable {
    private let guarded = NSLock()
    private var left: Int
    private var made = 0
    private let failing: Int?

    public init(changes: Int = .max) { (left, failing) = (changes, nil) }

    /// Only the change of this number fails, from 1.
    public init(failing: Int) { (left, self.failing) = (.max, failing) }

    /// Counts one change; false for one that fails, and once the process is dead.
    func spend() -> Bool {
        guarded.withLock {
            guard left > 0 else { return false }
            left -= 1
            made += 1
            return made != failing
        }
    }

    public var isOver: Bool { guarded.withLock { left <= 0 } }
    /// Changes made so far.
    public var changes: Int { guarded.withLock { made } }

    func change() throws(DeployError) { guard spend() else { throw isOver ? Self.dead : Self.fault } }
    func look() throws(DeployError) { guard !isOver else { throw Self.dead } }

    static let fault = DeployError(
        .unexpected, what: "It cannot be written", why: "Input/output error", next: "look at the disk")

    static let dead = DeployError(
        .unexpected, what: "This process was killed", why: "as the test arranged", next: "deployctl resume")
}
