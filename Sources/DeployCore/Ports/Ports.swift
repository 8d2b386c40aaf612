/// Everything the core may touch; built once, by `main`, or by a test.
public struct Ports: Sendable {
    public var commands: any CommandRunner
    public var processes: any ProcessTable
    public var groups: any ResourceGroups
    public var witness: any Witness
    public var files: any FileStore
    public var clock: any WallClock
    public var interruption: any Interruption
    public var state: any StateStore
    public var secrets: any SecretStore
    public var prompter: any Prompter
    /// The engines of the application's databases.
    public var databases: any DatabaseEngines
    public var rooms: any WaitingRooms

    public init(
        commands: any CommandRunner, processes: any ProcessTable, groups: any ResourceGroups,
        witness: any Witness, files: any FileStore, clock: any WallClock, interruption: any Interruption,
        state: any StateStore, secrets: any SecretStore,
        prompter: any Prompter, databases: any DatabaseEngines, rooms: any WaitingRooms
    ) {
        self.commands = commands
        self.processes = processes
        self.groups = groups
        self.witness = witness
        self.files = files
        self.clock = clock
        self.interruption = interruption
        self.state = state
        self.secrets = secrets
        self.prompter = prompter
        self.databases = databases
        self.rooms = rooms
    }
}
