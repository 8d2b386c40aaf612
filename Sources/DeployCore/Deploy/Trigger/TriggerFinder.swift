import FoundationEssentials

/// Tells what set this run off, from its variables and from the processes above it.
public struct TriggerFinder: Sendable {
    let workspace: Workspace
    /// Of this process.
    let variables: [String: String]

    public init(_ workspace: Workspace, variables: [String: String]) {
        self.workspace = workspace
        self.variables = variables
    }

    public var trigger: Trigger {
        Self.trigger(
            variables, lineage: workspace.ports.processes.lineage, canAsk: workspace.ports.prompter.canAsk,
            repositoryAge: { repositoryAge })
    }

    /// git sets `GIT_INDEX_FILE` or `GIT_DIR` for its hooks, and every service has its instance's marker.
    ///
    /// No variable makes a hook, a service or what they left behind anything better.
    static func trigger(
        _ variables: [String: String], lineage: [Relative], canAsk: Bool,
        repositoryAge: () -> Double? = { nil }
    ) -> Trigger {
        if variables["DEPLOYCTL_INSTANCE"] != nil || lineage.contains(where: \.servesInstance) {
            return .service
        }
        if variables["DEPLOYCTL_TRIGGER"] == Trigger.hook.rawValue || variables["GIT_INDEX_FILE"] != nil
            || variables["GIT_DIR"] != nil || HookAncestry.isHook(lineage)
        {
            return .hook
        }
        if Detachment.isDetached(lineage, repositoryAge: repositoryAge) { return .detached }
        if !(variables["CI"] ?? "").isEmpty { return .ci }
        return canAsk ? .terminal : .script
    }

    /// Seconds since the project's folder, or its repository where that is older, was made here; nil where the file
    /// system does not say.
    private var repositoryAge: Double? {
        let places = [workspace.project, "\(workspace.project)/.git"]
        let stat = Command("/usr/bin/stat", ["--format=%W", "--"] + places)
        let asked = workspace.ports.commands.run(CommandRequest(stat, deadline: .seconds(5)))
        let made = asked.output.lines.compactMap { Double($0) }
        guard asked.succeeded, made.count == places.count, let first = made.min(), first > 0 else {
            return nil
        }
        return workspace.ports.clock.now().timeIntervalSince1970 - first
    }
}
