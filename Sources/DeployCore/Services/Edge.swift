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
            + (layout.environment.hosts.isEmpty ? [] : Lobby.programs)
    }

    /// Starts the edge, or reloads it when its configuration changed; says what it did.
    ///
    /// A refused configuration leaves the previous bytes on disk and in force.
    func open() throws(DeployError) -> String {
        try context.site.undisturbed { () throws(DeployError) -> String in
            try keepPasswords()
            let done = try openUndisturbed(EdgeConfiguration(site: context.site), ports)
            return try names.take().map { "\(done); \($0)" } ?? done
        }
    }

    /// The same with another configuration, which it has taken when `ports` are listened on.
    func open(_ configuration: EdgeConfiguration, until ports: [Int]) throws(DeployError) -> String {
        try context.site.undisturbed { () throws(DeployError) in try openUndisturbed(configuration, ports) }
    }

    private var names: EdgeNames { EdgeNames(context: context) }
    private var ports: [Int] { context.environment.edgePorts }

    /// Starts it again with the configuration it ran with, whatever somebody made of the file since.
    func revive() throws(DeployError) -> String {
        let files = context.ports.files
        let inForce = try files.read(inForceFile)
        let lying = try files.read(file)
        guard let data = inForce ?? lying else { return "nothing: it has no configuration" }
        try start(String(decoding: data, as: UTF8.self))
        return running.map { "process \($0.pid)" } ?? "a process"
    }

    /// Whether who changed it ended before the workers of before were ended.
    static func isLeft(at site: Site) -> Bool {
        site.ports.files.kind(of: site.layout.edgeClosing) != nil
            && Nginx.master(in: site.layout.edge, site.ports) != nil
    }

    /// Finishes that.
    func settle() throws(DeployError) { try takeLeave(of: nginx.orphans(in: folder)) }

    private func openUndisturbed(_ configuration: EdgeConfiguration, _ ports: [Int]) throws(DeployError)
        -> String
    {
        let files = context.ports.files
        if Self.isLeft(at: context.site) { try settle() }
        try files.remove(context.layout.edgeClosing)
        let wanted = Data(try configuration.text().utf8)
        try files.makeFolder(folder)
        try AccountFolders(site: context.site).open()
        try AccessLog(path: context.layout.accessLog).makeRoom(context.ports.files)
        try names.prepare()
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
            try start(String(decoding: wanted, as: UTF8.self))
            return "the edge listens\(ports.isEmpty ? "" : " on \(portList)")"
        }
        try reload(master, until: ports)
        try files.publish(wanted, to: inForceFile)
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
        guard let before = try files.read(replaced) else { return try names.takeAsBefore() }
        try files.publish(before, to: file)
        // The definition of what failed may name ports that the one before does not listen on.
        if let master = running {
            try reload(master, until: [])
            try files.publish(before, to: inForceFile)
        }
        try files.remove(replaced)
        try names.takeAsBefore()
    }

    /// As long as a busy visitor takes from one request to the next.
    private static let farewell = Duration.milliseconds(500)

    private var replaced: String { "\(folder)/before-\(context.plan.timestamp).conf" }

    /// Lets the old workers hear visitors for a moment beside the new ones.
    private func reload(_ master: ProcessIdentity, until ports: [Int]) throws(DeployError) {
        let files = context.ports.files
        try files.publish(Data(), to: context.layout.edgeClosing)
        defer { try? files.remove(context.layout.edgeClosing) }
        context.ports.clock.sleep(for: Self.farewell)
        try nginx.reload(master, in: folder, named: "The edge", until: ports) { before in
            !before.contains(where: isHearing)
        }
    }

    /// Whether a worker may still be given new connections, which it would serve as before.
    private func isHearing(_ worker: ProcessIdentity) -> Bool {
        ports.contains { context.ports.processes.isListening(worker, onPort: $0) }
    }

    func close() throws(DeployError) {
        try context.site.undisturbed { () throws(DeployError) -> Void in
            try names.give()
            if let master = running { try nginx.end(master, within: context.environment.drain) }
            try nginx.end(nginx.orphans(in: folder), holding: ports)
        }
    }

    /// Where a killed one left workers, they serve until this one does.
    private func start(_ text: String) throws(DeployError) {
        let orphans = nginx.orphans(in: folder)
        guard let listeners = nginx.listeners(of: orphans, for: text) else {
            try nginx.end(orphans, holding: ports)
            return try start(text, goingOnWith: nil)
        }
        try context.ports.files.publish(Data(), to: context.layout.edgeClosing)
        do throws(DeployError) {
            try start(text, goingOnWith: listeners)
        } catch {
            try context.ports.files.remove(context.layout.edgeClosing)
            throw error
        }
        try takeLeave(of: orphans)
    }

    /// Of workers from before: their visitors go on with the new ones.
    private func takeLeave(of orphans: [ProcessIdentity]) throws(DeployError) {
        if !orphans.isEmpty { context.ports.clock.sleep(for: Self.farewell) }
        try nginx.end(orphans, holding: ports)
        try context.ports.files.remove(context.layout.edgeClosing)
    }

    /// Looks first: nginx itself tries a taken port for seconds.
    private func start(_ text: String, goingOnWith listeners: (any HeldListeners)?) throws(DeployError) {
        let held = listeners?.places ?? []
        let taken = ports.filter { !held.contains(.port($0)) }.compactMap { port in
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
        let door = context.layout.insideDoor
        if !held.contains(.socket(door)) { try context.ports.files.remove(door) }
        try AccessLog(path: context.layout.accessLog).makeRoom(context.ports.files)
        try names.clear(but: held)
        _ = try nginx.start(text, in: folder, goingOnWith: listeners)
        try context.ports.files.publish(Data(text.utf8), to: inForceFile)
    }

    private var portList: String {
        "port " + ports.map(String.init).joined(separator: ", ")
    }
}
