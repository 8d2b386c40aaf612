import FoundationEssentials

/// Asks a manager of the swarm, which is this machine's engine, and gives it the few orders that need no file.
struct Swarm {
    let commands: any CommandRunner

    /// The services with these labels.
    ///
    /// - Throws: `.stepFailed` when the manager does not answer; what cannot be asked is not known to be gone.
    func services(_ labels: [String: String]) throws(DeployError) -> [SwarmService] {
        try inspect(answer(SwarmCommands.list(labels)).output.lines.map(String.init))
    }

    /// Those of these ids that exist.
    func inspect(_ ids: [String]) throws(DeployError) -> [SwarmService] {
        try existing(ids, SwarmCommands.inspect)
    }

    /// What became of each copy of these services lately; of those that exist.
    func tasks(of ids: [String]) throws(DeployError) -> [SwarmCopy] { try existing(ids, SwarmCommands.tasks) }

    /// Services as they are to be and as they are; of those that exist.
    func looks(at ids: [String]) throws(DeployError) -> [SwarmLook] {
        let services = try inspect(ids)
        let tasks = try tasks(of: services.map(\.id))
        return services.map { service in
            SwarmLook(service: service, tasks: tasks.filter { $0.belongs(to: service) })
        }
    }

    func nodes() throws(DeployError) -> [SwarmNode] { try values(answer(SwarmCommands.nodes)) }

    /// What is left of what has these labels, also where its service is gone; a machine that is lost cannot be asked.
    func remains(_ labels: [String: String]) throws(DeployError) -> [SwarmCopy] {
        let nodes = try nodes()
        let lost = Set(nodes.filter { !$0.isReady }.map(\.name))
        let tasks: [SwarmCopy] = try values(answer(SwarmCommands.tasks(labels, on: nodes.map(\.id))))
        return tasks.filter { $0.isThere && !lost.contains($0.node) }
    }

    func membership() throws(DeployError) -> SwarmMembership {
        let said = try answer(SwarmCommands.membership)
        return try JSON.value(
            SwarmMembership.self, from: Data(said.output.utf8), named: "The engine's answer")
    }

    /// - Throws: `.gateRefused` where this machine's engine manages no swarm.
    func require() throws(DeployError) {
        let membership = try membership()
        guard !membership.manages || !membership.error.isEmpty else { return }
        throw DeployError(
            .gateRefused, what: "This machine's engine manages no swarm",
            why: membership.error.isEmpty
                ? "it says that its swarm is \(membership.state), and that others manage it, if anybody does"
                : String(membership.error.firstLine),
            next: "run deployctl on a manager, or: docker swarm init")
    }

    /// What `services` starts.
    static func programs(listing labels: [String: String]) -> [ProgramCall] {
        [SwarmCommands.list(labels)].calls
            + [SwarmCommands.inspect(["{services…}"])].calls.when("there are any")
    }

    /// What `looks` starts.
    static var programsLooking: [ProgramCall] {
        [SwarmCommands.inspect(["{services…}"]), SwarmCommands.tasks(of: ["{services…}"])].calls
    }

    /// What `remains` starts.
    static func programs(remainingOf labels: [String: String]) -> [ProgramCall] {
        [SwarmCommands.nodes, SwarmCommands.tasks(labels, on: ["{nodes…}"])].calls
    }

    private func existing<Value: Decodable>(_ ids: [String], _ question: ([String]) -> Command)
        throws(DeployError) -> [Value]
    {
        guard !ids.isEmpty else { return [] }
        let result = commands.run(Self.request(question(ids)))
        // One that was removed in between is no failure.
        guard result.succeeded || result.errors.lowered.holds("no such service") else {
            throw Self.silence(result)
        }
        return try values(result)
    }

    private func values<Value: Decodable>(_ result: CommandResult) throws(DeployError) -> [Value] {
        var values: [Value] = []
        for line in result.output.lines where line.begins(with: "{") {
            values.append(try JSON.value(Value.self, from: Data(line.utf8), named: "The engine's answer"))
        }
        return values
    }

    private func answer(_ command: Command) throws(DeployError) -> CommandResult {
        let result = commands.run(Self.request(command))
        guard result.succeeded else { throw Self.silence(result) }
        return result
    }

    private static func request(_ command: Command) -> CommandRequest {
        CommandRequest(command, deadline: .seconds(30), outputLimit: 8 << 20)
    }

    /// Also that of a manager which lost the others.
    private static func silence(_ result: CommandResult) -> DeployError {
        let engine = EngineSilence(result: result).error
        guard result.errors.holds("swarm") else { return engine }
        return DeployError(
            .stepFailed, what: "The swarm cannot be asked", why: String(result.explanation.firstLine),
            next: "run deployctl on a manager that answers: docker node ls")
    }
}

/// A service of a swarm as it is to be, and as it is.
struct SwarmLook {
    let service: SwarmService
    let tasks: [SwarmCopy]

    /// Copies that run and are to.
    var live: [SwarmCopy] { tasks.filter { $0.isWanted && $0.runs } }
    /// Whether something of it runs, wanted or not.
    var runs: Bool { tasks.contains(where: \.runs) }

    /// Why it is not as it is to be; nil where it is.
    var complaint: String? {
        let live = live
        if let other = live.first(where: { $0.image != service.image }) {
            return "\(Shown.text(other.node)) runs \(Shown.text(other.image, limit: 200))"
        }
        guard live.count < service.copies else { return nil }
        let others = tasks.filter { !$0.runs && ($0.isWanted || $0.failed) }.map(\.words)
        let seen = others.prefix(3).joined(separator: "; ")
        return "\(live.count) of \(service.copies) copies run" + (seen.isEmpty ? "" : ": \(seen)")
    }

    /// How often a copy that is not among `known` ended or was refused.
    func failures(beside known: Set<String>) -> Int {
        tasks.filter { $0.failed && !known.contains($0.id) }.count
    }

    /// Why no machine takes a copy of it; nil where one does.
    var homeless: String? {
        tasks.first { $0.isWanted && $0.state == "Pending" && $0.error.holds("no suitable node") }?.words
    }
}

extension Ports {
    /// The swarm that this machine's engine manages.
    var swarm: Swarm { Swarm(commands: commands) }
}
