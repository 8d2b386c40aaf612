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
    /// Whether something serves that a failure leaves; for people.
    private let hasServed: Bool
    private let touchesServices: Bool

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
        (hasServed, touchesServices) = (plan.previousRelease != nil, plan.kind.touchesServices)
    }

    /// What a person is asked about stands last.
    ///
    /// `folding`: where the screen is short, steps are only counted.
    func text(_ style: Style, withCommands: Bool, title: String, folding: Bool = false) -> String {
        let head = [style.bold(InertText.line(title)), ""]
        let listed = stepLines(style, withCommands: withCommands)
        let rest = decision(style)
        let rows = (head + listed + rest).reduce(0) { $0 + $1.lines.count }
        let isShort = folding && !withCommands && rows > (style.size?.rows ?? .max) - Self.questionRows
        let count =
            "\(steps.count) step\(steps.count == 1 ? "" : "s"); the same command with --dry-run shows them"
        return (head + (isShort ? [count] : listed) + rest).joined(separator: "\n") + "\n"
    }

    private static let questionRows = 4

    private func stepLines(_ style: Style, withCommands: Bool) -> [String] {
        var lines = ["Steps"]
        let digits = "\(steps.count)".utf8.count
        for (number, step) in steps.enumerated() {
            let place = "\(number + 1)"
            let gap = String(repeating: " ", count: digits - place.utf8.count + 2)
            lines.append(
                Wrap.hanging(InertText.line(step.title), after: "\(gap)\(place). ", width: style.width))
            guard withCommands else { continue }
            for (command, condition) in zip(step.commands, step.conditions) {
                guard let command = Command(vector: command) else { continue }
                let remark = condition.map { "  # when \($0)" } ?? ""
                lines.append(style.dim("       $ \(InertText.line(command.description + remark))"))
            }
        }
        return lines
    }

    /// What is judged and what changes; the consequences last.
    private func decision(_ style: Style) -> [String] {
        let promise =
            touchesServices
            ? "A failure before the cutover is taken back; "
                + (hasServed ? "the old release serves on." : "nothing serves, as now.")
            : "A failure is taken back; no service is started or stopped."
        var lines = ["", Wrap.hanging("Plan \(planID). \(promise)", after: "", width: style.width), ""]
        if !gates.isEmpty { lines += ["Gates"] + GateAnswer.lines(gates, style) + [""] }
        let keys = changedKeys.isEmpty ? [] : [changedKeys.joined(separator: ", ")]
        for (title, entries) in [
            ("Commits", commits), ("Commits undone", undoneCommits), ("Definition keys that change", keys),
            ("Schema, from what is live to what was proved", schema?.lines ?? []),
        ] { lines += Self.section(title, entries, style) }
        if !notices.isEmpty {
            lines += ["Consequences"]
            lines += notices.map { Wrap.hanging(InertText.line($0), after: "  - ", width: style.width) }
            lines += [""]
        }
        return lines.dropLast() + (rehearsal.map { ["", InertText.line($0.sentence)] } ?? [])
    }
}

extension PlanAnswer {
    private static func section(_ title: String, _ entries: [String], _ style: Style, limit: Int = 20)
        -> [String]
    {
        guard !entries.isEmpty else { return [] }
        let more = entries.count > limit ? ["  and \(entries.count - limit) more"] : []
        return [title]
            + entries.prefix(limit).map {
                Wrap.hanging(InertText.line($0), after: "  ", width: style.width)
            } + more + [""]
    }
}
