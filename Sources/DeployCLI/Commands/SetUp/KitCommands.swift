import DeployCore
import FoundationEssentials

extension Verb {
    static let kitCreate = Verb(
        "kit create", .setUp, operands: [.environment.optional],
        summary: "Pack the project for another machine",
        paragraph: """
            Backs up each environment that keeps data, proves that, and makes one file encrypted for the recipients of \
            "backup.encrypt": definitions, state, the releases that serve, the proved backups, and fingerprints of secrets; \
            their values only with --with-secrets. It is opened again and compared before it counts. It holds no repository \
            and nothing that opens it. Without --out it lies in backups/kits, where the newest three are kept.
            """,
        examples: [
            "deployctl kit create", "deployctl kit create --out /mnt/usb/shop.kit.age --with-secrets",
        ],
        flags: [
            .environment,
            Flag("out", value: .text("FILE"), "Where it is written; default: backups/kits"),
            Flag("with-secrets", "Pack values of secrets that lie in files of the project too"),
        ],
        exits: .backingUp + [.gateRefused, .stepFailed], body: .inProject(KitCommands.create))

    static let kitAdopt = Verb(
        "kit adopt", .setUp, operands: [.file],
        summary: "Bring a project up from its kit",
        paragraph: """
            Opens a kit in an empty folder or a fresh clone, compares all of it, puts everything in its place, restores the \
            data, compares every row, and starts the releases; environments that ask for a confirmation ask for it. Where \
            something is already there, nothing is changed (12). Secrets that are missing are listed (10): set them, then the \
            same command goes on, as it does after an interruption.
            """,
        examples: [
            "deployctl kit adopt shop.kit.age --identity ~/backup.key --confirm CONFIRM",
            "deployctl kit adopt shop.kit.gpg",
        ],
        flags: [
            Flag("identity", value: .text("FILE"), "age: the file that opens it; gpg has its key ring"),
            .confirm,
        ],
        exits: .changing + [.gateRefused, .notConfirmed, .backupFailed], startsProject: true,
        body: .inProject(KitCommands.adopt))
}

extension Verb {
    static let kitDrill = Verb(
        "kit drill", .setUp, summary: "Prove that the newest kit comes up",
        paragraph: """
            Opens the newest kit in a folder of its own, restores its data beside everything, compares every row, starts \
            its releases on that, and removes all of it; containers are not started. What serves is not touched. How it went \
            is kept, and doctor says it; a schedule may do it.
            """,
        examples: ["deployctl kit drill", "deployctl kit drill --json"],
        exits: [
            .invalidDefinition, .locked, .backupFailed, .stepFailed, .needsPerson, .notFound, .unfinishedRun,
            .unhealthy, .hungUp, .interrupted, .terminated,
        ],
        body: .inProject(KitCommands.drill))
}

