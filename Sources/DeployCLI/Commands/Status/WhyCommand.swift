import DeployCore
import FoundationEssentials

extension Verb {
    static let why = Verb(
        "why", .look, operands: [.environment.optional],
        summary: "Show what changed since an environment was last well",
        paragraph: """
            Compares what serves with what served before: commits, migrations and values of the definition, of secrets \
            only where they are found; and lists what is wrong now and what was done since. Production unless another \
            environment is named.
            """,
        examples: ["deployctl why", "deployctl why staging --json"],
        flags: [.environment], exits: [.invalidDefinition, .notFound],
        body: .inProject(WhyCommand.run))
}

/// `why`.
struct WhyCommand: ProjectCommand {
    let context: CommandContext

    private struct Answer: Encodable, Sendable {
        let environment: String
        let state: EnvironmentStatus.State
        let problems: [String]
        let drift: [String]
        /// The run that brought what serves.
        @OrNull var deployment: DeploymentAnswer?
        /// The one that brought what served before.
        @OrNull var before: DeploymentAnswer?
        let commits: [String]
        let migrations: [String]
        let definitionValues: [ValueAnswer]
        let runs: [DeploymentAnswer]

        init(_ found: WellBefore) {
            environment = found.status.look.facts.environment.name
            state = found.status.state
            (problems, drift) = (found.status.problems, found.status.look.drift)
            deployment = found.move.map { DeploymentAnswer($0) }
            before = found.before.map { DeploymentAnswer($0) }
            (commits, migrations) = (found.commits, found.migrations)
            definitionValues = found.values.map(ValueAnswer.init)
            runs = found.runs.map { DeploymentAnswer($0) }
        }
    }

    func run() throws(DeployError) -> ExitCode {
        let name = context.invocation.environment ?? "production"
        let found = try WellBefore(
            of: try context.deployedDefinitions.load(name), in: context.workspace,
            definitions: context.definitions)
        try context.answer(Answer(found)) { text(found) }
        return .done
    }

    private func text(_ found: WellBefore) -> String {
        let (name, now) = (found.status.look.facts.environment.name, context.ports.clock.now())
        let wrong = found.status.problems + found.status.look.drift
        let state = found.status.state
        var lines = [
            "\(context.style.bold(name)) is \(state == .crashLoop ? "in a crash loop" : state.rawValue)"
        ]
        lines += wrong.map { hanging($0) }
        guard let move = found.move else {
            return (lines + ["Nothing was deployed to it."]).joined(separator: "\n") + "\n"
        }
        lines += ["", hanging(sentence("serves", move, at: now), after: "")]
        guard let before = found.before else {
            return (lines + ["Nothing served before it."]).joined(separator: "\n") + "\n"
        }
        lines += [hanging(sentence("before it served", before, at: now), after: ""), ""]
        lines += block("Commits", found.commits) + block("Migrations", found.migrations)
        lines += block("Values of the definition", found.values.map { ValueAnswer($0).line })
        lines += block("Runs since", found.runs.map { run(of: $0, at: now) })
        return lines.joined(separator: "\n") + "\n"
    }

    private func sentence(_ verb: String, _ move: Deployment, at now: Date) -> String {
        let release = move.release.map { "release \($0)" } ?? "no release"
        let when = HumanText.age(of: move.finishedAt ?? move.startedAt, at: now)
        return "\(verb) \(release), \(move.kind.rawValue) \(move.timestamp), \(when), by \(move.performer)"
    }

    private func run(of run: Deployment, at now: Date) -> String {
        let outcome = run.outcome.map { HumanText.outcome($0.rawValue) } ?? "unfinished"
        let why = run.error.map { ": \($0.what)" } ?? ""
        return
            "\(run.kind.rawValue) \(run.timestamp) \(outcome), \(HumanText.age(of: run.startedAt, at: now)), by \(run.performer)\(why)"
    }

    private func block(_ title: String, _ lines: [String]) -> [String] {
        [context.style.bold(title)] + (lines.isEmpty ? ["  none"] : lines.map { hanging($0) })
    }

    private func hanging(_ text: String, after head: String = "  ") -> String {
        Wrap.hanging(InertText.line(text), after: head, width: context.style.width)
    }
}
