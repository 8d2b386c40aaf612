import DeployCore
import Synchronization

/// Finds out where an environment's database clients run and which of them are there; asks once.
public final class ServerClients: Sendable {
    private let layout: Layout
    private let commands: any CommandRunner
    private let found = Mutex<ClientLocation?>(nil)
    private let programs = Mutex<[String: Bool]>([:])

    public init(layout: Layout, commands: any CommandRunner) {
        self.layout = layout
        self.commands = commands
    }

    /// - Throws: `.stepFailed` when the container of the database's service does not run.
    public func location() throws(DeployError) -> ClientLocation {
        if let known = found.withLock({ $0 }) { return known }
        let location = try find()
        found.withLock { $0 = location }
        return location
    }

    /// The first of these programs that is there.
    public func first(of candidates: [String]) throws(DeployError) -> String {
        let location = try location()
        for candidate in candidates where has(candidate, at: location) { return candidate }
        throw DeployError(
            .stepFailed, what: "No database client is there",
            why: "\(candidates.joined(separator: " or ")) is not installed\(location.words)",
            next: location.isMachine
                ? "apt-get install mariadb-client, then run the same command again; deployctl doctor lists what else is missing"
                : "use an image that has it")
    }

    /// Whether the server has never been anywhere: neither a container of it nor a volume of its environment is known.
    ///
    /// An engine that does not answer leaves it open, which is no.
    var neverStarted: Bool {
        guard (try? location()) == nil, layout.environment.database?.service != nil else { return false }
        let questions = [
            Command("docker", ["ps", "--all", "--quiet"] + containers),
            Command(
                "docker",
                ["volume", "ls", "--quiet"]
                    + ContainerLabels.filters(ContainerLabels.of(layout.environment))),
        ]
        return commands.runTogether(questions.map { CommandRequest($0) }).allSatisfy {
            $0.succeeded && $0.output.isBlank
        }
    }

    /// Arguments that make the engine list only the server's containers.
    private var containers: [String] {
        let service = [ContainerLabels.service: layout.environment.database?.service ?? ""]
        return ContainerLabels.filters(ContainerLabels.of(layout.environment).merging(service) { $1 })
    }

    private func has(_ program: String, at location: ClientLocation) -> Bool {
        if let known = programs.withLock({ $0[program] }) { return known }
        let there =
            switch location {
            case .machine: commands.has(program)
            case .container:
                commands.run(location.place(CommandRequest(Command(program, ["--version"])))).succeeded
            }
        programs.withLock { $0[program] = there }
        return there
    }

    private static func count(_ running: Int) -> String {
        running == 0 ? "its container does not run" : "\(running) containers of it run"
    }

    private func find() throws(DeployError) -> ClientLocation {
        let environment = layout.environment
        guard let service = environment.database?.service else {
            return .machine(
                host: environment.database?.host ?? "127.0.0.1", port: environment.databasePort ?? 0)
        }
        let result = commands.run(
            CommandRequest(Command("docker", ["ps", "--format", "{{.Names}}"] + containers)))
        let names = result.output.lines
        guard result.succeeded, names.count == 1, let name = names.first else {
            throw DeployError(
                .stepFailed, what: "The database's service \(service) cannot be reached",
                why: result.succeeded ? Self.count(names.count) : result.complaint,
                next: result.succeeded && names.isEmpty
                    ? "deployctl start \(environment.name)" : "deployctl doctor")
        }
        return .container(String(name))
    }
}

extension ClientLocation {
    fileprivate var isMachine: Bool { if case .machine = self { true } else { false } }

    fileprivate var words: String {
        if case .container(let name) = self { " in container \(name)" } else { "" }
    }
}
