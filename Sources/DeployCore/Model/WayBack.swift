/// The rollback that brings back what was before a run.
public struct WayBack: Hashable, Sendable {
    /// A release, or the backup of the data that was replaced.
    public var target: Timestamp
    public var environment: String
    /// Whether what was written since the run's own backup comes back too, so that nothing of the run is left.
    public var undoes: Bool
    /// Whether no proved backup holds the data that belongs to it.
    public var isCodeOnly: Bool

    init(to target: Timestamp, in environment: String, undoes: Bool, isCodeOnly: Bool = false) {
        self.target = target
        self.environment = environment
        self.undoes = undoes
        self.isCodeOnly = isCodeOnly
    }

    /// As it is typed.
    public var command: String {
        isCodeOnly
            ? "deployctl rollback \(target) --code-only --environment \(environment)"
            : "deployctl rollback \(target) --environment \(environment)"
    }

    /// The same after what it does.
    public var sentence: String {
        "\(undoes ? "To undo" : isCodeOnly ? "To go back, code alone" : "To go back"): \(command)"
    }
}
