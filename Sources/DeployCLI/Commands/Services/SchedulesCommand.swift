import DeployCore
import FoundationEssentials

extension Verb {
    static let schedules = Verb(
        "schedules", .look, operands: [.environment.optional],
        summary: "List what runs by itself, and how it ended",
        paragraph: """
            Lists the schedules of the releases that serve: when each runs next, when it ran last, how that ended and \
            where to read what it wrote. The keeper runs them; what was missed while it was not there runs once.
            """,
        examples: ["deployctl schedules", "deployctl schedules production --json"],
        flags: [.environment], exits: [.invalidDefinition, .notFound],
        body: .inProject(SchedulesCommand.run))
}

/// `schedules`.
struct SchedulesCommand: ProjectCommand {
    let context: CommandContext

    private struct Answer: Encodable, Sendable {
        struct Entry: Encodable, Sendable {
            let environment: String
            let name: String
            let rule: String
            let command: [String]
            @OrNull var next: String?
            @OrNull var lastStarted: String?
            @OrNull var lastEnded: String?
            @OrNull var exitCode: Int32?
            let running: Bool
            @OrNull var log: String?

            init(_ look: ScheduleLook) {
                (environment, name, rule) = (look.environment, look.schedule.name, look.rule)
                (command, running) = (look.schedule.words, look.isRunning)
                next = look.next.map(UTC.rfc3339)
                lastStarted = look.last?.started.map(UTC.rfc3339)
                lastEnded = look.last?.ended.map(UTC.rfc3339)
                (exitCode, log) = (look.last?.status, look.last?.log)
            }
        }
        let schedules: [Entry]
    }

    func run() throws(DeployError) -> ExitCode {
        var looks: [ScheduleLook] = []
        for environment in try context.environments() {
            looks += try ScheduleLook.all(in: environment, of: context.workspace)
        }
        try context.answer(Answer(schedules: looks.map(Answer.Entry.init))) { text(looks) }
        return .done
    }

    private func text(_ looks: [ScheduleLook]) -> String {
        guard !looks.isEmpty else {
            return "Nothing runs by itself. Write \"schedules\" in a definition, then deploy it.\n"
        }
        let now = context.ports.clock.now()
        return looks.map { look in
            var table = TextTable(indent: "  ")
            table.add("when", look.rule)
            table.add("runs", look.schedule.words.joined(separator: " "))
            table.add(
                "last",
                look.outcome.map {
                    "\(look.last?.started.map { HumanText.age(of: $0, at: now) } ?? ""), \($0)"
                }
                    ?? "never")
            table.add("next", context.typed(look.outlook(at: now)))
            let title = context.style.bold("\(look.environment)  \(InertText.line(look.schedule.name))")
            return ([title] + table.lines(width: context.style.width)).joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }
}
