import DeployCore
import FoundationEssentials

extension Verb {
    static let status = Verb(
        "status", .deploy, operands: [.environment.optional],
        summary: "Show both environments, their health and what needs attention",
        paragraph: """
            Shows each environment's release, services, health, last deployment, last backup, drift and unfinished \
            runs, and whether the next promotion is ready.
            """,
        examples: ["deployctl status", "deployctl status production --json"],
        flags: [.environment, Flag("watch", "Show it again every few seconds until interrupted")],
        exits: [.invalidDefinition, .notFound, .unfinishedRun, .unhealthy, .interrupted],
        body: .inProject(StatusCommand.run))
}

/// Both environments on one screen.
struct StatusCommand: ProjectCommand {
    let context: CommandContext

    func run() throws(DeployError) -> ExitCode {
        guard context.invocation.has("watch") else { return try once() }
        while context.ports.interruption.requested() == nil {
            if context.streams.output.isTerminal { context.streams.output.write("\u{1b}[H\u{1b}[2J") }
            _ = try once()
            rest()
        }
        return context.ports.interruption.requested() ?? .interrupted
    }

    /// Shorter where the terminal is resized meanwhile: what was drawn for another width is unreadable.
    private func rest() {
        let drawn = context.streams.output.size()
        for _ in 0..<20 where context.ports.interruption.requested() == nil {
            context.ports.clock.sleep(for: .milliseconds(100))
            if context.streams.output.size() != drawn { return }
        }
    }

    private func once() throws(DeployError) -> ExitCode {
        let status = try StatusCollector(context.workspace, definitions: context.definitions)
            .status(of: try context.environments())
        let answer = StatusAnswer(status)
        try context.answer(answer) {
            StatusView(style: context.styleNow, now: context.ports.clock.now(), typed: context.typed).text(
                answer)
        }
        return status.exitCode
    }
}
