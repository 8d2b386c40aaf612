import FoundationEssentials

/// A runtime that starts app services only: where data services are reached is the definition's word.
protocol LeavesDataToOthers: DataRuntime {}

extension LeavesDataToOthers {
    private var nothing: String { "there are none" }

    var runsData: Bool { false }
    func startData(_ release: Timestamp, applying: Bool, in context: StepContext) throws(DeployError)
        -> String
    { nothing }
    func hasDescribedData(at site: Site) -> Bool { false }
    func dataLosses(at site: Site) -> [String] { [] }
    func lostData(at site: Site) -> DeployError? { nil }
    func dataStands(in context: StepContext) -> Bool { true }
    func upholdData(in context: StepContext) throws(DeployError) -> Bool { false }
    func undoStartData(in context: StepContext) throws(DeployError) {}
    func stopData(in context: StepContext) throws(DeployError) -> String { nothing }
    func resumeData(in context: StepContext) throws(DeployError) {}
    func console(_ program: Command, inData service: Service, of site: Site, onTerminal: Bool)
        throws(DeployError) -> CommandRequest?
    { nil }
}

/// A runtime without jobs; a definition that has one is refused before.
protocol HasNoJobs: ReleaseRuntime {}

extension HasNoJobs {
    func runJobs(
        for release: Timestamp, on database: DatabaseLocation?, within deadline: Duration,
        in context: StepContext
    ) throws(DeployError) {}
}

/// A runtime that makes nothing beside the files of a release, and whose commands die with the run.
protocol BuildsNothing: ReleaseRuntime {}

extension BuildsNothing {
    func build(_ release: Timestamp, in folder: String, _ context: StepContext) throws(DeployError) {}
    func check(_ release: Timestamp, in context: StepContext) throws(DeployError) {}
    func losses(among releases: [Timestamp], at site: Site) -> [Timestamp: String] { [:] }
    func prune(_ release: Timestamp, of site: Site) throws(DeployError) {}
    func endCommands(in context: StepContext) throws(DeployError) {}
}

/// A runtime whose services are plain processes: they share the machine's network, write their own logs, and need no
/// program but their own.
protocol SharesTheMachine: RuntimeInspection {}

extension SharesTheMachine {
    var isolates: Bool { false }
    func objectionToCommit(at site: Site) -> CommitObjection? { nil }
    func catchUpLogs(of site: Site) {}
    func refuseOthers(at site: Site) throws(DeployError) {}
    func refuseUnkeptLimits(at site: Site) throws(DeployError) { try site.refuseUnkeptLimits() }
    func drift(of site: Site, serving: Serving?) -> [String] { [] }
    func strays(of services: [RunningService], in release: Timestamp, at site: Site) -> [Stray] {
        ReleaseStrays(site: site).found(in: release)
    }
    func care(of services: [RunningService], at now: Date, on ports: Ports) -> [String: ServiceCare] { [:] }
    func findings(_ commands: any CommandRunner) -> [Finding] { [] }
    func silence(at site: Site) -> DeployError? { nil }
    func published(_ ports: Set<Int>, at site: Site) -> [Int: PublishedPort] { [:] }
    func missingFromKit(of environment: Environment) -> String? { nil }
    func places(of site: Site) throws(DeployError) -> [ServicePlace] { [] }
    func command(_ command: Command, inside place: ServicePlace) -> Command { command }
}
