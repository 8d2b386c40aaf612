import FoundationEssentials

/// One way of running an environment's services.
///
/// Everything that differs between the ways is asked here and nowhere else. A runtime is a value without state: what a
/// question is about comes with it. `ServiceRuntimes` chooses.
protocol ServiceRuntime: InstanceRuntime, DataRuntime, ReleaseRuntime, RuntimeInspection, RuntimePrograms {}

/// Starts and ends the app services of an instance.
protocol InstanceRuntime: Sendable {
    /// Whether services end by programs, which a signal to this process reaches too.
    var endsByPrograms: Bool { get }

    /// Whether this runtime started a service with this body.
    func owns(_ body: ServiceBody) -> Bool

    /// Starts services; `record` gets each as soon as it could outlive this process.
    func start(
        _ services: [Service], of instance: Instance, in context: StepContext,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError)

    /// Starts one service again, at the address its front knows.
    func restart(
        _ service: Service, of instance: Instance, as before: RunningService, in context: StepContext
    ) throws(DeployError) -> RunningService

    /// Asks services to end, or ends them at once; those that ended already are ignored.
    func end(_ services: [RunningService], politely: Bool, on ports: Ports)

    /// Ends what belongs to this instance and carries no mark of its processes; true when nothing is left.
    func sweep(_ id: String, in context: StepContext) throws(DeployError) -> Bool

    /// Which of these run now, by name; one question to the machine, however many there are.
    func running(_ services: [RunningService], on ports: Ports) -> Set<String>

    /// The same, with whether it could be asked at all.
    func sighting(of services: [RunningService], on ports: Ports) -> Sighting

    /// How long to wait between two looks while a new release is watched.
    var pauses: (first: Duration, most: Duration) { get }

    /// Those that ended and that nothing but deployctl starts again.
    func fallen(_ services: [RunningService], on ports: Ports) -> [RunningService]

    /// Has what runs these services start them again when they end, where something else than deployctl does that.
    func entrust(_ services: [RunningService], on ports: Ports) throws(DeployError)

    /// The processes of this machine that lead what was started.
    func leaders(of services: [RunningService]) -> [ProcessIdentity]

    /// The life a service is in now; nil when it has ended.
    func life(of service: RunningService, on ports: Ports) -> ServiceLife?

    /// How a service ended; nil when nobody saw it.
    func ending(of service: RunningService, on ports: Ports) -> ProcessEnding?

    /// Whether a process of the service was killed because there was no memory left for it.
    func lackedMemory(_ service: RunningService, on ports: Ports) -> Bool

    /// What services take and may take, by name; those that nothing limits are missing.
    func uses(of services: [RunningService], on ports: Ports) -> [String: ResourceUse]

    /// Where the service listens for TCP on this machine, as `127.0.0.1:8080`; nil when that is not known.
    func listeners(of service: RunningService, on ports: Ports) -> [String]?

    /// Why what listens on this port of the machine cannot be the service; nil when it may be.
    func stranger(onPort port: Int, insteadOf service: RunningService, on ports: Ports) -> String?

    /// A program where the service runs, with what the service knows; nil when it does not run.
    ///
    /// `context`: that of the run which started the instance, secrets included, for who needs them.
    func console(
        _ program: Command, in service: RunningService, of instance: Instance, on ports: Ports,
        onTerminal: Bool, context: () throws(DeployError) -> StepContext
    ) throws(DeployError) -> CommandRequest?
}

/// Which services run, as far as somebody could tell.
struct Sighting: Hashable {
    /// By name.
    var running: Set<String>
    /// Why nobody can tell of some that are not among them; nil where it can be told.
    var silence: String?
}

extension InstanceRuntime {
    func sighting(of services: [RunningService], on ports: Ports) -> Sighting {
        Sighting(running: running(services, on: ports))
    }

    var pauses: (first: Duration, most: Duration) { (.milliseconds(250), .milliseconds(250)) }
}

/// One life of a service: an answer counts only when it comes from the life that was started.
struct ServiceLife: Hashable {
    /// Differs from that of an earlier life of the same service.
    var identity: String
    /// What the service's own health check says; nil when it is well or has none.
    var complaint: String?
    /// Whether that check has come to the end that it is not well, and does not only go on.
    var isSick = false
    /// How many answer at its address, one after the other.
    var copies = 1
}

/// Runs the services that outlive releases, with the network and the volumes they need.
protocol DataRuntime: Sendable {
    /// Whether there is anything of that; otherwise the definition only says where such services are reached.
    var runsData: Bool { get }

    /// Whether the environment's network is one of several machines.
    var spansMachines: Bool { get }

    /// Makes what is missing and starts what does not run.
    ///
    /// `applying`: a release that describes them differently changes them; otherwise they run as they were.
    func startData(_ release: Timestamp, applying: Bool, in context: StepContext) throws(DeployError)
        -> String

    /// - Throws: `.invalidDefinition` where a release describes them as this runtime cannot run them.
    func checkData(_ unit: ComposeUnit, in context: StepContext) throws(DeployError)

    /// Whether a deployment has described them ever; false where there are none.
    func hasDescribedData(at site: Site) -> Bool

    /// Whether they run, and what they are to stand on is there.
    func dataStands(in context: StepContext) -> Bool

    /// Starts those that ended while a run was under way, so that it can be taken back; false: they run.
    ///
    /// Where the database's volume is gone, an empty one stands in for it until the description is put back.
    func upholdData(in context: StepContext) throws(DeployError) -> Bool

    /// Which of them do not run well, and what of their data is gone, in words.
    func dataLosses(at site: Site) -> [String]

