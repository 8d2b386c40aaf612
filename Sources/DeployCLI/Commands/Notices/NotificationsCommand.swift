import DeployCore
import FoundationEssentials

extension Verb {
    static let notifications = Verb(
        "notifications", .look, operands: [.environment.optional],
        summary: "List who was told of what, newest first",
        paragraph: """
            Lists messages to the routes of "notify": what about, to whom, and whether they were sent, wait, or were \
            given up. Messages are sent by whatever command runs next, and by the keeper.
            """,
        examples: ["deployctl notifications", "deployctl notifications production -n 100 --json"],
        flags: [
            .environment, Flag("limit", short: "n", value: .count("N"), "How many to list; default: 20"),
        ],
        exits: [.invalidDefinition], body: .inProject(NotificationsCommand.list))

    static let notificationsSend = Verb(
        "notifications send", .operate, summary: "Look for troubles, and send what is due",
        paragraph: """
            Looks whether something lasts that people are to be told of, such as a service that ends again and again, \
            or is over, and sends every message that is due. The keeper does so every minute; without one, let cron.
            """,
        examples: ["deployctl notifications send", "deployctl notifications send --quiet"],
        exits: [.invalidDefinition, .interrupted, .terminated],
        body: .inProject(NotificationsCommand.send))

    static let notificationsRetry = Verb(
        "notifications retry", .operate, summary: "Try again to send what was given up or waits",
        paragraph: """
            Sends messages at once that wait for their next try, and those that were given up unless what they tell of \
            is over. What comes more than an hour late says so.
            """,
        examples: ["deployctl notifications retry", "deployctl notifications retry --json"],
        exits: [.invalidDefinition, .stepFailed, .interrupted, .terminated],
        body: .inProject(NotificationsCommand.retry))

    static let notificationsTest = Verb(
        "notifications test", .operate, operands: [.environment],
        summary: "Send a message to every route of an environment",
        paragraph: """
            Sends one message to every route as the definition is written, outside of any queue, and says what each \
            answered.
            """,
        examples: ["deployctl notifications test production", "deployctl notifications test staging --json"],
        flags: [.environment], exits: [.invalidDefinition, .notFound, .stepFailed],
        body: .inProject(NotificationsCommand.test))

    static let ack = Verb(
        "ack", .operate, operands: [.event], summary: "Say that you look after something",
        paragraph: "Ends the escalation of an event; its number stands in each message about it.",
        examples: ["deployctl ack 17", "deployctl ack 17 --json"],
        exits: [.notFound], body: .inProject(NotificationsCommand.acknowledge))
}

/// `notifications` with what stands below it, and `ack`.
struct NotificationsCommand: ProjectCommand {
    let context: CommandContext

    private struct ListAnswer: Encodable, Sendable {
        struct Entry: Encodable, Sendable {
            let id: Int64
            let environment: String
            let event: String
            let subject: String
            let severity: String
            let route: String
            let state: String
            let attempts: Int
            let at: Date
            @OrNull var sentAt: Date?
            @OrNull var nextAt: Date?
            @OrNull var escalatesAt: Date?
            @OrNull var answeredBy: String?
            @OrNull var error: String?

            init(_ one: Delivery) {
                (id, environment) = (one.event.sequence, one.event.environment)
                (event, subject) = (one.event.kind.rawValue, one.event.subject)
                (severity, route, state) = (one.severity.rawValue, one.route, one.state.rawValue)
                (attempts, at, sentAt) = (one.attempts, one.event.at, one.sentAt)
                nextAt = one.state == .waiting ? one.nextAt : nil
                (escalatesAt, answeredBy, error) = (one.escalateAt, one.event.answeredBy, one.error)
            }
        }
        let notifications: [Entry]
    }

    func list() throws(DeployError) -> ExitCode {
        let all = try context.ports.state.deliveries(
            of: context.invocation.environment, limit: context.invocation.count("limit") ?? 20)
        try context.answer(ListAnswer(notifications: all.map(ListAnswer.Entry.init))) { table(all) }
        return .done
    }

