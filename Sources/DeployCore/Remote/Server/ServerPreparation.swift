import FoundationEssentials

/// Brings a machine to what a project needs of it, step by step, and looks after each whether it is so.
public struct ServerPreparation: Sendable {
    private let ports: Ports
    private let place: ServerPlace
    private let login: ServerLogin
    private let program: ServerPlan.Program
    private let version: ServerVersion
    private let boot: Command?
    private let silence: @Sendable (CommandResult) -> DeployError

    /// Asks a machine whom ssh logs in there, and what it is.
    ///
    /// `silence`: what is said where ssh does not get through.
    ///
    /// - Throws: `silence`, or `.stepFailed` for a machine without a shell.
    public static func login(
        _ ports: Ports, target: String, silence: @Sendable (CommandResult) -> DeployError
    ) throws(DeployError) -> ServerLogin {
        let questions = ServerQuestions(commands: ports.commands, target: target)
        return ServerLogin(try questions.ask(ServerLogin.questions, silence: silence))
    }

    /// `version`: of what runs here; `boot`: what has a keeper started with the machine, nil while no commit has definitions.
    public init(
        _ ports: Ports, _ place: ServerPlace, login: ServerLogin, program: ServerPlan.Program,
        version: ServerVersion, boot: Command?, silence: @escaping @Sendable (CommandResult) -> DeployError
    ) {
        (self.ports, self.place, self.login, self.program) = (ports, place, login, program)
        (self.version, self.boot, self.silence) = (version, boot, silence)
    }

    /// What is to be changed now; nothing is.
    ///
    /// - Throws: `.stepFailed` for a machine that cannot become such a server, with nothing changed.
    public func plan() throws(DeployError) -> ServerPlan {
        guard login.families.contains(where: { ["debian", "ubuntu"].contains($0) }) else {
            throw failure(
                "\(login.system) is no Debian", "packages are installed by apt",
                "take a machine with Debian 12 or newer, or Ubuntu")
        }
        let questions = ServerQuestions(commands: ports.commands, target: place.target)
        // The account's home may have been made by the step before.
        let known = ServerLogin(try questions.ask(ServerLogin.questions, silence: silence))
        var lines: [Command] = []
        for question in ServerQuestion.allCases { lines.append(try question.command(place, known)) }
        let answers = try questions.ask(lines, silence: silence)
        let facts = ServerFacts(
            known, Dictionary(uniqueKeysWithValues: zip(ServerQuestion.allCases, answers)),
            account: place.account)
        if let there = facts.brought, there.schema > version.schema {
            throw failure(
                "deployctl there is newer than the one here",
                "there is \(there.sentence); here is \(version.sentence)",
                "install the newer one here too")
        }
        return try ServerPlan(place, facts, program, version, boot: boot)
    }

    /// - Throws: `.stepFailed` where a step needs root and nobody may become it.
    public func refusePowerless(_ plan: ServerPlan) throws(DeployError) {
        guard !login.canBeRoot, let step = plan.steps.first(where: { $0.needsRoot(of: login) }) else {
            return
        }
        throw failure(
            "\(login.name) may not become root on \(place.machine)",
            "needed to: \(step.title); sudo asks for a password, or is not there",
            "deployctl server prepare root@\(place.machine), or let \(login.name) use sudo without a password"
        )
    }

    /// - Throws: `.stepFailed` where the program that runs here cannot run there.
    public func refuseOtherMachine(_ plan: ServerPlan) throws(DeployError) {
        guard case .binary = program, plan.steps.contains(where: { $0.id == "deployctl" }) else { return }
        let own = ports.commands.run(CommandRequest(Command("uname", ["-sm"]), deadline: .seconds(5)))
        guard own.output.trimmed == "Linux \(login.machine)" else {
            throw failure(
                "The program that runs here cannot run on \(place.machine)",
                "here is \(own.output.trimmed), there is Linux \(login.machine)",
                "name a package for that machine: --package FILE")
        }
    }

    /// Carries out what was approved, one step after the other.
    ///
    /// - Returns: the plan that is left: without steps.
    /// - Throws: `.notConfirmed` where something else would have to be done than what was approved, `.stepFailed` where a step
    ///   fails or its effect is not seen; what was done stands, and is seen by the next time.
    public func carryOut(
        _ approved: ServerPlan, began: (Int, ServerStep) -> Void, ended: (ServerStep, TimeInterval) -> Void
    ) throws(DeployError) -> ServerPlan {
        var plan = approved
        var done = 0
        while let step = plan.steps.first {
            guard approved.steps.contains(where: step.isCovered) else { throw changed(step) }
            done += 1
            began(done, step)
            let start = ports.clock.now()
            try carryOut(step, of: approved)
            plan = try look(after: step)
            if let item = plan.items.first(where: { $0.id == step.id }), item.step != nil {
                throw failure(
                    "\(step.title): it was done, and is not so", item.found,
                    "look at it there, then run the same command again", left: true)
            }
            ended(step, ports.clock.now().timeIntervalSince(start))
        }
        return plan
    }

