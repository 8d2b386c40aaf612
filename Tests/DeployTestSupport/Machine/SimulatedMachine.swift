import Foundation

@testable import DeployCore

/// A whole machine in memory: files, processes, programs, a database, the tool's state.
///
/// Each `ports()` is another run of the tool on it, with a life of its own.
public final class SimulatedMachine: @unchecked Sendable {
    public let project = "/srv/shop"
    public let files = MemoryFileStore()
    public let processes = FakeProcessTable()
    public let groups = FakeResourceGroups()
    public let programs: SimulatedPrograms
    public let database: FakeApplicationDatabase
    public let clock = FakeClock()
    public let interruption = FakeInterruption()
    public let state = MemoryStateStore()
    public var secrets = FixedSecrets()
    public var prompter = ScriptedPrompter()
    private let guarded = NSLock()
    private var heard: [String] = []
    private var position: Int?
    private var begun: [BegunProgram] = []

    /// A program that was started, and the position of the plan's step that did it, from 1; nil outside of any.
    public struct BegunProgram: Sendable {
        public let position: Int?
        public let command: Command
    }

    /// A run is over when its outcome is written; this many changes anchor that, and put it on record beside the state.
    public static let changesAfterOutcome = 3

    public init() {
        programs = SimulatedPrograms(files: files, processes: processes)
        database = FakeApplicationDatabase(files: files)
        programs.hear { [weak self] in self?.begin($0) }
        processes.hear { [weak self] in self?.begin($0) }
        for folder in ["\(project)/.deployctl", "\(project)/backups"] { try? files.makeFolder(folder) }
    }

    public func ports(_ life: Life = Life()) -> Ports {
        let mortal = MortalFileStore(base: files, life: life)
        return Ports(
            commands: MortalCommands(base: programs, life: life),
            processes: MortalProcessTable(base: processes, life: life), groups: groups,
            witness: FakeWitness(),
            files: mortal, clock: clock, interruption: interruption,
            state: MortalStateStore(base: MemoryStateStore(sharing: state), life: life) { [weak self] in
                self?.note($0)
            },
            secrets: secrets, prompter: prompter,
            databases: FakeDatabaseEngines(
                FakeApplicationDatabase(files: mortal, clock: clock, log: database.log)),
            rooms: NoWaitingRooms())
    }

    public func workspace(_ life: Life = Life()) -> Workspace {
        Workspace(ports: ports(life), project: project)
    }

    public func deployer(_ life: Life = Life()) -> Deployer {
        Deployer(
            workspace(life),
            definitions: DefinitionLoader(files: files, folder: "\(project)/environments"),
            origin: Sample.origin
        ) { [weak self] event in self?.note(event) }
    }

    /// Journal writes and told events, in the order they happened.
    public var journal: [String] { guarded.withLock { heard } }
    public func forget() { guarded.withLock { heard = [] } }

    /// Every program since the machine was made, services included.
    public var begunPrograms: [BegunProgram] { guarded.withLock { begun } }

    private func begin(_ command: Command) {
        guarded.withLock { begun.append(BegunProgram(position: position, command: command)) }
    }

    private func note(_ line: String) { guarded.withLock { heard.append(line) } }

    private func note(_ event: RunEvent) {
        if case .started(let now, _) = event { guarded.withLock { position = now } }
        if case .ended = event { guarded.withLock { position = nil } }
        switch event {
        case .started(let position, _): note("told \(position) started")
        case .finished(let position, _, _, _): note("told \(position) finished")
        case .failed(let position, _, _, _): note("told \(position) failed")
        case .undone(let position, _): note("told \(position) undone")
        default: break
        }
    }

    /// Everything that matters afterwards: files with their content, links, and what runs.
    ///
    /// Left out are logs, locks and what each run leaves of itself; of records that hold process numbers or moments only the name counts.
    public var world: [String] {
        let quiet = ["/instance.json", "/nginx.pid", "/manifest.json"]
        let kept = files.listing.filter {
            !$0.contains("/logs") && !$0.hasSuffix("/lock") && !$0.hasSuffix("/audit.log")
                && !$0.hasSuffix("/audit.key")
                && !$0.contains("/scratch") && !$0.contains("/records/")
        }
        let entries = kept.map { path -> String in
            if let target = files.linkTarget(path) { return "\(path) -> \(target)" }
            guard !path.hasSuffix("/"), !quiet.contains(where: path.hasSuffix),
                let data = try? files.read(path)
            else {
                return path
            }
            return "\(path) = \(Self.withoutPorts(String(decoding: data, as: UTF8.self)))"
        }
        return entries + processes.running.map { "runs \($0.program) of \($0.marker)" }.sorted()
    }

    /// Each start has another port.
    private static func withoutPorts(_ text: String) -> String {
        text.replacing(/127\.0\.0\.1:\d+/, with: "127.0.0.1:PORT")
    }
}
