import FoundationEssentials

/// Lets the machine keep a project's services running, from when it starts.
public struct Boot: Sendable {
    /// What starts the keeper.
    public enum Starter: String, Encodable, Sendable {
        case system = "systemd"
        case user = "systemd --user"
        case cron
        case nobody
    }

    /// How things are.
    public struct State: Sendable {
        public let starter: Starter
        /// The unit's name; nil where there is none.
        public let unit: String?
        /// Whether the keeper is started when the machine starts.
        public let startsAtBoot: Bool
        /// Which process keeps the project and since when; nil while none does.
        public let keeper: String?
        /// What a person should know or do; empty where all is well.
        public let notes: [String]

        public var isComplete: Bool { startsAtBoot && keeper != nil }
    }

    let workspace: Workspace
    let definitions: DefinitionLoader
    let program: String
    let origin: Origin

    /// `program`: absolute path of deployctl.
    public init(_ workspace: Workspace, definitions: DefinitionLoader, program: String, origin: Origin) {
        (self.workspace, self.definitions, self.program, self.origin) =
            (workspace, definitions, program, origin)
    }

    private var ports: Ports { workspace.ports }
    private var keeper: Keeper {
        Keeper(workspace, definitions: definitions, origin: origin, program: program)
    }
    private var isRoot: Bool { ports.processes.runsAsRoot }
    private var systemd: SystemdCommands { SystemdCommands(ofUser: !isRoot) }
    private var crontab: Crontab { Crontab(ports: ports, line: keeperCommand.description) }
    private var keeperCommand: Command {
        Command(program, ["--project", workspace.project, "boot", "run"])
    }
    private var account: Account? {
        ports.witness.name(of: ports.processes.user).flatMap(ports.processes.account)
    }

    /// What would be written where: the unit's path and text; nil where systemd starts nothing.
    public func unit() throws(DeployError) -> (path: String, text: String)? {
        guard hasSystemd else { return nil }
        let unit = try bootUnit()
        return (try path(of: unit), unit.text)
    }

    /// Writes what starts the keeper with the machine, starts it now, and looks whether it runs.
    ///
    /// - Throws: `.stepFailed` where it does not, `.invalidDefinition` where another project has the name, or
    ///   root would do it for another account.
    public func install() throws(DeployError) -> State {
        try EnvironmentLock(workspace).makeToolFolder()
        if let unit = try unit() {
            try refuseForeign(unit)
            try ports.files.makeFolder(Path.parent(unit.path))
            try ports.files.publish(Data(unit.text.utf8), to: unit.path)
            let name = try bootUnit().name
            try call(systemd.reload)
            try call(systemd.enable(name))
            try call(systemd.restart(name))
            if let account, !isRoot { _ = run(SystemdCommands.linger(account.name)) }
        } else {
            if crontab.isThere { try crontab.add() }
            if presence.isOutdated { try end() }
            try startDetached()
        }
        try look("The keeper does not run", "deployctl boot run") { keeper.present != nil }
        return try state()
    }

    /// Ends the keeper and takes away what starts it; services go on.
    public func remove() throws(DeployError) -> State {
        if let unit = try unit(), ports.files.kind(of: unit.path) != nil {
            try refuseForeign(unit)
            _ = run(systemd.disable(try bootUnit().name))
            try ports.files.remove(unit.path)
            try call(systemd.reload)
        }
        if crontab.isThere { try crontab.remove() }
        try end()
        try forget()
        return try state()
    }

    private func end() throws(DeployError) {
        keeper.end()
        try look("The keeper does not end", "deployctl boot status") { keeper.present == nil }
    }

    /// So that nobody misses it.
    private func forget() throws(DeployError) {
        guard presence.lost != nil else { return }
        try ports.files.lock(Layout.keeper(workspace.project))?.describe("")
    }

    private var presence: KeeperPresence { KeeperPresence(files: ports.files, project: workspace.project) }

    /// What is wrong with the keeper there is, whoever starts it.
    private func complaints() throws(DeployError) -> [String] {
        var found: [String] = []
        if presence.isOutdated {
            found.append("to keep them with this program, type: deployctl boot install")
        }
        let deployed = DeployedDefinitions(ports, written: definitions)
        let scheduled = try deployed.loadAll().filter { $0.promotion != nil && !$0.schedules.isEmpty }
        if presence.isAlone, let first = scheduled.first {
            found.append(
                "the schedules of \(first.name) are refused while nobody stands behind it: have systemd, cron or your init system start it"
            )
        }
        return found
    }

