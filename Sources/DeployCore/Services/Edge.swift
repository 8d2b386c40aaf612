import FoundationEssentials

/// The nginx that holds the public ports of an environment and outlives releases.
struct Edge {
    let context: StepContext

    private var folder: String { context.layout.edge }
    private var file: String { Nginx.file(in: folder) }
    private static func candidate(_ layout: Layout) -> String { "\(layout.edge)/candidate.conf" }
    private var nginx: Nginx { Nginx(context: context) }

    var running: ProcessIdentity? { nginx.master(in: folder) }

    /// What `open` starts.
    static func programs(in layout: Layout) -> [ProgramCall] {
        [NginxCommands.test(candidate(layout))].calls.when("the edge does not run with this configuration")
            + [NginxCommands.start(Nginx.file(in: layout.edge))].calls.when("the edge does not run")
    }

    /// Starts the edge, or reloads it when its configuration changed; says what it did.
    ///
    /// A refused configuration leaves the previous bytes on disk and in force.
    func open() throws(DeployError) -> String {
        try context.site.undisturbed { () throws(DeployError) in
            try keepPasswords()
            return try openUndisturbed(EdgeConfiguration(site: context.site), context.environment.edgePorts)
        }
    }

    /// The same with another configuration, which it has taken when `ports` are listened on.
    func open(_ configuration: EdgeConfiguration, until ports: [Int]) throws(DeployError) -> String {
        try context.site.undisturbed { () throws(DeployError) in try openUndisturbed(configuration, ports) }
    }

    /// Starts it again with the configuration it ran with.
    func revive() throws(DeployError) -> String {
        guard let data = try context.ports.files.read(file) else { return "nothing: it has no configuration" }
        try endOrphans()
        try startHoldingPorts(String(decoding: data, as: UTF8.self))
        return running.map { "process \($0.pid)" } ?? "a process"
    }

    private func openUndisturbed(_ configuration: EdgeConfiguration, _ ports: [Int]) throws(DeployError)
        -> String
    {
        let files = context.ports.files
        // A run that was killed left it.
        try files.remove(context.layout.edgeClosing)
        let wanted = Data(try configuration.text().utf8)
        try files.makeFolder(folder)
        try AccountFolders(site: context.site).open()
        let before = try files.read(file)
        if running != nil && before == wanted { return "the edge runs unchanged" }

        let candidate = Self.candidate(context.layout)
        try files.publish(wanted, to: candidate)
        try context.run(
            CommandRequest(NginxCommands.test(candidate)), because: "nginx refuses the edge's configuration")
        if let before, running != nil { try files.publish(before, to: replaced) }
        try files.rename(candidate, to: file)
        guard let master = running else {
            try endOrphans()
            try startHoldingPorts(String(decoding: wanted, as: UTF8.self))
            return "the edge listens on \(portList)"
        }
        try reload(master, until: ports)
        return "the edge took its new configuration"
    }

    /// nginx reads them with each request, so that no reload is needed, and they are never there without being readable.
    private func keepPasswords() throws(DeployError) {
        let files = context.ports.files
        let place = context.layout.edgePasswords
        try files.makeFolder(folder)
        guard let lines = context.secrets[Environment.FrontSecret.password] else { return }
        let wanted = Data(try FrontPassword(lines: lines, salt: place).file().utf8)
        let candidate = "\(place).new"
        try files.publish(wanted, to: candidate)
        try AccountFolders(site: context.site).open(pages: candidate)
        try files.rename(candidate, to: place)
    }

    /// Puts back, on disk and in force, what this deployment replaced.
    func reopenAsBefore() throws(DeployError) {
        let files = context.ports.files
        guard let before = try files.read(replaced) else { return }
        try files.publish(before, to: file)
        // The definition of what failed may name ports that the one before does not listen on.
        if let master = running { try reload(master, until: []) }
        try files.remove(replaced)
    }

    /// As long as a busy visitor takes from one request to the next.
    private static let farewell = Duration.milliseconds(500)

    private var replaced: String { "\(folder)/before-\(context.plan.timestamp).conf" }

    /// Observed, not assumed: the signal returns before nginx has changed anything.
    ///
    /// It begins new workers only when it took the configuration, every address included, and lets the old ones hear
    /// visitors for a moment beside them.
    private func reload(_ master: ProcessIdentity, until ports: [Int]) throws(DeployError) {
        let files = context.ports.files
        let before = Set(context.ports.processes.children(of: master))
        try files.publish(Data(), to: context.layout.edgeClosing)
        defer { try? files.remove(context.layout.edgeClosing) }
        context.ports.clock.sleep(for: Self.farewell)
        context.ports.processes.signal(master, .reload)
        let took = try context.wait(upTo: .seconds(10), stoppable: false) { () throws(DeployError) in
            let now = context.ports.processes.children(of: master)
            return now.contains { !before.contains($0) } && !before.contains(where: isHearing)
                && ports.allSatisfy { context.ports.processes.listener(onPort: $0) != nil }
        }
        guard took else {
            throw DeployError(
                .stepFailed, what: "The edge did not take its new configuration",
                why: "no new worker came up within ten seconds; see \(folder)/error.log",
                next: "deployctl doctor")
        }
    }

    /// Whether a worker may still be given new connections, which it would serve as before.
    private func isHearing(_ worker: ProcessIdentity) -> Bool {
        context.environment.edgePorts.contains {
            context.ports.processes.isListening(worker, onPort: $0)
        }
    }

    /// Workers of a master that was killed go on holding the ports, and no new master can take them over.
    private func endOrphans() throws(DeployError) {
        let processes = context.ports.processes
        let ports = context.environment.edgePorts
        let orphans = processes.members(ofInstance: folder)
        guard !orphans.isEmpty else { return }
        for orphan in orphans { processes.signal(orphan, .quit) }
        _ = try context.wait(upTo: .seconds(2), every: .milliseconds(5), stoppable: false) {
            () throws(DeployError) in
            ports.allSatisfy { port in processes.listener(onPort: port).map { !orphans.contains($0) } ?? true
            }
        }
    }

    func close() throws(DeployError) {
        try context.site.undisturbed { () throws(DeployError) in try closeUndisturbed() }
    }

    private func closeUndisturbed() throws(DeployError) {
        guard let master = running else { return try endOrphans() }
        context.ports.processes.signal(master, .quit)
        let gone = try context.wait(upTo: context.environment.drain, stoppable: false) {
            () throws(DeployError) in
            !context.ports.processes.isRunning(master)
        }
        if !gone { context.ports.processes.signal(master, .kill) }
    }

    /// Looks first: nginx itself tries a taken port for seconds.
    private func startHoldingPorts(_ text: String) throws(DeployError) {
        let taken = context.environment.edgePorts.compactMap { port in
            context.ports.processes.listener(onPort: port).map {
                "port \(port) is held by \(context.ports.processes.named($0))"
            }
        }
        guard taken.isEmpty else {
            throw DeployError(
                .stepFailed, what: "The edge cannot listen on \(portList)",
                why: taken.joined(separator: "\n"),
                next:
                    "stop that program, or change \"ports\" in environments/\(context.environment.name).json")
        }
        // What was killed left its socket, which nobody else can take.
        try context.ports.files.remove(context.layout.insideDoor)
        _ = try nginx.start(text, in: folder)
    }

    private var portList: String {
        "port " + context.environment.edgePorts.map(String.init).joined(separator: ", ")
    }
}
