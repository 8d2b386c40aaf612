import FoundationEssentials

/// Starts and finds nginx masters by the configuration file they run.
struct Nginx {
    let context: StepContext

    /// Writes `text` to `folder`, has nginx check it, starts it, and returns the master observed running.
    func start(_ text: String, in folder: String) throws(DeployError) -> ProcessIdentity {
        let file = "\(folder)/nginx.conf"
        try context.ports.files.makeFolder(context.layout.toolLogs)
        try context.ports.files.publish(Data(text.utf8), to: file)
        try context.run(
            CommandRequest(NginxCommands.start(file)), because: "nginx does not start with \(file)")
        var found: ProcessIdentity?
        _ = try context.wait(upTo: .seconds(5), stoppable: false) { () throws(DeployError) in
            found = master(in: folder)
            return found != nil
        }
        guard let found else {
            throw DeployError(
                .stepFailed, what: "nginx ended right after it started",
                why: "no master process for \(file); see \(context.layout.toolLogs)/nginx.log",
                next: "deployctl doctor")
        }
        return found
    }

    /// The running master whose pid file lies in `folder` and whose arguments name its configuration.
    func master(in folder: String) -> ProcessIdentity? {
        guard let data = try? context.ports.files.read("\(folder)/nginx.pid"),
            let pid = Int32(String(decoding: data, as: UTF8.self).filter(\.isNumber)),
            let process = context.ports.processes.identity(of: pid),
            context.ports.processes.isMember(process, ofInstance: folder)
        else { return nil }
        return process
    }
}