    public func state() throws(DeployError) -> State {
        let unit = try unit()
        let name = try bootUnit().name
        if let unit, ports.files.kind(of: unit.path) != nil {
            let isEnabled = run(systemd.isEnabled(name)).output.trimmed == "enabled"
            let written = try ports.files.read(unit.path).map { String(decoding: $0, as: UTF8.self) }
            var notes = try complaints()
            if written != unit.text {
                notes.append("the unit is not as this deployctl writes it; type: deployctl boot install")
            } else if !isEnabled {
                notes.append("somebody disabled the unit; type: deployctl boot install")
            }
            let stays = isRoot || account.map { lingers($0.name) } == true
            if !stays {
                notes.append(
                    "the user's manager ends with the last session; as root: loginctl enable-linger \(account?.name ?? "USER")"
                )
            }
            return State(
                starter: isRoot ? .system : .user, unit: name, startsAtBoot: isEnabled && stays,
                keeper: keeper.present, notes: notes)
        }
        let byCron = crontab.isThere && crontab.holdsLine
        let unstarted =
            byCron
            ? []
            : [
                unit == nil
                    ? "nothing starts it with the machine here; let your init system run: \(keeperCommand)"
                    : "its unit is not there; type: deployctl boot install"
            ]
        return State(
            starter: byCron ? .cron : .nobody, unit: nil, startsAtBoot: byCron, keeper: keeper.present,
            notes: try complaints() + unstarted)
    }

    private var hasSystemd: Bool {
        isRoot ? ports.files.kind(of: "/run/systemd/system") != nil : run(systemd.show).succeeded
    }

    private func lingers(_ user: String) -> Bool {
        run(SystemdCommands.lingers(user)).output.trimmed == "Linger=yes"
    }

    private func bootUnit() throws(DeployError) -> BootUnit {
        let deployed = DeployedDefinitions(ports, written: definitions)
        guard let first = try deployed.loadAll().first else {
            throw DeployError(
                .notFound, what: "There is nothing to keep running", why: "no environment is defined",
                next: "deployctl validate")
        }
        return BootUnit(
            project: first.project, folder: workspace.project, program: program, ofUser: !isRoot)
    }

    private func path(of unit: BootUnit) throws(DeployError) -> String {
        if isRoot { return "/etc/systemd/system/\(unit.name)" }
        guard let account else {
            throw DeployError(
                .stepFailed, what: "The unit cannot be written", why: "this user has no home folder",
                next: "deployctl doctor")
        }
        return unit.path(ofUserAt: account.home)
    }

    /// One name is one project's.
    private func refuseForeign(_ unit: (path: String, text: String)) throws(DeployError) {
        guard let data = try ports.files.read(unit.path) else { return }
        let lines = String(decoding: data, as: UTF8.self).lines.map(String.init)
        let keeps = try bootUnit().keeps
        guard !(lines.contains(BootUnit.mark) && lines.contains(keeps)) else { return }
        let other = lines.first { $0.begins(with: "# Keeps ") }?.dropFirst(8)
        // A project that was moved takes its unit with it.
        if lines.contains(BootUnit.mark), let other, ports.files.kind(of: "\(other)") == nil { return }
        throw DeployError(
            .invalidDefinition, what: "\(unit.path) is not of this project",
            why: other.map { "it keeps \($0) running" } ?? "deployctl did not write it",
            next: "give one of the projects another \"project\" name, or remove that file")
    }

    private func startDetached() throws(DeployError) {
        guard keeper.present == nil else { return }
        _ = try ports.processes.start(
            ServiceLaunch(
                command: keeperCommand, directory: workspace.project, environment: [:],
                log: Layout.keeperLog(workspace.project)))
    }

    private func look(_ what: String, _ next: String, until condition: () -> Bool) throws(DeployError) {
        var deadline = Deadline(in: .seconds(10), at: ports.clock.now())
        while !condition() {
            guard !deadline.hasPassed(at: ports.clock.now()) else {
                throw DeployError(.stepFailed, what: what, why: "looked for ten seconds", next: next)
            }
            ports.clock.sleep(for: .milliseconds(50))
        }
    }

    private func call(_ command: Command) throws(DeployError) {
        let result = run(command)
        guard !result.succeeded else { return }
        throw DeployError(
            .stepFailed, what: "systemd does not take the unit", why: "\(command) \(result.explanation)",
            next: "fix the cause, then run the same command again")
    }

    private func run(_ command: Command) -> CommandResult {
        var request = CommandRequest(command, deadline: .seconds(90))
        if !isRoot { request.environment["XDG_RUNTIME_DIR"] = "/run/user/\(ports.processes.user)" }
        return ports.commands.run(request)
    }
}
