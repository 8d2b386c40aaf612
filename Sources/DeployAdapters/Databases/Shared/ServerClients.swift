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
            next: "install it, then run this again")
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

    private func find() throws(DeployError) -> ClientLocation {
        let environment = layout.environment
        guard let service = environment.database?.service, environment.runtime.kind == .compose else {
            return .machine(
                host: environment.database?.host ?? "127.0.0.1", port: environment.databasePort ?? 0)
        }
        let labels = ["project": environment.project, "environment": environment.name, "service": service]
        let filters = labels.sorted { $0.key < $1.key }.flatMap {
            ["--filter", "label=deployctl.\($0.key)=\($0.value)"]
        }
        let result = commands.run(
            CommandRequest(Command("docker", ["ps", "--no-trunc", "--quiet"] + filters)))
        let ids = result.output.split(whereSeparator: \.isNewline)
        guard result.succeeded, ids.count == 1, let id = ids.first else {
            throw DeployError(
                .stepFailed, what: "The database's service \(service) cannot be reached",
                why: result.succeeded ? "\(ids.count) containers of it run" : result.complaint,
                next: "deployctl doctor \(environment.name)")
        }
        return .container(String(id))
    }
}

extension ClientLocation {
    fileprivate var words: String {
        if case .container(let id) = self { " in container \(id.prefix(12))" } else { "" }
    }
}
