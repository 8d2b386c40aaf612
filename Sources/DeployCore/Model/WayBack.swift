/// The rollback that brings back what was before a run.
public struct WayBack: Hashable, Sendable {
    /// A release, or the backup of the data that was replaced.
    public var target: Timestamp
    public var environment: String
    /// Whether what was written since the run's own backup comes back too, so that nothing of the run is left.
    public var undoes: Bool
    /// Whether no proved backup holds the data that belongs to it.
    public var isCodeOnly: Bool
    /// Whether the code alone would run on a schema that it does not know, which asks for a reason.
    public var needsReason: Bool

    init(
        to target: Timestamp, in environment: String, undoes: Bool, isCodeOnly: Bool = false,
        needsReason: Bool = false
    ) {
        self.target = target
        self.environment = environment
        self.undoes = undoes
        self.isCodeOnly = isCodeOnly
        self.needsReason = needsReason
    }

    /// As it is typed.
    public var command: String {
        "deployctl rollback \(target)\(isCodeOnly ? " --code-only" : "") --environment \(environment)"
            + (needsReason ? " --reason TEXT" : "")
    }

    /// The same after what it does.
    public var sentence: String {
        "\(undoes ? "To undo" : isCodeOnly ? codeAlone : "To go back"): \(command)"
    }

    private var codeAlone: String {
        "To go back, code alone" + (needsReason ? " on the new schema" : "")
    }
}
