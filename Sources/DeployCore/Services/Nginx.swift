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
            CommandRequest(NginxCommands.start(file)), because: "nginx does not start with \(file)")
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
