/// What a step found out beside its sentence: for programs that ask later, and what a person has to hear now.
///
/// A step and what records it run on one thread, one after the other.
final class StepFindings: @unchecked Sendable {
    private(set) var columns: [ColumnChange] = []

    private(set) var warnings: [String] = []

    init() {}

    func add(_ found: [ColumnChange]) { columns += found }

    func warn(_ text: String) { warnings.append(text) }
}
