import Synchronization

/// What a step found out that programs may ask for later, beside its sentence for people.
public final class StepFindings: Sendable {
    private let found = Mutex<[ColumnChange]>([])

    public init() {}

    var columns: [ColumnChange] { found.withLock { $0 } }

    func add(_ columns: [ColumnChange]) { found.withLock { $0 += columns } }
}
