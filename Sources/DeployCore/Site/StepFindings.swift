/// What a step found out that programs may ask for later, beside its sentence for people.
///
/// A step and what records it run on one thread, one after the other.
final class StepFindings: @unchecked Sendable {
    private(set) var columns: [ColumnChange] = []

    init() {}

    func add(_ found: [ColumnChange]) { columns += found }
}
