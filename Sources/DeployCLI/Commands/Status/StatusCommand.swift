import DeployCore
import FoundationEssentials

/// Both environments on one screen.
struct StatusCommand {
    let context: CommandContext

    func run() throws(DeployError) -> ExitCode {
        guard context.invocation.has("watch") else { return try once() }
        while context.ports.interruption.requested() == nil {
            if context.streams.output.isTerminal { context.streams.output.write("\u{1b}[H\u{1b}[2J") }
            _ = try once()
            context.ports.clock.sleep(for: .seconds(2))
        }
        return context.ports.interruption.requested() ?? .interrupted
    }

    private func once() throws(DeployError) -> ExitCode {
        let environments = try context.environments()
        let seen = try StatusCollector(context: context).collect(environments)
        let statuses = seen.statuses
        let answer = StatusAnswer(
            project: environments.first?.project ?? "", environments: statuses,
            promotion: seen.gates.map { gates in
                StatusAnswer.PromotionStatus(
                    ready: gates.allSatisfy { $0.verdict.kind != .refused },
                    trigger: (environments.compactMap(\.promotion).first?.trigger ?? .manual).rawValue,
                    gates: gates.map(GateAnswer.init))
            })
        try context.answer(answer) {
            StatusView(style: context.style, now: context.ports.clock.now()).text(answer)
        }
        if statuses.contains(where: { $0.state == .interrupted }) { return .unfinishedRun }
        return statuses.contains { $0.state == .unhealthy || !$0.drift.isEmpty } ? .unhealthy : .done
    }
}
