import DeployCore
import FoundationEssentials

extension Verb {
    private static let allowed = Flag(
        "allow", value: .text("LIST"),
        "What the key may do: read, propose, or commands such as staging,status,lock-show")
    private static let named = Flag(
        "as", value: .text("NAME"), "What whoever has the key is called in the history; default: agent")

    static let gateKeeper = Verb(
        "gate-keeper", .setUp, summary: "Let a key in authorized_keys do only what is named",
        paragraph: """
            Stands in authorized_keys as the command of a key: command="deployctl gate-keeper --allow \
            staging,read,propose",restrict. Whoever comes by that key may do what is named, push commits where staging is, \
            and change nothing that releases are promoted to: `deployctl production` and `deployctl rollback` by it only \
            propose a plan (13), which a person confirms by its id. --project names the project where the account has several.
            """,
        examples: [
            "deployctl gate-keeper --allow staging,read,propose --as robot",
            "deployctl gate-keeper --allow read --as monitor",
        ],
        flags: [allowed, named], exits: [.invalidDefinition, .notConfirmed, .notFound, .stepFailed],
        body: .relaying { cli, invocation in GateKeeper(cli, invocation).run() })
}

/// The program that a key's line in authorized_keys starts, whatever whoever has the key asks for.
struct GateKeeper {
    private let cli: CLI
    private let invocation: Invocation

    /// What sshd says was asked for.
    private static let asked = "SSH_ORIGINAL_COMMAND"
    /// Variables that change what deployctl or git does; a key's owner does not set them.
    private static let foreign = ["DEPLOYCTL_", "GIT_", "GITHUB_", "GITLAB_"]

    init(_ cli: CLI, _ invocation: Invocation) {
        self.invocation = invocation
        var variables = cli.variables.filter { entry in
            !Self.foreign.contains { entry.key.begins(with: $0) } && entry.key != "CI"
        }
        if let mark = cli.variables["DEPLOYCTL_INSTANCE"] { variables["DEPLOYCTL_INSTANCE"] = mark }
        variables["DEPLOYCTL_TRIGGER"] = Trigger.agent.rawValue
        variables["DEPLOYCTL_PERFORMER"] = invocation.text("as") ?? "agent"
        self.cli = cli.with(variables)
    }

    private var line: String { cli.variables[Self.asked] ?? "" }
    private var performer: String { cli.variables["DEPLOYCTL_PERFORMER"] ?? "" }

    /// The exit code; what went wrong is said as whoever asked wants to read it.
    func run() -> Int32 {
        do throws(DeployError) { return try answer() } catch {
            return cli.report(error, of: line.split(at: " ").map(String.init))
        }
    }

    private func answer() throws(DeployError) -> Int32 {
        let grant = try grant()
        guard !line.isBlank else {
            throw grant.refusal(
                "This key opens no shell", "it runs a command of deployctl's, and none was named")
        }
        let request = try KeyRequest(line)
        let place = try KeyPlace(cli, named: invocation.globals.project).find()
        switch request {
        case .git(let service, let argument):
            return try serve(service, argument, of: place, by: grant)
        case .deployctl(let words): return try run(words, in: place, by: grant)
        }
    }

    /// - Throws: `.invalidDefinition` where the key's line says nothing that can be given.
    private func grant() throws(DeployError) -> KeyGrant {
        do throws(DeployError) {
            return try KeyGrant(invocation.text("allow") ?? "", table: cli.table)
        } catch {
            throw error.recast(as: .invalidDefinition)
        }
    }

    private func serve(
        _ service: KeyRequest.GitService, _ argument: String, of place: KeyPlace.Found, by grant: KeyGrant
    ) throws(DeployError) -> Int32 {
        guard grant.bringsCommits else {
            throw grant.refusal("\(service.rawValue) is not for this key", "it may not deploy to staging")
        }
        guard argument == KeyRequest.argument(place.repository) else { throw elsewhere(argument, grant) }
        let ports = cli.makePorts(place.repository)
        let request = FarFolder(ports, path: place.repository).serving(service)
        let result = ports.commands.become(request)
        throw DeployError(
            .stepFailed, what: "git cannot be started", why: result.explanation, next: "apt-get install git")
    }

    private func run(
        _ words: [String], in place: KeyPlace.Found, by grant: KeyGrant
    ) throws(DeployError) -> Int32 {
        guard let verb = words.first else {
            throw grant.refusal("No command is named", "the line ends after deployctl")
        }
        let operands = Array(words.drop { $0 != "--" }.dropFirst())
        switch verb {
        case "far-greet": return try far(operands, place, grant).greet()
        case "far-run": return try far(operands, place, grant).run()
        case "far-ending": return try far(operands, place, grant).tell()
        default:
            try grant.check(try ArgumentParser(table: cli.table).parse(words))
            return cli.run(["--project=\(try place.only(cli))"] + words)
        }
    }

    private func far(
        _ operands: [String], _ place: KeyPlace.Found, _ grant: KeyGrant
    ) throws(DeployError) -> FarSide {
        let side = try FarSide(cli, operands) { request, folder throws(DeployError) in
            try admitted(request, place, folder, grant)
        }
        guard side.folder == place.repository else { throw elsewhere(side.folder, grant) }
        return side
    }

    /// The request as this key's: who it comes from and what set it off is not its own word.
    private func admitted(
        _ request: FarRequest, _ place: KeyPlace.Found, _ folder: FarFolder, _ grant: KeyGrant
    ) throws(DeployError) -> FarRequest {
        let invocation = try ArgumentParser(table: cli.table).parse(request.words)
        try grant.check(invocation, bringing: request.commit)
        guard place.has(request.prefix, in: folder) else {
            throw grant.refusal(
                "\(Shown.text(request.prefix)) is not for this key",
                "no person has deployed a project from that folder of the repository, or the key names another"
            )
        }
        var admitted = request
        (admitted.performer, admitted.trigger, admitted.release) = (performer, .agent, nil)
        return admitted
    }

    private func elsewhere(_ folder: String, _ grant: KeyGrant) -> DeployError {
        grant.refusal("\(Shown.text(folder)) is not for this key", "it belongs to another repository")
    }
}