    /// That what they keep their data in is gone, with what brings it back; nil where nothing is known to be missing.
    func lostData(at site: Site) -> DeployError?

    /// Puts back the description this deployment replaced.
    func undoStartData(in context: StepContext) throws(DeployError)

    /// Ends them; what they keep stays.
    func stopData(in context: StepContext) throws(DeployError) -> String

    /// Starts them as they were described last.
    func resumeData(in context: StepContext) throws(DeployError)

    /// A program in a data service; nil when the service does not run.
    func console(_ program: Command, inData service: Service, of site: Site, onTerminal: Bool)
        throws(DeployError) -> CommandRequest?
}

extension DataRuntime {
    var spansMachines: Bool { false }
    func checkData(_ unit: ComposeUnit, in context: StepContext) throws(DeployError) {}
}

/// Makes what is started from a release, beside the files of its folder, and runs commands in it.
protocol ReleaseRuntime: Sendable {
    /// Completes the release folder being made.
    func build(_ release: Timestamp, in folder: String, _ context: StepContext) throws(DeployError)

    /// - Throws: `.gateRefused` when what was built beside the folder is gone or is not there.
    func check(_ release: Timestamp, in context: StepContext) throws(DeployError)

    /// Why these releases, whose folders are there, could not be started, in words; one question to the machine.
    ///
    /// One of which nobody can tell is not among them.
    func losses(among releases: [Timestamp], at site: Site) -> [Timestamp: String]

    /// Removes what was built beside the folder, unless another environment keeps the release.
    func prune(_ release: Timestamp, of site: Site) throws(DeployError)

    /// Runs the project's own commands, one after the other, each within `deadline`.
    func run(
        _ commands: [Command], for release: Timestamp, on database: DatabaseLocation?,
        within deadline: Duration, because what: String, in context: StepContext
    ) throws(DeployError)

    /// Runs the definition's jobs, one after the other, each within `deadline`.
    func runJobs(
        for release: Timestamp, on database: DatabaseLocation?, within deadline: Duration,
        in context: StepContext
    ) throws(DeployError)

    /// Ends commands and jobs that an interrupted run left behind.
    func endCommands(in context: StepContext) throws(DeployError)
}

/// Says how things are, for `status`, `logs` and `doctor`.
protocol RuntimeInspection: Sendable {
    /// Whether services have networks of their own, which those of other environments must not enter.
    var isolates: Bool { get }

    /// What keeps a release of the newest commit from being made; nil where that cannot be said before.
    func objectionToCommit(at site: Site) -> CommitObjection?

    /// Keeps what services print, also of those that nobody followed.
    func catchUpLogs(of site: Site)

    /// - Throws: `.invalidDefinition` when what runs under the environment's name belongs to another copy of the project.
    func refuseOthers(at site: Site) throws(DeployError)

    /// - Throws: `.invalidDefinition` where this machine cannot keep the limits that are set.
    func refuseUnkeptLimits(at site: Site) throws(DeployError)

    /// What differs from what should be there, in words.
    func drift(of site: Site, serving: Serving?) -> [String]

    /// What services of this release keep where only they have it.
    func strays(of services: [RunningService], in release: Timestamp, at site: Site) -> [Stray]
    /// What befell these services, by name, as far as something else than deployctl starts them again and counts.
    func care(of services: [RunningService], at now: Date, on ports: Ports) -> [String: ServiceCare]

    /// Why nobody can tell now what runs there; nil where it can be told.
    func silence(at site: Site) -> DeployError?

    /// Who holds these ports of the machine, where that is not a program of it; by port.
    func published(_ ports: Set<Int>, at site: Site) -> [Int: PublishedPort]

    /// Which part of what is deployed stays behind when a kit is carried away, in words; nil where none does.
    func missingFromKit(of environment: Environment) -> String?

    /// What the machine must have to run services this way.
    func findings(_ commands: any CommandRunner) -> [Finding]

    /// Where each running service can be reached; only where the runtime isolates.
    func places(of site: Site) throws(DeployError) -> [ServicePlace]

    /// The command as it is run inside one of these places.
    func command(_ command: Command, inside place: ServicePlace) -> Command
}

/// Where a running service can be reached, as the machine says.
struct ServicePlace: Hashable, Sendable {
    var id: String
    var name: String
    /// Whether it outlives releases.
    var isData: Bool
    var addresses: [String]
    /// Names and addresses by which it reaches the machine it runs on.
    var gateways: [String]
    /// The ports it listens on, at its own addresses.
    var innerPorts: [Int]
    /// The ports of the machine that lead to it.
    var publishedPorts: [Int]
}

/// Who holds a port of the machine.
struct PublishedPort: Hashable, Sendable {
    /// As messages say it.
    var name: String
    /// Whether it belongs to the environment.
    var isOwn: Bool
}

/// Says which programs it starts, so that a plan can print them; a step may start no others.
protocol RuntimePrograms: Sendable {
    /// What is started for some work, in the order of it.
    func programs(for work: RuntimeWork, in layout: Layout) -> [ProgramCall]

    /// Where a service of an instance that is yet to be started will be asked; nil when it does not listen.
    func place(of service: Service, of instance: String, in layout: Layout) -> CurlCommands.Place?
}

/// What a step has a runtime do.
enum RuntimeWork {
    /// `build` in a folder that becomes a release.
    case build(folder: String)
    case check
    case prune
    case run([Command], Timestamp)
    case runJobs(Timestamp)
    case start(instance: String, Timestamp)
    case restart(Service, instance: String)
    /// `running`: whether services still run.
    case watch
    /// `life` and `stranger`: how a service is.
    case examine
    case end
    case sweep(instance: String)
    case startData(Timestamp, applying: Bool)
    case stopData
}
