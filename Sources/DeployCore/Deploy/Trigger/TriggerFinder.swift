/// Tells what set this run off, from its variables and from the processes above it.
public struct TriggerFinder: Sendable {
    let workspace: Workspace
    /// Begins with this process itself.
    let lineage: [Relative]
    /// Of this process.
    let variables: [String: String]

    public init(_ workspace: Workspace, lineage: [Relative], variables: [String: String]) {
        self.workspace = workspace
        self.lineage = lineage
        self.variables = variables
    }

    public var trigger: Trigger {
        Self.trigger(
            variables, lineage: lineage, canAsk: workspace.ports.prompter.canAsk,
            projectAge: { ProjectAge(workspace: workspace).seconds })
    }

    /// git sets `GIT_INDEX_FILE` or `GIT_DIR` for its hooks, and every service has its instance's marker.
    ///
    /// No variable makes a hook, a service or what they left behind anything better.
    static func trigger(
        _ variables: [String: String], lineage: [Relative], canAsk: Bool,
        projectAge: () -> Double? = { nil }
    ) -> Trigger {
        let told = variables["DEPLOYCTL_TRIGGER"].map(Trigger.init(rawValue:))
        if told == .service || variables["DEPLOYCTL_INSTANCE"] != nil
            || lineage.contains(where: \.servesInstance)
        {
            return .service
        }
        if told == .hook || variables["GIT_INDEX_FILE"] != nil || variables["GIT_DIR"] != nil
            || HookAncestry.isHook(lineage)
        {
            return .hook
        }
        if told == .agent { return .agent }
        if told == .detached || Detachment.isDetached(lineage, projectAge: projectAge) { return .detached }
        if !(variables["CI"] ?? "").isEmpty { return .ci }
        return canAsk ? .terminal : .script
    }
}
