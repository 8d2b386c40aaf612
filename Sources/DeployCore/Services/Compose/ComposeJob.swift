import FoundationEssentials

/// One command of a release, or one job, in a container of its own, which ends with it.
struct ComposeJob {
    let context: StepContext

    private var layout: Layout { context.layout }
    private var environment: Environment { context.environment }
    private var folder: String { Self.folder(in: layout) }

    /// Runs commands in the first app service's image, one after the other.
    func run(
        _ commands: [Command], release: Timestamp, database: DatabaseLocation?, deadline: Duration,
        because what: String
    ) throws(DeployError) {
        guard let service = environment.appServices.first else {
            throw DeployError(
                .invalidDefinition, what: "There is no app service to run commands in",
                why: "commands of a Compose release run in the image of its first app service",
                next: "add one to \"services\" in environments/\(environment.name).json")
        }
        try run(service, commands, release: release, database: database, deadline: deadline, because: what)
    }

    /// Runs each job of the definition as the Compose file describes it, one after the other.
    func runJobs(release: Timestamp, database: DatabaseLocation?, deadline: Duration) throws(DeployError) {
        for job in environment.jobs {
            try run(
                job, [nil], release: release, database: database, deadline: deadline,
                because: "Job \(job.name) failed")
        }
    }

    /// `commands`: nil stands for the one of the Compose file.
    private func run(
        _ service: Service, _ commands: [Command?], release: Timestamp, database: DatabaseLocation?,
        deadline: Duration, because what: String
    ) throws(DeployError) {
        try context.checkInterruption()
        try end()
        let set = try ComposeRelease(context: context, release: release, database: database)
            .appDocument(instance: context.plan.timestamp.description, secrets: "\(folder)/secrets")
        let document = try set.job(service)
        try ComposeMountCheck(context: context).check(document)
        try context.ports.files.publish(JSON.data(document), to: "\(folder)/compose.json")
        for command in commands {
            context.note(command.map { "\($0)" } ?? "job \(service.name)")
            try run(command, in: service.name, within: deadline, because: what)
        }
        try end()
    }

    /// Compose's own deadline and death do not end the container; its labels find it.
    private func run(
        _ command: Command?, in service: String, within deadline: Duration, because what: String
    ) throws(DeployError) {
        let result = try ComposeTool(commands: context.ports.commands).run(
            Self.running(command, in: service, as: context.plan.timestamp.description, layout),
            deadline: deadline, diesWithParent: true)
        guard !result.succeeded else { return }
        try? end()
        try context.checkInterruption()
        throw DeployError(
            .stepFailed, what: what, why: "\(command.map { "\($0)" } ?? service) \(result.explanation)",
            next: result.engineRemedy)
    }

    /// Ends what an earlier run, or this one, left running.
    func end() throws(DeployError) {
        let engine = context.ports.engine
        _ = engine.remove(try engine.ids(Self.labels(in: layout)))
        try context.ports.files.remove(folder)
    }
}

extension ComposeJob {
    /// What `run` starts.
    static func programs(running commands: [Command], _ release: Timestamp, in layout: Layout)
        -> [ProgramCall]
    {
        let service = layout.environment.appServices.first?.name ?? ""
        return programs(commands, of: service, release, in: layout)
    }

    /// What `runJobs` starts.
    static func programs(runningJobsOf release: Timestamp, in layout: Layout) -> [ProgramCall] {
        layout.environment.jobs.flatMap { programs([nil], of: $0.name, release, in: layout) }
    }

    private static func programs(
        _ commands: [Command?], of service: String, _ release: Timestamp, in layout: Layout
    ) -> [ProgramCall] {
        let ending = ContainerEngine.programs(removing: labels(in: layout))
        return ending + ComposeRelease.programs(release, in: layout) + ComposeMountCheck.programs(in: layout)
            + commands.flatMap { ComposeTool.programs(running($0, in: service, as: "{deployment}", layout)) }
            + ending
    }

    private static func running(
        _ command: Command?, in service: String, as deployment: String, _ layout: Layout
    ) -> [String] {
        let name = "\(layout.environment.composeProject)-\(deployment)-job"
        return ComposeCommands.project(name, file: "\(folder(in: layout))/compose.json")
            + ["run", "--rm", "--no-TTY", "--no-deps", "--name", name, service] + (command?.vector ?? [])
    }

    private static func folder(in layout: Layout) -> String { "\(layout.root)/job" }

    private static func labels(in layout: Layout) -> [String: String] {
        ContainerLabels.of(layout.environment).merging([ContainerLabels.role: ContainerLabels.job]) { $1 }
    }
}
