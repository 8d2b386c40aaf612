import DeployCore

extension Verb {
    private static let account = Flag(
        "account", value: .text("NAME"),
        "Who deploys there; default: who is named with the host, for root deploy")

    private static let place: [ExitCode] = [.invalidDefinition, .stepFailed, .connectionLost]

    static let serverPrepare = Verb(
        "server prepare", .setUp, operands: [.host.optional],
        summary: "Make a rented machine a server for this project",
        paragraph: """
            Looks at a Debian or Ubuntu machine over ssh, says what it lacks for these definitions, asks, and changes it \
            step by step: packages by apt, deployctl itself, the account, its repository, services that go on without a \
            session and come back with the machine. Each step is looked at afterwards; the second time there is nothing \
            to do. Firewalls are spoken of and never changed.
            """,
        examples: [
            "deployctl server prepare root@shop.example --dry-run",
            "deployctl server prepare deploy@shop.example --package deployctl.deb",
        ],
        flags: [
            Flag("yes", short: "y", "Ask nothing"), account,
            Flag(
                "package", value: .text("FILE"),
                "The Debian package that deployctl is installed from; default: the program that runs here"),
        ],
        dryRun: true, exits: place + [.notConfirmed, .hungUp, .interrupted, .terminated],
        body: .inProject(ServerCommands.prepare))

    static let serverCheck = Verb(
        "server check", .setUp, operands: [.host.optional],
        summary: "Look whether the server is as this project needs it",
        paragraph: """
            Asks the machine what server prepare would ask and changes nothing; what is not as it should be is named with \
            what mends it, and ends with 19.
            """,
        examples: ["deployctl server check", "deployctl server check deploy@shop.example --json"],
        flags: [account], exits: place + [.unhealthy, .interrupted, .terminated],
        body: .inProject(ServerCommands.check))
}

/// `server`: a machine that is to serve this project, and what it lacks for that.
struct ServerCommands: ProjectCommand {
    let context: CommandContext

    func prepare() throws(DeployError) -> ExitCode {
        let visit = try ServerVisit(context)
        let plan = try visit.preparation.plan()
        let view = ServerView(visit.place, plan, context)
        let isTried = context.invocation.globals.dryRun
        if plan.steps.isEmpty {
            try refuseLacking(plan, visit)
            try context.answer(ServerAnswer(visit.place, plan, done: [])) { view.nothing + view.ending }
            return .done
        }
        if !context.wantsJSON, isTried {
            context.streams.output.write(view.plan)
        } else {
            context.say(view.plan)
        }
        try visit.preparation.refusePowerless(plan)
        try visit.preparation.refuseOtherMachine(plan)
        guard !isTried else {
            if context.wantsJSON { try context.answer(ServerAnswer(visit.place, plan, done: [])) { "" } }
            return .done
        }
        try confirm(plan, on: visit.place)
        let left = try visit.preparation.carryOut(plan) { number, step in
            context.say(view.began(number, step))
        } ended: { _, seconds in
            context.say(view.ended(seconds))
        }
        try refuseLacking(left, visit)
        try context.answer(ServerAnswer(visit.place, left, done: plan.steps)) {
            ServerView(visit.place, left, context).ready + ServerView(visit.place, left, context).ending
        }
        return .done
    }

    /// - Throws: `.stepFailed` for what no step can bring.
    private func refuseLacking(_ plan: ServerPlan, _ visit: ServerVisit) throws(DeployError) {
        guard let item = plan.items.first(where: { $0.remedy != nil }) else { return }
        throw DeployError(
            .stepFailed, what: "\(visit.place.machine) still lacks something", why: item.found,
            next: "\(item.remedy ?? ""); then deployctl server check \(visit.place.target)")
    }

    private func confirm(_ plan: ServerPlan, on place: ServerPlace) throws(DeployError) {
        guard !context.invocation.has("yes") else { return }
        let name = place.machine
        guard context.ports.prompter.canAsk, !context.wantsJSON else {
            throw refusal(name, "there is no terminal to ask on", place)
        }
        let answer = context.ports.prompter.ask("Type \(name) to change it so: ")
        guard answer.map({ $0.utf8.elementsEqual(name.utf8) }) == true else {
            throw refusal(name, "its name was not typed", place)
        }
    }

    private func refusal(_ name: String, _ why: String, _ place: ServerPlace) -> DeployError {
        DeployError(
            .notConfirmed, what: "\(name) was not prepared", why: "\(why); nothing was changed there",
            next: "type its name at a terminal, or: deployctl server prepare \(place.target) --yes")
    }

    func check() throws(DeployError) -> ExitCode {
        let visit = try ServerVisit(context)
        let plan = try visit.preparation.plan()
        try context.answer(ServerAnswer(visit.place, plan, done: [])) {
            ServerView(visit.place, plan, context).checks
        }
        return plan.items.allSatisfy(\.isThere) ? .done : .unhealthy
    }
}
