import DeployAdapters
import DeployCore
import FoundationEssentials
import Glibc

// Temporary driver.
let arguments = Array(CommandLine.arguments.dropFirst())
let project = FileManager.default.currentDirectoryPath
let signals = SignalWatcher()
let commands = ProcessCommandRunner(interruption: signals)
let ports = Ports(
    commands: commands, processes: LinuxProcessTable(), files: LocalFileStore(), clock: SystemClock(interruption: signals),
    interruption: signals, state: SQLiteStateStore(path: Layout.state(project)),
    secrets: LocalSecretStore(project: project, commands: commands), prompter: TerminalPrompter(interruption: signals),
    database: SQLiteApplicationDatabase())
let deployer = Deployer(
    ports: ports, project: project, definitions: DefinitionLoader(files: ports.files, folder: "environments"),
    origin: Origin(performer: "me", trigger: "terminal")) { event in
        switch event {
        case .finished(let p, let t, let n, let s): print(p + 1, t, "-", n, Int(s * 1000), "ms")
        case .failed(let p, let t, let e, _): print(p + 1, t, "FAILED", e.what, e.why)
        case .undone(let p, let t): print("undone", p + 1, t)
        case .warned(let t): print("!", t)
        case .ended(let o, let s): print(o, s)
        default: break
        }
    }
do {
    let show: (Proposal) -> Void = { proposal in
        for gate in proposal.gates { print(gate.id, gate.verdict.kind, gate.verdict.measured) }
        for notice in proposal.notices { print("*", notice) }
        for (n, t) in proposal.draft.plan(named: PlanNames(deployment: Timestamp(Date()), backup: Timestamp(Date()), retired: Timestamp(Date()))).titles.enumerated() { print("  ", n + 1, t) }
    }
    let result: Deployer.Result
    switch arguments.first {
    case "staging": result = try deployer.staging(reference: "HEAD")
    case "production": result = try deployer.promote(release: nil, confirm: arguments.dropFirst().first, show: show)
    case "rollback": result = try deployer.rollback("production", .init(target: arguments[1], scope: .codeAndData, skipsSafetyBackup: false), confirm: "CONFIRM", show: show)
    case "stop": result = try deployer.operate(.stop, arguments[1], service: nil)
    case "start": result = try deployer.operate(.start, arguments[1], service: nil)
    case "restart": result = try deployer.operate(.restart, arguments[1], service: nil)
    default: exit(2)
    }
    print(result)
} catch {
    print(error)
    exit((error as? DeployError)?.code.rawValue ?? 1)
}
