import DeployCore
import FoundationEssentials

extension Verb {
    private static let message = Flag(
        "message", short: "m", value: .text("WHY"), "Why, shown by status and kept in the audit log")
    private static let allow = Flag(
        "allow", value: .text("ADDRESS"),
        "An address whose visitors see the application; may be repeated"
    ).repeatable

    static let maintenanceOn = Verb(
        "maintenance on", .operate, operands: [.environment],
        summary: "Show visitors a page instead of the application",
        paragraph: """
            Answers every visitor with 503, Retry-After and the page of `front.errors` for 503, or a plain one, at once and \
            without losing a request. It stays through deployments, restarts and reboots until it is switched off; \
            deployctl itself goes on asking the application. The same command again changes the addresses.
            """,
        examples: [
            "deployctl maintenance on production -m moving",
            "deployctl maintenance on production --allow 203.0.113.9",
        ],
        flags: [.environment, allow, message],
        exits: [.invalidDefinition, .gateRefused, .notConfirmed, .stepFailed, .notFound],
        body: .inProject(MaintenanceCommands.begin))

    static let maintenanceOff = Verb(
        "maintenance off", .operate, operands: [.environment],
        summary: "Show visitors the application again",
        paragraph: "Ends what `deployctl maintenance on` began, at once.",
        examples: ["deployctl maintenance off production", "deployctl maintenance off staging -m done"],
        flags: [.environment, message],
        exits: [.invalidDefinition, .notConfirmed, .stepFailed, .notFound],
        body: .inProject(MaintenanceCommands.end))
}

/// `maintenance`: a page in the place of an environment.
struct MaintenanceCommands: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let environment: String
        @OrNull var maintenance: MaintenanceAnswer?
    }

    private var name: String { context.invocation.environment ?? "" }
    private var reason: String? {
        context.invocation.text("message") ?? context.invocation.globals.reason
    }

    func begin() throws(DeployError) -> ExitCode {
        let maintenance = try MaintenanceWork(context.deployer, environment: name)
            .begin(allowing: context.invocation.texts("allow"), because: reason)
        try context.answer(Answer(environment: name, maintenance: MaintenanceAnswer(maintenance))) {
            let allowed = maintenance.allowed.joined(separator: ", ")
            let seen = allowed.isEmpty ? "" : " \(allowed) sees the application."
            return
                "Visitors of \(name) see the page.\(seen) Show everybody the application with: deployctl maintenance off \(name)\n"
        }
        return .done
    }

    func end() throws(DeployError) -> ExitCode {
        let ended = try MaintenanceWork(context.deployer, environment: name).end(because: reason)
        try context.answer(Answer(environment: name, maintenance: nil)) {
            guard let ended else { return "Visitors of \(name) see the application.\n" }
            return InertText.line(
                "Visitors of \(name) see the application again; \(ended.performer) showed them a page since \(UTC.rfc3339(ended.since))."
            ) + "\n"
        }
        return .done
    }
}

/// What `status` and `maintenance` say of it.
struct MaintenanceAnswer: Encodable, Sendable {
    let performer: String
    let since: Date
    @OrNull var reason: String?
    let allowed: [String]

    init(_ maintenance: Maintenance) {
        (performer, since) = (maintenance.performer, maintenance.since)
        (reason, allowed) = (maintenance.reason, maintenance.allowed)
    }
}
