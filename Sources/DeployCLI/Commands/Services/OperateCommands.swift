import DeployCore

extension Verb {
    static let start = Verb(
        "start", .operate, operands: [.environment, .service.optional],
        summary: "Start the current release's services",
        paragraph:
            "Starts one service or all of them without changing the release, and waits until they are healthy.",
        examples: ["deployctl start staging", "deployctl start production backend"],
        flags: [.environment], dryRun: true, exits: .changing,
        body: .inProject(OperateCommands.start))

    static let stop = Verb(
        "stop", .operate, operands: [.environment, .service.optional], summary: "Stop services",
        paragraph:
            "Stops one service or all of them without changing the release. What data services keep stays.",
        examples: ["deployctl stop staging", "deployctl stop staging backend"],
        flags: [.environment], dryRun: true, exits: .changing,
        body: .inProject(OperateCommands.stop))

    static let restart = Verb(
        "restart", .operate, operands: [.environment, .service.optional], summary: "Restart services",
        paragraph: "Stops and starts one service or all of them without changing the release.",
        examples: ["deployctl restart staging", "deployctl restart production backend"],
        flags: [.environment], dryRun: true, exits: .changing,
        body: .inProject(OperateCommands.restart))
}

/// `start`, `stop`, `restart` and `backup create`.
struct OperateCommands: ProjectCommand {
    let context: CommandContext

    private var name: String { context.invocation.environment ?? "" }

    func start() throws(DeployError) -> ExitCode { try operate(.start) }
    func stop() throws(DeployError) -> ExitCode { try operate(.stop) }
    func restart() throws(DeployError) -> ExitCode { try operate(.restart) }
    func backUp() throws(DeployError) -> ExitCode { try operate(.backUp) }

    private func operate(_ kind: Operation.Kind) throws(DeployError) -> ExitCode {
        let operation = context.deployer.operation(kind, of: name, service: context.invocation.service)
        guard context.invocation.globals.dryRun else {
            return try RunReport(context: context).finish(try operation.carryOut())
        }
        let proposal = try operation.preview()
        return try PlanReport(context: context).finish(
            proposal, title: "\(proposal.draft.kind.rawValue) \(name)")
    }
}