    private func look(after step: ServerStep) throws(DeployError) -> ServerPlan {
        do { return try plan() } catch {
            throw DeployError(
                error.code == .stepFailed ? .connectionLost : error.code,
                what: "\(step.title): done, and not looked at yet",
                why: "\(error.what)\nwhat was done there stands",
                next: "the same command again, which sees what is done")
        }
    }

    private func carryOut(_ step: ServerStep, of approved: ServerPlan) throws(DeployError) {
        var before: [String] = []
        for work in step.work {
            if let code = ports.interruption.requested() { throw interrupted(code, step) }
            let result = ports.commands.run(try request(work))
            if result.ending == .interrupted {
                throw interrupted(ports.interruption.requested() ?? .interrupted, step)
            }
            if case .learn = work { try refuseMore(than: approved, step) }
            if result.succeeded { continue }
            switch work {
            case .tryTo, .learn:
                before.append(result.explanation)
                continue
            default: break
            }
            if let sweep = step.sweep, !isLost(result) { _ = ports.commands.run(try request(.run(sweep))) }
            throw failed(step, result, before)
        }
    }

    /// By what the machine knows now.
    private func refuseMore(than approved: ServerPlan, _ step: ServerStep) throws(DeployError) {
        guard let now = try look(after: step).steps.first(where: { $0.id == step.id }) else { return }
        guard approved.steps.contains(where: now.isCovered) else { throw changed(now) }
    }

    private func request(_ work: ServerStep.Work) throws(DeployError) -> CommandRequest {
        func there(_ command: FarCommand, _ deadline: Duration) -> CommandRequest {
            let line = command.typed(by: login).vector.joined(separator: " ")
            return CommandRequest(SSHCommands.plain(line, on: place.target), deadline: deadline)
        }
        switch work {
        case .run(let command, let deadline), .tryTo(let command, let deadline),
            .learn(let command, let deadline):
            return there(command, deadline)
        case .write(let text, let command):
            var request = there(command, .seconds(60))
            request.input = Data(text.utf8)
            return request
        case .send(let file, let command):
            var request = there(command, .seconds(1800))
            request.inputFile = file
            return request
        case .here(let command): return CommandRequest(command, in: nil, deadline: .seconds(900))
        }
    }

    private func failed(_ step: ServerStep, _ result: CommandResult, _ before: [String]) -> DeployError {
        let said = ([result.explanation] + before.map { "before: \($0)" }).joined(separator: "\n")
        if isLost(result) {
            return DeployError(
                .connectionLost, what: "\(place.machine) does not answer any more: \(step.title)",
                why: "\(said)\nwhat was done there stands; this step may go on there for a while",
                next: "the same command again, which sees what is done")
        }
        return failure("\(step.title): failed on \(place.machine)", said, advice(said), left: true)
    }

    /// The step may go on there, so that nothing is taken from under it.
    private func isLost(_ result: CommandResult) -> Bool {
        switch result.ending {
        case .exited(255), .signalled, .timedOut: true
        default: false
        }
    }

    /// By what the programs there said.
    private func advice(_ words: String) -> String {
        let again = "then the same command again"
        if words.holds("dpkg frontend lock") || words.holds("Could not get lock") {
            return "somebody else installs there; when that has ended, the same command again"
        }
        if words.holds("No space left on device") || words.holds("enough free space") {
            return "make room there: ssh \(place.target) df -h; \(again)"
        }
        if words.holds("remove is disabled") {
            return "another package has its place there, and nothing is removed unasked: "
                + "ssh \(place.target) apt-get install --simulate PACKAGE shows which; \(again)"
        }
        if words.holds("shared librar") {
            return "name a package that brings its libraries, as make package builds it: --package FILE"
        }
        if words.holds("Failed to fetch") || words.holds("Unable to locate package") {
            return
                "look whether that machine reaches its mirror: ssh \(place.target) apt-get update; \(again)"
        }
        return "mend that, \(again)"
    }

    private func interrupted(_ code: ExitCode, _ step: ServerStep) -> DeployError {
        DeployError(
            code, what: "\(place.machine) is prepared in part",
            why: "interrupted at: \(step.title), which may go on there for a while; what was done stands",
            next: "the same command again, which sees what is done")
    }

    private func changed(_ step: ServerStep) -> DeployError {
        DeployError(
            .notConfirmed, what: "Something else is to be done by now: \(step.title)",
            why: "\(place.machine) changed meanwhile; what was approved and done stands",
            next: "the same command again")
    }

    private func failure(_ what: String, _ why: String, _ next: String, left: Bool = false) -> DeployError {
        DeployError(
            .stepFailed, what: what,
            why: left ? "\(why)\nwhat was done before stands" : "\(why); nothing was changed there",
            next: next)
    }
}
