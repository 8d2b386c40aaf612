import DeployCore

extension Verb {
    static let bootInstall = Verb(
        "boot install", .setUp, summary: "Keep services running, also after a reboot",
        paragraph: """
            Starts a keeper that starts again what ends unasked: services, fronts and the edge. systemd starts it with \
            the machine, as root for the machine and otherwise for this user; where systemd is not, cron does.
            """,
        examples: ["deployctl boot install", "deployctl boot install --dry-run"],
        dryRun: true, exits: [.invalidDefinition, .stepFailed, .notFound],
        body: .inProject(BootCommands.install))

    static let bootRemove = Verb(
        "boot remove", .setUp, summary: "Keep services running no longer",
        paragraph: "Ends the keeper and takes away what starts it. Services go on as they are.",
        examples: ["deployctl boot remove", "deployctl boot remove --json"],
        exits: [.invalidDefinition, .stepFailed, .notFound],
        body: .inProject(BootCommands.remove))

    static let bootStatus = Verb(
        "boot status", .setUp, summary: "Show who keeps services running",
        paragraph:
            "Says whether a keeper runs and what starts it with the machine; exit code 19 where either is missing.",
        examples: ["deployctl boot status", "deployctl boot status --json"],
        exits: [.invalidDefinition, .notFound, .unhealthy],
        body: .inProject(BootCommands.status))

    static let bootRun = Verb(
        "boot run", .setUp, summary: "Keep services running until interrupted",
        paragraph: "Is the keeper; `deployctl boot install` has it started.",
        examples: ["deployctl boot run", "deployctl boot run --quiet"],
        exits: [.invalidDefinition, .locked, .notFound],
        body: .inProject(BootCommands.run))
}

/// `boot`: what keeps services running when nobody looks.
struct BootCommands: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let starter: Boot.Starter
        @OrNull var unit: String?
        let startsAtBoot: Bool
        @OrNull var keeper: String?
        let notes: [String]

        init(_ state: Boot.State) {
            (starter, startsAtBoot, notes) = (state.starter, state.startsAtBoot, state.notes)
            (unit, keeper) = (state.unit, state.keeper)
        }
    }

    private var boot: Boot { context.boot }

    func install() throws(DeployError) -> ExitCode {
        if context.invocation.globals.dryRun {
            let unit = try boot.unit()
            context.streams.output.write(
                unit.map { "Would write \(InertText.line($0.path)):\n\n\($0.text)" }
                    ?? "Would start a keeper, and let cron start it with the machine\n")
            return .done
        }
        try context.refuseStrangers()
        let audit = context.deployer.audit
        let state = try audit.around(audit.entry(.boot, on: "install")) { () throws(DeployError) in
            try boot.install()
        }
        return try answer(state)
    }

    func remove() throws(DeployError) -> ExitCode {
        let audit = context.deployer.audit
        let state = try audit.around(audit.entry(.boot, on: "remove")) { () throws(DeployError) in
            try boot.remove()
        }
        _ = try answer(state)
        return .done
    }

    func status() throws(DeployError) -> ExitCode { try answer(try boot.state()) }

    func run() throws(DeployError) -> ExitCode {
        try context.refuseStrangers()
        return try Keeper(
            context.workspace, definitions: context.definitions, origin: context.origin,
            program: context.program
        ).run {
            context.say("\(UTC.rfc3339(context.ports.clock.now())) \(InertText.line($0.sentence))\n")
        }
    }

    private func answer(_ state: Boot.State) throws(DeployError) -> ExitCode {
        try context.answer(Answer(state)) {
            ([keeper(state), starter(state)] + state.notes).map { InertText.line($0) + "\n" }.joined()
        }
        return state.isComplete ? .done : .unhealthy
    }

    private func keeper(_ state: Boot.State) -> String {
        state.keeper.map { "Kept running by \($0)." }
            ?? "Nobody starts again what ends. Next: deployctl boot install"
    }

    private func starter(_ state: Boot.State) -> String {
        let how = state.unit.map { " (\($0))" } ?? ""
        return state.startsAtBoot
            ? "Started with the machine by \(state.starter.rawValue)\(how)."
            : "Nothing starts it with the machine\(how)."
    }
}

extension CommandContext {
    /// Absolute path of this very program.
    var program: String { ports.files.linkTarget("/proc/self/exe") ?? "deployctl" }

    var boot: Boot { Boot(workspace, definitions: definitions, program: program, origin: origin) }
}
