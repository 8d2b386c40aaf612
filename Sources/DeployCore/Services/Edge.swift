import FoundationEssentials

/// The nginx that holds the public ports of an environment and outlives releases.
struct Edge {
    let context: StepContext

    private var folder: String { context.layout.edge }
    private var file: String { Nginx.file(in: folder) }
    /// What the master was last seen to take: a run may have died after it wrote the file and before nginx read it.
    private var inForceFile: String { "\(folder)/in-force.conf" }
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
        try context.site.undisturbed { () throws(DeployError) in try openUndisturbed() }
    }

    /// Starts it again with the configuration it ran with.
    func revive() throws(DeployError) -> String {
        guard let data = try context.ports.files.read(file) else { return "nothing: it has no configuration" }
        try endOrphans()
        try startHoldingPorts(String(decoding: data, as: UTF8.self))
        return running.map { "process \($0.pid)" } ?? "a process"
    }

    private func openUndisturbed() throws(DeployError) -> String {
        let files = context.ports.files
        let wanted = Data(try EdgeConfiguration(site: context.site).text().utf8)
        try files.makeFolder(folder)
        try AccountFolders(site: context.site).open()
        try AccessLog(path: context.layout.accessLog).makeRoom(context.ports.files)
        try keepPasswords()
        let before = try files.read(file)
        let inForce = running == nil ? nil : try files.read(inForceFile) ?? before
        if before == wanted && inForce == wanted { return "the edge runs unchanged" }

        let candidate = Self.candidate(context.layout)
        try files.publish(wanted, to: candidate)
        try context.run(
            CommandRequest(NginxCommands.test(candidate)), because: "nginx refuses the edge's configuration")
        if let inForce {
            try files.publish(inForce, to: replaced)
            try files.publish(inForce, to: inForceFile)
        }
        try files.rename(candidate, to: file)
        guard let master = running else {
            try endOrphans()
            try startHoldingPorts(String(decoding: wanted, as: UTF8.self))
            return "the edge listens on \(portList)"
        }
        try reload(master, until: context.environment.edgePorts)
        try files.publish(wanted, to: inForceFile)
        return "the edge took its new configuration"
    }

    /// nginx reads them with each request, so that no reload is needed, and they are never there without being readable.
    private func keepPasswords() throws(DeployError) {
        let files = context.ports.files
        let place = context.layout.edgePasswords
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
        if let master = running {
            try reload(master, until: [])
            try files.publish(before, to: inForceFile)
        }
        try files.remove(replaced)
    }

    private var replaced: String { "\(folder)/before-\(context.plan.timestamp).conf" }

    /// Observed, not assumed: the signal returns before nginx has changed anything.
    ///
    /// It begins new workers only when it took the configuration, every address included.
    private func reload(_ master: ProcessIdentity, until ports: [Int]) throws(DeployError) {
        let before = Set(context.ports.processes.children(of: master))
        context.ports.processes.signal(master, .reload)
        let took = try context.wait(upTo: .seconds(10), stoppable: false) { () throws(DeployError) in
            let now = context.ports.processes.children(of: master)
            return now.contains { !before.contains($0) }
                && ports.allSatisfy { context.ports.processes.listener(onPort: $0) != nil }
        }
        guard took else {
            throw DeployError(
                .stepFailed, what: "The edge did not take its new configuration",
                why: "no new worker came up within ten seconds; see \(folder)/error.log",
                next: "deployctl doctor")
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
        try AccessLog(path: context.layout.accessLog).makeRoom(context.ports.files)
        _ = try nginx.start(text, in: folder)
        try context.ports.files.publish(Data(text.utf8), to: inForceFile)
    }

    private var portList: String {
        "port " + context.environment.edgePorts.map(String.init).joined(separator: ", ")
    }
}
