import FoundationEssentials

/// What a step may use: the ports, the plan it belongs to, and a line of progress.
struct StepContext: Sendable {
    let site: Site
    let plan: Plan
    let origin: Origin
    /// Values by name; for the children that need them and nobody else.
    let secrets: [String: String]
    /// Whether it goes on with a run that was interrupted.
    let isResumed: Bool
    /// Says something while the step runs.
    let note: @Sendable (String) -> Void
    /// What it finds out for programs.
    let findings = StepFindings()
    /// What earlier steps of the same run found out.
    let run: RunFindings

    /// `calls`: the programs the step may start; nil for any, as where it is taken back.
    init(
        _ workspace: Workspace, plan: Plan, origin: Origin, starting calls: [ProgramCall]? = nil,
        secrets: [String: String] = [:], isResumed: Bool = false,
        run: RunFindings = RunFindings(),
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let ports = calls.map(workspace.ports.starting) ?? workspace.ports
        site = Workspace(ports: ports, project: workspace.project).site(plan.environment)
        self.plan = plan
        self.origin = origin
        self.secrets = secrets
        self.isResumed = isResumed
        self.run = run
        self.note = note
    }

    var ports: Ports { site.ports }
    var layout: Layout { site.layout }
    var environment: Environment { plan.environment }

    /// What an application may know.
    var applicationSecrets: [String: String] {
        secrets.filter {
            $0.key != Environment.DatabaseSecret.admin && $0.key != Environment.FrontSecret.password
                && !Environment.isLinkedFile($0.key)
        }
    }

    /// Says what a program printed.
    func note(outputOf result: CommandResult) {
        for line in CommandResult.repeatable(result.output + result.errors) { note(String(line)) }
    }

    /// The engine of the environment's database.
    var database: any ApplicationDatabase { site.database }

    /// - Throws: the signal's exit code when the person or the system asked to stop.
    func checkInterruption() throws(DeployError) {
        guard let code = ports.interruption.requested() else { return }
        throw DeployError(
            code, what: "The run was asked to stop", why: code.meaning, next: "deployctl status")
    }

    /// Where a service of this run writes; what a rehearsal says stays out of the log the gates read.
    func serviceLog(_ service: String) -> String {
        plan.kind == .rehearsal
            ? "\(layout.toolLogs)/\(plan.timestamp)-\(service).log" : layout.serviceLog(service)
    }

    /// Whether services hold the public ports themselves; what is only rehearsed never does.
    var takesPublicPorts: Bool {
        environment.runtime.strategy == .recreate && plan.kind != .rehearsal
    }

    /// A moment at which nothing was started yet that had started by `start`, in whole seconds, as logs are read.
    func began(before start: Date) -> Date {
        let run = plan.timestamp.date
        return Date(timeIntervalSince1970: min(run, start).timeIntervalSince1970.rounded(.down) - 1)
    }

    /// What to do about a release that does not get or stay healthy: nobody can mend one that is gone back to.
    var wayOutOfSickness: String {
        let name = environment.name
        return switch plan.kind {
        case .rollback: "deployctl rollback --environment \(name), for another release"
        case .restore: "deployctl backup list \(name), for another backup"
        case .start, .restart:
            "deployctl doctor; or deployctl rollback --environment \(name), for another release"
        default: "fix the release, then run deployctl staging"
        }
    }

    /// Polls `condition` until it holds; false at the deadline.
    ///
    /// Pauses begin at `first` and double up to `pause`, so that what is quick is seen quickly.
    func wait(
        upTo deadline: Duration, every pause: Duration = .milliseconds(20), from first: Duration? = nil,
        stoppable: Bool = true,
        until condition: () throws(DeployError) -> Bool
    ) throws(DeployError) -> Bool {
        var end = Deadline(in: deadline, at: ports.clock.now())
        var next = first ?? pause
        while true {
            if try condition() { return true }
            if stoppable { try checkInterruption() }
            if end.hasPassed(at: ports.clock.now()) { return false }
            ports.clock.sleep(for: next)
            next = min(next * 2, pause)
        }
    }

    /// Runs a program whose failure fails the step.
    @discardableResult
    func run(_ request: CommandRequest, failing code: ExitCode = .stepFailed, because what: String)
        throws(DeployError)
        -> CommandResult
    {
        let result = ports.commands.run(request)
        guard !result.succeeded else { return result }
        try checkInterruption()
        throw DeployError(
            code, what: what, why: "\(request.command) \(result.explanation)",
            next: "fix the cause, then run the same command again")
    }
}
