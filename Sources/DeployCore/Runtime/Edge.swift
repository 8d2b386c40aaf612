import FoundationEssentials

/// The nginx that holds the public ports of an environment and outlives releases.
struct Edge {
    let context: StepContext

    private var folder: String { context.layout.edge }
    private var file: String { "\(folder)/nginx.conf" }
    private var nginx: Nginx { Nginx(context: context) }

    var running: ProcessIdentity? { nginx.master(in: folder) }

    /// Starts the edge, or reloads it when its configuration changed; says what it did.
    ///
    /// A refused configuration leaves the previous bytes on disk and in force.
    func open() throws(DeployError) -> String {
        let files = context.ports.files
        let wanted = Data(
            NginxConfiguration(layout: context.layout).edge(runningAsRoot: context.ports.processes.runsAsRoot).utf8)
        try files.makeFolder(folder)
        let before = try files.read(file)
        if running != nil && before == wanted { return "the edge runs unchanged" }

        let candidate = "\(folder)/candidate.conf"
        try files.makeFolder(context.layout.toolLogs)
        try files.publish(wanted, to: candidate)
        try context.run(
            CommandRequest(NginxCommands.test(candidate)), because: "nginx refuses the edge's configuration")
        try files.rename(candidate, to: file)
        guard let master = running else {
            try startHoldingPorts(String(decoding: wanted, as: UTF8.self))
            return "the edge listens on \(portList)"
        }
        context.ports.processes.signal(master, .reload)
        return "the edge took its new configuration"
    }

    func close() throws(DeployError) {
        guard let master = running else { return }
        context.ports.processes.signal(master, .quit)
        let gone = try context.wait(upTo: context.environment.drain, stoppable: false) { () throws(DeployError) in
            !context.ports.processes.isRunning(master)
        }
        if !gone { context.ports.processes.signal(master, .kill) }
    }

    private func startHoldingPorts(_ text: String) throws(DeployError) {
        do throws(DeployError) {
            _ = try nginx.start(text, in: folder)
        } catch {
            let taken = context.environment.ports.values.sorted().compactMap { port in
                context.ports.processes.listener(onPort: port).map { "port \(port) is held by process \($0.pid)" }
            }
            guard !taken.isEmpty else { throw error }
            throw DeployError(
                .stepFailed, what: "The edge cannot listen on \(portList)", why: taken.joined(separator: "\n"),
                next: "stop that program, or change \"ports\" in environments/\(context.environment.name).json")
        }
    }

    private var portList: String {
        "port " + context.environment.ports.values.sorted().map(String.init).joined(separator: ", ")
    }
}
