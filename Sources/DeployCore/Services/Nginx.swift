import FoundationEssentials

/// Starts and finds nginx masters by the configuration file they run.
struct Nginx {
    let context: StepContext

    /// The configuration a master of this folder runs with.
    static func file(in folder: String) -> String { "\(folder)/nginx.conf" }

    /// Writes `text` to `folder`, has nginx check it, starts it, and returns the master observed running.
    func start(_ text: String, in folder: String) throws(DeployError) -> ProcessIdentity {
        let file = Self.file(in: folder)
        try context.ports.files.publish(Data(text.utf8), to: file)
        try context.run(
            CommandRequest(NginxCommands.start(file), environment: ["TZ": "UTC"]),
            because: "nginx does not start with \(file)")
        var found: ProcessIdentity?
        _ = try context.wait(upTo: .seconds(5), from: .milliseconds(1), stoppable: false) {
            () throws(DeployError) in
            found = master(in: folder)
            return found != nil
        }
        guard let found else {
            throw DeployError(
                .stepFailed, what: "nginx ended right after it started",
                why: LogTail(files: context.ports.files).last(5, of: "\(folder)/error.log").joined(
                    separator: "\n"),
                next: "deployctl doctor")
        }
        return found
    }

    /// Starts one again with the configuration it ran with, in the place of what a killed master left.
    ///
    /// Workers without a master finish what they hold; `others`: processes that are none of it.
    func revive(in folder: String, beside others: [ProcessIdentity]) throws(DeployError) -> ProcessIdentity {
        let (files, processes) = (context.ports.files, context.ports.processes)
        guard let data = try files.read(Self.file(in: folder)) else {
            throw DeployError(
                .stepFailed, what: "nginx cannot be started again",
                why: "\(Self.file(in: folder)) is gone",
                next: "deployctl restart \(context.environment.name)")
        }
        let orphans = processes.members(ofInstance: folder).filter { process in
            processes.program(of: process) == "nginx"
                && !others.contains { processes.isMember(process, ofSession: $0) }
        }
        for name in files.names(in: folder)
        where name.ends(with: ".sock") && !Self.othersSockets.contains(where: name.begins(with:)) {
            try files.remove("\(folder)/\(name)")
        }
        let master = try start(String(decoding: data, as: UTF8.self), in: folder)
        for orphan in orphans { processes.signal(orphan, .quit) }
        return master
    }

    /// How sockets begin that lie in an instance's folder and are not nginx's.
    private static let othersSockets = ["app-", "w-"]

    func master(in folder: String) -> ProcessIdentity? { Self.master(in: folder, context.ports) }

    /// The running master whose pid file lies in `folder` and whose arguments name its configuration.
    static func master(in folder: String, _ ports: Ports) -> ProcessIdentity? {
        guard let data = try? ports.files.read("\(folder)/nginx.pid"),
            let pid = Int32(String(decoding: data, as: UTF8.self).trimmed),
            let process = ports.processes.identity(of: pid),
            ports.processes.isMember(process, ofInstance: folder)
        else { return nil }
        return process
    }
}
