/// The rollback that brings back what was before a run.
public struct WayBack: Hashable, Sendable {
    /// A release, or the backup of the data that was replaced.
    public var target: Timestamp
    public var environment: String
    /// Whether what was written since the run's own backup comes back too, so that nothing of the run is left.
    public var undoes: Bool

    init(to target: Timestamp, in environment: String, undoes: Bool) {
        self.target = target
        self.environment = environment
        self.undoes = undoes
    }

    /// As it is typed.
    public var command: String { "deployctl rollback \(target) --environment \(environment)" }
}
