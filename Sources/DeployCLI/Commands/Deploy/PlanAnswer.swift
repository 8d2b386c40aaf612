import DeployCore

/// `plan --json`, and the same for people.
struct PlanAnswer: Encodable, Sendable {
    struct StepAnswer: Encodable, Sendable {
        let id: String
        let title: String
        let commands: [[String]]
        /// When each of them is started, in words; for people.
        let conditions: [String?]

        enum CodingKeys: String, CodingKey { case id, title, commands }

        init(_ step: PlannedStep) {
            (id, title) = (step.id, step.title)
            commands = step.calls.map(\.command.vector)
            conditions = step.calls.map(\.condition)
        }
    }

    let planID: String
    let environment: String
    @OrNull var release: String?
    let steps: [StepAnswer]
    let commits: [String]
    let undoneCommits: [String]
    let changedKeys: [String]
    /// From the target's schema to the source's; null where it is not known before the rehearsal.
    @OrNull var schema: SchemaAnswer?
    let notices: [String]
    let gates: [GateAnswer]
    /// What was measured, where the plan was tried.
    @OrNull var rehearsal: RehearsalAnswer?

    enum CodingKeys: String, CodingKey {
        case planID = "plan_id"
        case environment, release, steps, commits, undoneCommits, changedKeys, schema, notices, gates
        case rehearsal
    }

    init(_ proposal: Proposal, at now: Timestamp) {
        let plan = proposal.draft.preview(at: now)
        planID = proposal.planID
        environment = plan.environment.name
        release = proposal.draft.release
        steps = plan.outline(in: proposal.draft.facts.layout).map(StepAnswer.init)
        commits = proposal.commits
        undoneCommits = proposal.undoneCommits
        changedKeys = proposal.changedKeys
        schema = proposal.schema.map(SchemaAnswer.init)
        notices = proposal.notices
        gates = proposal.gates.map(GateAnswer.init)
        rehearsal = nil
    }

    func text(_ style: Style, withCommands: Bool, title: String) -> String {
        var lines = [style.bold(InertText.line(title)), ""]
        if !gates.isEmpty { lines += ["Gates"] + GateAnswer.lines(gates, style) + [""] }
        lines += Self.section("Commits", commits) + Self.section("Commits undone", undoneCommits)
        lines += Self.section(
            "Definition keys that change", changedKeys.isEmpty ? [] : [changedKeys.joined(separator: ", ")])
        lines += Self.section("Schema, from what is live to what was proved", schema?.lines ?? [])
        if !notices.isEmpty { lines += ["Mind"] + notices.map { "  - " + InertText.line($0) } + [""] }
        lines.append("Steps")
        for (number, step) in steps.enumerated() {
            lines.append("  \(number + 1). \(InertText.line(step.title))")
            guard withCommands else { continue }
            for (command, condition) in zip(step.commands, step.conditions) {
                guard let command = Command(vector: command) else { continue }
                let remark = condition.map { "  # when \($0)" } ?? ""
                lines.append(style.dim("       $ \(InertText.line(command.description + remark))"))
            }
        }
        return lines.joined(separator: "\n") + "\n\n"
            + "Plan \(planID). A failure before the cutover is taken back; the old release serves on.\n"
            + (rehearsal.map { InertText.line($0.sentence) + "\n" } ?? "")
    }
}

extension PlanAnswer {
    private static func section(_ title: String, _ entries: [String], limit: Int = 20) -> [String] {
        guard !entries.isEmpty else { return [] }
        let more = entries.count > limit ? ["  and \(entries.count - limit) more"] : []
        return [title] + entries.prefix(limit).map { "  " + InertText.line($0) } + more + [""]
    }
}