    private func table(_ all: [Delivery]) -> String {
        guard !all.isEmpty else { return "Nobody was told of anything.\n" }
        let now = context.ports.clock.now()
        var table = TextTable(header: ["ID", "ABOUT", "TO", "STATE", "WHEN"])
        for one in all {
            let about = [
                one.severity.rawValue, one.event.environment, one.event.kind.rawValue, one.event.subject,
            ]
            table.add(
                "\(one.event.sequence)",
                InertText.line(about.filter { !$0.isEmpty }.joined(separator: " ")), one.route,
                words(for: one),
                HumanText.age(of: one.event.at, at: now))
        }
        return table.text()
    }

    private func words(for one: Delivery) -> String {
        switch one.state {
        case .sent: return "sent"
        case .over: return "not sent, it was over"
        case .waiting, .dead:
            let why = one.error.map { ": \(InertText.line($0))" } ?? ""
            return "\(one.state.rawValue) after \(one.attempts) tries\(why)"
        }
    }

    private struct SentAnswer: Encodable, Sendable {
        /// null where another process is at it.
        @OrNull var sent: Int?
    }

    func send() throws(DeployError) -> ExitCode {
        var unseen: DeployError?
        do throws(DeployError) {
            try Troubles(context.workspace, definitions: context.definitions).look()
        } catch { unseen = error }
        // What is known already is told whatever keeps from looking further.
        let code = try work(within: .seconds(600))
        if let unseen { throw unseen }
        return code
    }

    private func work(within limit: Duration) throws(DeployError) -> ExitCode {
        let sent = try NoticeOffice(context.workspace, definitions: context.definitions).work(within: limit)
        let text = sent.map { "Messages sent: \($0).\n" } ?? "Another process sends messages now.\n"
        try context.answer(SentAnswer(sent: sent)) {
            context.invocation.globals.verbosity == .quiet ? "" : text
        }
        return context.ports.interruption.requested() ?? .done
    }

    func retry() throws(DeployError) -> ExitCode {
        _ = try context.ports.state.reviveDeliveries(at: context.ports.clock.now())
        let code = try work(within: .seconds(60))
        let waiting = try context.ports.state.deliveries(of: nil, limit: 1000)
            .filter { $0.state == .waiting && $0.error != nil }
        guard let first = waiting.last, code == .done else { return code }
        throw DeployError(
            .stepFailed, what: "Messages that still wait: \(waiting.count)",
            why: "\(first.route): \(first.error ?? "")", next: "deployctl notifications")
    }

    private struct TestAnswer: Encodable, Sendable {
        struct Route: Encodable, Sendable {
            let route: String
            /// null where it took the message.
            @OrNull var problem: String?
        }
        let routes: [Route]
    }

    func test() throws(DeployError) -> ExitCode {
        let environment = try context.definitions.load(context.invocation.environment ?? "")
        guard !environment.routes.isEmpty else {
            throw DeployError(
                .notFound, what: "\(environment.name) tells nobody of anything",
                why: "its definition has no \"notify\"",
                next: "add \"notify\" to \(context.definitionsFolder)/\(environment.name).json")
        }
        let outcomes = NoticeOffice(context.workspace, definitions: context.definitions)
            .test(environment).map { TestAnswer.Route(route: $0.route, problem: $0.problem) }
        try context.answer(TestAnswer(routes: outcomes)) {
            outcomes.map { "\($0.route): \(InertText.line($0.problem ?? "took the message"))\n" }.joined()
        }
        guard let failed = outcomes.first(where: { $0.problem != nil }) else { return .done }
        throw DeployError(
            .stepFailed, what: "Route \(failed.route) did not take the message", why: failed.problem ?? "",
            next: "correct the route, then: deployctl notifications test \(environment.name)")
    }

    private struct AckAnswer: Encodable, Sendable {
        let id: Int64
        let performer: String
    }

    func acknowledge() throws(DeployError) -> ExitCode {
        let (state, performer) = (context.ports.state, context.origin.performer)
        let unknown = DeployError(
            .notFound, what: "There is no such event", why: "its number stands in each message about it",
            next: "deployctl notifications")
        guard let number = context.invocation.event else { throw unknown }
        let audit = context.deployer.audit
        try audit.record(audit.entry(.answer, on: "event \(number)")) { () throws(DeployError) in
            let isKnown = try state.answer(number, by: performer, at: context.ports.clock.now())
            guard isKnown else { throw unknown }
        }
        try context.answer(AckAnswer(id: number, performer: performer)) {
            "You look after event \(number); nobody else is told of it.\n"
        }
        return .done
    }
}
