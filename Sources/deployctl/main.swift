import DeployAdapters
import DeployCLI
import DeployCore
import FoundationEssentials
import Glibc

// What this process and its children make is for their user alone.
umask(0o077)

let cli = CLI(
    streams: .system(), variables: ProcessInfo.processInfo.environment,
    workingFolder: FileManager.default.currentDirectoryPath, sqliteVersion: SQLiteStateStore.libraryVersion
) { project in
    let signals = SignalWatcher()
    let commands = ProcessCommandRunner(interruption: signals)
    return Ports(
        commands: commands, processes: LinuxProcessTable(), files: LocalFileStore(),
        clock: SystemClock(interruption: signals), interruption: signals,
        state: SQLiteStateStore(path: Layout.state(project)),
        secrets: LocalSecretStore(project: project, commands: commands),
        prompter: TerminalPrompter(interruption: signals), databases: ApplicationDatabases())
}
exit(cli.run(Array(CommandLine.arguments.dropFirst())).rawValue)
