import DeployCore
import FoundationEssentials

extension Verb {
    static let secretSet = Verb(
        "secret set", .setUp, operands: [.environment, .secret], summary: "Give a secret its value",
        paragraph: """
            Asks for the value at the terminal, where it is not shown, or reads standard input where that is none, and \
            writes it to the file the definition names, for this account alone. It is shown nowhere; its fingerprint is \
            the same for the same value on this machine. Services read it at their next start.
            """,
        examples: [
            "deployctl secret set production JWT_SECRET",
            "deployctl secret set staging database.password",
        ],
        flags: [.environment],
        exits: [.invalidDefinition, .notConfirmed, .stepFailed, .notFound, .interrupted, .terminated],
        body: .inProject(SecretCommands.set))

    static let secretList = Verb(
        "secret list", .look, operands: [.environment.optional],
        summary: "List which secrets are set and which are missing",
        paragraph: """
            Names each secret that a definition asks for, with the fingerprint of its value, its age and where it comes \
            from, and files beside them that nobody asks for. Ends with 10 when one is missing or cannot be used.
            """,
        examples: ["deployctl secret list", "deployctl secret list production --json"],
        flags: [.environment], exits: [.invalidDefinition, .notFound],
        body: .inProject(SecretCommands.list))

    static let secretRemove = Verb(
        "secret remove", .setUp, operands: [.environment, .secret], summary: "Remove the value of a secret",
        paragraph: """
            Removes the file. One that the definition asks for, as it is written or was deployed, is removed only when \
            its name is typed again: what reads it cannot start without.
            """,
        examples: [
            "deployctl secret remove staging OLD_KEY",
            "deployctl secret remove production JWT_SECRET --confirm JWT_SECRET",
        ],
        flags: [.environment, .confirm],
        exits: [.invalidDefinition, .notConfirmed, .stepFailed, .notFound],
        body: .inProject(SecretCommands.remove))
}

/// `secret`: values that definitions ask for and that lie on the machine alone.
struct SecretCommands: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let environment: String
        let secret: SecretAnswer
    }

    struct ListAnswer: Encodable, Sendable {
        struct Place: Encodable, Sendable {
            let name: String
            let secrets: [SecretAnswer]
        }
        let environments: [Place]
    }

    struct RemovalAnswer: Encodable, Sendable {
        let environment, removed: String
    }

    private var name: String { context.invocation.secret ?? "" }
    private var prompter: any Prompter { context.ports.prompter }

    func set() throws(DeployError) -> ExitCode {
        let environment = context.invocation.environment ?? ""
        let secrets = try Secrets(context.deployer, environment: environment)
        let file = try secrets.file(of: name)
        let sharers = try secrets.sharers(of: name)
        if !sharers.isEmpty {
            context.say(
                context.errorStyle.warning("\(file) is \(sharers.joined(separator: ", ")) too") + "\n")
        }
        let state = try secrets.set(name, to: try value(for: environment))
        try context.answer(Answer(environment: environment, secret: SecretAnswer(state))) {
            "\(name) of \(environment) is set, fingerprint \(state.fingerprint ?? ""). \(next(in: environment))\n"
        }
        return .done
    }

    /// When the value is read.
    private func next(in name: String) -> String {
        let serving = (try? context.deployedDefinitions.load(name)).flatMap(context.workspace.serving)
        return serving == nil
            ? "What is started next reads it."
            : "What runs reads it at its next start: deployctl restart \(name)"
    }

    private func value(for environment: String) throws(DeployError) -> [UInt8] {
        if let piped = prompter.piped(limit: Secrets.limit + 1) { return piped }
        guard let first = prompter.askUnseen("Value of \(name) for \(environment), which is not shown: ")
        else {
            throw context.ports.interruption.requested().map(interrupted) ?? unanswered("nothing was typed")
        }
        guard let second = prompter.askUnseen("The same again: ") else {
            throw context.ports.interruption.requested().map(interrupted) ?? unanswered("nothing was typed")
        }
        guard first.utf8.elementsEqual(second.utf8) else { throw unanswered("the two are not the same") }
        return Array(first.utf8)
    }

    private func interrupted(_ code: ExitCode) -> DeployError {
        DeployError(
            code, what: "\(name) was not set", why: "it was interrupted; nothing was changed",
            next: "deployctl help secret set")
    }

    private func unanswered(_ why: String) -> DeployError {
        DeployError(
            .notConfirmed, what: "\(name) was not set", why: "\(why); nothing was changed",
            next: "run it again, or pipe the value into it")
    }

    func list() throws(DeployError) -> ExitCode {
        let names = context.invocation.environment.map { [$0] } ?? context.definitions.names()
        var places: [(name: String, states: [SecretState])] = []
        for name in names {
            places.append((name, try Secrets(context.deployer, environment: name).all()))
        }
        let answer = ListAnswer(
            environments: places.map { .init(name: $0.name, secrets: $0.states.map(SecretAnswer.init)) })
        try context.answer(answer) { text(places) }
        return places.contains { $0.states.contains { $0.standing == .missing } } ? .invalidDefinition : .done
    }

    private func text(_ places: [(name: String, states: [SecretState])]) -> String {
        let now = context.ports.clock.now()
        return places.map { place in
            guard !place.states.isEmpty else { return "\(place.name) asks for no secret.\n" }
            var table = TextTable(indent: "  ")
            for state in place.states {
                let why = state.obstacle.map { "\($0.what): \($0.why) → \($0.next)" }
                table.add(
                    state.name, state.standing.rawValue, state.fingerprint ?? "",
                    state.changed.map { HumanText.age(of: $0, at: now) } ?? "", why ?? state.place)
            }
            return "\(place.name)\n" + table.text(width: context.style.width)
        }.joined(separator: "\n")
    }

    func remove() throws(DeployError) -> ExitCode {
        let environment = context.invocation.environment ?? ""
        let secrets = try Secrets(context.deployer, environment: environment)
        if secrets.isAsked(name) { try confirm(in: environment) }
        try secrets.remove(name)
        try context.answer(RemovalAnswer(environment: environment, removed: name)) {
            "\(name) of \(environment) is removed.\n"
        }
        return .done
    }

    private func confirm(in environment: String) throws(DeployError) {
        let given =
            context.invocation.text("confirm")
            ?? prompter.ask(
                "\(environment) asks for \(name) and does not start without it. Type \(name) to remove it: ")
        guard given.map({ $0.utf8.elementsEqual(name.utf8) }) == true else {
            throw DeployError(
                .notConfirmed, what: "\(name) of \(environment) was not removed",
                why: "the definition asks for it, and its name was not typed again; nothing was changed",
                next: "deployctl secret remove \(environment) \(name) --confirm \(name)")
        }
    }
}

/// What answers say of a secret.
struct SecretAnswer: Encodable, Sendable {
    let name, state, source: String
    @OrNull var fingerprint: String?
    @OrNull var changed: Date?
    @OrNull var next: String?

    init(_ state: SecretState) {
        (name, self.state, source) = (state.name, state.standing.rawValue, state.place)
        (fingerprint, changed, next) = (state.fingerprint, state.changed, state.obstacle?.next)
    }
}
