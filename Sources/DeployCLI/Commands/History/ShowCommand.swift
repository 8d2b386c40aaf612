import DeployCore
import FoundationEssentials

extension Verb {
    static let show = Verb(
        "show", .look, operands: [.timestamp],
        summary: "Show one deployment step by step",
        paragraph:
            "Shows one deployment, release or backup in full: every step with its time, outcome and last words, how many of each service it runs and what they may take.",
        examples: ["deployctl show 20261121021530", "deployctl show previous --json"],
        exits: [.invalidDefinition, .notFound],
        body: .inProject(ShowCommand.run))
}

/// `show`.
struct ShowCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        struct StepAnswer: Encodable, Sendable {
            let position: Int
            let id: String
            let title: String
            let state: String
            let note: String
            @OrNull var seconds: Double?
            /// Of a rehearsal: what the migrations do to columns.
            let columns: [ColumnAnswer]
        }
        struct ApprovalAnswer: Encodable, Sendable {
            let planId: String
            let performer: String
            let means: String
            let approvedAt: Date
        }
        let deployment: DeploymentAnswer
        let steps: [StepAnswer]
        /// Of the definition it was planned with; empty where no plan is kept.
        let services: [PlannedServiceAnswer]
        /// Of everything of the environment together; null where that has none.
        @OrNull var limits: LimitsAnswer?
        @OrNull var approval: ApprovalAnswer?
        @OrNull var error: Failure?
        let log: String
    }

    func run() throws(DeployError) -> ExitCode {
        let all = try context.ports.state.deployments(of: nil, limit: .max)
        let text = context.invocation.timestamp ?? ""
        if text == "previous", let second = all.dropFirst().first { return try show(second) }
        var names = all.map(\.timestamp)
        for name in context.definitions.names() {
            names += try context.ports.state.backups(of: name).map(\.timestamp)
        }
        let found = try TimestampResolver.resolve(
            text, among: names.sorted(by: >), what: "deployment, release or backup", next: "deployctl history"
        )
        if let deployment = all.first(where: { $0.timestamp == found }) { return try show(deployment) }
        guard let backup = try context.ports.state.backup(found) else { return .notFound }
        return try BackupCommands(context: context).show(backup)
    }

    func show(_ deployment: Deployment) throws(DeployError) -> ExitCode {
        let steps = try context.ports.state.steps(of: deployment.timestamp)
        let plan = try context.ports.state.plan(of: deployment.timestamp)
        let approval = try context.ports.state.approval(of: deployment.timestamp)
        var environment = plan?.environment
        if environment == nil { environment = try context.deployedDefinitions.load(deployment.environment) }
        let outline = plan.map { $0.outline(in: context.workspace.site($0.environment).layout) } ?? []
        let answer = Answer(
            deployment: DeploymentAnswer(
                deployment, overrides: try context.ports.state.overrides(of: deployment.timestamp)),
            steps: outline.enumerated().map { position, step in
                let record = steps.first { $0.position == position }
                return .init(
                    position: position + 1, id: step.id, title: step.title,
                    state: record?.state.rawValue ?? "pending", note: record?.note ?? "",
                    seconds: record.flatMap { record in
                        record.finishedAt.map {
                            ($0.timeIntervalSince(record.startedAt) * 1000).rounded() / 1000
                        }
                    },
                    columns: (record?.columns ?? []).map(ColumnAnswer.init))
            },
            services: plan.map { PlannedServiceAnswer.all(of: $0.environment) } ?? [],
            limits: plan?.environment.limits.map(LimitsAnswer.init),
            approval: approval.map {
                .init(
                    planId: $0.planID, performer: $0.performer, means: $0.means.rawValue,
                    approvedAt: $0.approvedAt)
            },
            error: deployment.error.map { Failure($0) },
            log: environment.map {
                context.workspace.site($0).layout.runLog(deployment.timestamp)
            } ?? "")
        try context.answer(answer) { text(answer, deployment.who) }
        return .done
    }

    private func isOnDisk(_ log: String) -> Bool { context.ports.files.kind(of: log) == .file }

    private func padded(_ position: Int, of count: Int) -> String {
        let gap = "\(count)".utf8.count - "\(position)".utf8.count
        return String(repeating: " ", count: gap) + "\(position)."
    }

    private func text(_ answer: Answer, _ who: Who?) -> String {
        let one = answer.deployment
        var lines = [
            context.style.bold(
                "\(one.kind) \(one.timestamp) in \(one.environment): \(HumanText.outcome(one.outcome ?? "unfinished"))"
            ),
            "release \(one.release.map { "\($0)" } ?? "none"), commit \(one.commit?.prefix(8) ?? "none"), by \(InertText.line(one.performer)) (\(one.trigger)), \(UTC.rfc3339(one.startedAt))",
        ]
        lines.append(InertText.line("account: \(who?.full ?? "not recorded")"))
        if let reason = one.reason { lines.append("reason: \(InertText.line(reason))") }
        if let approval = answer.approval {
            lines.append(
                "plan \(approval.planId) approved by \(InertText.line(approval.performer)) (\(approval.means)) at \(UTC.rfc3339(approval.approvedAt))"
            )
        }
        let bounds =
            answer.services.compactMap(\.words)
            + (answer.limits.map { ["\(one.environment): at most \($0.words)"] } ?? [])
        if !bounds.isEmpty { lines.append("services: \(bounds.joined(separator: "; "))") }
        for override in one.overrides {
            lines.append(
                InertText.line(
                    "against \(override.gate) (\(override.measured)), by \(override.performer): \(override.reason)"
                ))
        }
        var table = TextTable(indent: "  ")
        for step in answer.steps {
            table.add(
                padded(step.position, of: answer.steps.count), step.state,
                step.seconds.map { HumanText.duration($0) } ?? "",
                step.title, step.note)
        }
        lines += table.lines(width: context.style.width)
        if answer.steps.isEmpty { lines.append("steps: no longer kept") }
        if let error = answer.error {
            lines.append("\(InertText.line(error.what)): \(InertText.block(error.why))")
        }
        return (lines + ["log: \(isOnDisk(answer.log) ? answer.log : "none on disk")"]).joined(
            separator: "\n") + "\n"
    }
}