/// `kit`: the whole project on another machine.
struct KitCommands: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        struct Place: Encodable, Sendable {
            let name: String
            let release: Timestamp
            @OrNull var backup: Timestamp?
            /// Whether it is brought up; what was stopped is not.
            let serves: Bool
        }

        let kit: String
        @OrNull var bytes: Int64?
        @OrNull var sha256: String?
        let environments: [Place]
        /// Restored and compared.
        @OrNull var rows: Int64?
        /// Values of secrets that are not those the kit was made with, as `production JWT_SECRET`.
        var changedSecrets: [String] = []
        /// What the project needs and the kit does not hold, in words.
        var gaps: [String] = []
        @OrNull var seconds: Double?

        init(_ kit: String, _ manifest: KitManifest) {
            self.kit = kit
            environments = manifest.environments.map {
                Place(name: $0.name, release: $0.release, backup: $0.backup, serves: $0.serves)
            }
        }
    }

    func create() throws(DeployError) -> ExitCode {
        let began = context.ports.clock.now()
        let makePorts = context.makePorts
        let written = try KitWriter(context.deployer) { makePorts($0).state }.write(
            context.invocation.environment.map { [$0] } ?? [],
            to: context.invocation.text("out").map(absolute),
            withSecrets: context.invocation.has("with-secrets"))
        var answer = Answer(written.path, written.manifest)
        (answer.bytes, answer.sha256) = (written.digest.bytes, written.digest.sha256)
        answer.gaps = written.manifest.gaps ?? []
        answer.seconds = context.ports.clock.now().timeIntervalSince(began)
        try context.answer(answer) {
            let lines =
                ["\(written.path), \(HumanText.size(written.digest.bytes)), was opened again and is whole."]
                + places(answer) + answer.gaps
                + ["Try it: deployctl kit drill; take it elsewhere: it is no use on this machine alone."]
            return text(lines)
        }
        return .done
    }

    func adopt() throws(DeployError) -> ExitCode {
        let began = context.ports.clock.now()
        let path = absolute(context.invocation.file ?? "")
        let makePorts = context.makePorts
        let adoption = KitAdoption(
            context.deployer, identity: context.invocation.text("identity").map(absolute)
        ) { makePorts($0).state }
        let adopted = try adoption.carryOut(path, bringUp: bringUp)
        var answer = Answer(path, adopted.manifest)
        (answer.rows, answer.changedSecrets) = (
            adopted.rows, adopted.changed.map { "\($0.environment) \($0.name)" }
        )
        answer.gaps = adopted.manifest.gaps ?? []
        let seconds = context.ports.clock.now().timeIntervalSince(began)
        answer.seconds = seconds
        try context.answer(answer) {
            let rows = "\(adopted.rows) row\(adopted.rows == 1 ? "" : "s") restored and compared"
            let lines =
                ["\(adopted.manifest.project) is here, in \(HumanText.duration(seconds)): \(rows)."]
                + places(answer)
                + answer.changedSecrets.map { "\($0) is not the value the kit was made with" } + answer.gaps
                + ["Look at it: deployctl status; what starts it with the machine: deployctl boot install"]
            return text(lines)
        }
        return .done
    }

    func drill() throws(DeployError) -> ExitCode {
        let (makePorts, progress, origin) = (context.makePorts, context.progress, context.origin)
        let drill = KitDrill(of: context.deployer, in: context.variables["TMPDIR"] ?? "/tmp") { project in
            let ports = makePorts(project)
            return Deployer(
                Workspace(ports: ports, project: project),
                definitions: DefinitionLoader(files: ports.files, folder: "\(project)/environments"),
                origin: origin
            ) { progress.consume($0) }.besideTheLiveOne
        }
        let outcome = try drill.carryOut()
        var answer = Answer(outcome.path, outcome.manifest)
        (answer.gaps, answer.seconds) = (outcome.unstarted, outcome.seconds)
        try context.answer(answer) {
            let time = HumanText.duration(outcome.seconds)
            return text(
                ["\(outcome.path) comes up, in \(time); every row is equal, and nothing of it is left."]
                    + places(answer) + outcome.unstarted)
        }
        return .done
    }

    private func bringUp(
        _ deployer: Deployer, _ name: String, _ request: RollbackRequest
    ) throws(DeployError) {
        let title = "Bring up \(name.uppered)"
        let result = try deployer.rollback(name, to: request).carryOut(
            confirm: context.invocation.text("confirm")
        ) { proposal in
            let now = Timestamp(context.ports.clock.now())
            context.say(
                PlanAnswer(proposal, at: now).text(
                    context.errorStyle, withCommands: context.invocation.globals.verbosity == .verbose,
                    title: title, folding: true) + "\n")
        } propose: { proposal throws(DeployError) in
            try PlanReport(context: context).print(proposal, title: title)
        }
        guard result.exitCode != .done else { return }
        throw DeployError(
            result.exitCode, what: "\(name) was not brought up", why: "its run did not come to its end",
            next: "deployctl history \(name)")
    }

    private func absolute(_ path: String) -> String {
        ProjectFolder.normal(path.begins(with: "/") ? path : "\(context.workingFolder)/\(path)")
    }

    private func places(_ answer: Answer) -> [String] {
        answer.environments.map { place in
            let data = place.backup.map { ", data of backup \($0)" } ?? ""
            let stopped = place.serves ? "" : "; it was stopped, and stays so"
            return "\(place.name): release \(place.release)\(data)\(stopped)"
        }
    }

    private func text(_ lines: [String]) -> String { lines.map { InertText.line($0) + "\n" }.joined() }
}
