import DeployAdapters
import DeployCLI
import DeployCore
import FoundationEssentials
import Glibc

EarlySignals.answer()
// What this process and its children make is for their user alone.
umask(0o077)
hideMemory()

let cli = CLI(
    streams: .system(), variables: ProcessInfo.processInfo.environment,
    workingFolder: FileManager.default.currentDirectoryPath,
    build: Build(
        commit: BuildCommit.digits, schema: SQLiteStateStore.schema, sqlite: SQLiteStateStore.libraryVersion)
) { project in
    let signals = SignalWatcher()
    let commands = ProcessCommandRunner(interruption: signals)
    let (files, secrets) = (
        LocalFileStore(interruption: signals), LocalSecretStore(project: project, commands: commands)
    )
    return Ports(
        commands: commands, processes: LinuxProcessTable(), groups: LinuxResourceGroups(),
        witness: LinuxWitness(), files: files,
        clock: SystemClock(interruption: signals), interruption: signals,
        state: SQLiteStateStore(path: Layout.state(project), backups: "\(project)/backups"),
        secrets: secrets, prompter: TerminalPrompter(interruption: signals),
        databases: ApplicationDatabases(commands: commands, secrets: secrets, files: files),
        rooms: LinuxWaitingRooms())
}
let arguments = Array(CommandLine.arguments.dropFirst())
do throws(DeployError) { try DescriptorRoom.take() } catch { exit(cli.report(error, of: arguments)) }
exit(cli.run(arguments))
