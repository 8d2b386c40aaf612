import FoundationEssentials

/// Starts and finds nginx masters by the configuration file they run.
struct Nginx {
    let context: StepContext

    /// The configuration a master of this folder runs with.
    static func file(in folder: String) -> String { "\(folder)/nginx.conf" }

    /// Writes `text` to `folder`, has nginx check it, starts it, and returns the master observed running.
    ///
    /// `listeners`: what it goes on listening at; nil: it opens all of its places itself.
    func start(_ text: String, in folder: String, goingOnWith listeners: (any HeldListeners)? = nil)
        throws(DeployError) -> ProcessIdentity
    {
        let (file, wanted) = (Self.file(in: folder), Data(text.utf8))
        // A full disk keeps nobody from what lies there already.
        if try context.ports.files.read(file) != wanted {
            try context.ports.files.publish(wanted, to: file)
        }
        let found: ProcessIdentity? =
            if let listeners { try succeed(in: folder, at: listeners) } else { try begin(in: folder) }
        guard let found else {
            throw DeployError(
                .stepFailed, what: "nginx ended right after it started",
                why: LogTail(files: context.ports.files).last(5, of: "\(folder)/error.log").joined(
                    separator: "\n"),
                next: "deployctl doctor")
        }
        return found
    }

    /// nil where it ended right away.
    private func begin(in folder: String) throws(DeployError) -> ProcessIdentity? {
        let file = Self.file(in: folder)
        try context.run(
            CommandRequest(NginxCommands.start(file), environment: ["TZ": "UTC"]),
            because: "nginx does not start with \(file)")
        var found: ProcessIdentity?
        _ = try context.wait(upTo: .seconds(5), from: .milliseconds(1), stoppable: false) {
            () throws(DeployError) in
            found = master(in: folder)
            return found != nil
        }
        return found
    }

    /// Starts one again with the configuration it ran with, in the place of what a killed master left.
    ///
    /// Its workers serve until the new one does, and then finish what they hold; `others`: processes that are none of it.
    func revive(in folder: String, beside others: [ProcessIdentity]) throws(DeployError) -> ProcessIdentity {
        let files = context.ports.files
        guard let data = try files.read(Self.file(in: folder)) else {
            throw DeployError(
                .stepFailed, what: "nginx cannot be started again",
                why: "\(Self.file(in: folder)) is gone",
                next: "deployctl restart \(context.environment.name)")
        }
        let orphans = orphans(in: folder, beside: others)
        // Whoever started a running one ended before that was noted.
        let master =
            if let running = master(in: folder) {
                running
            } else {
                try succession(of: orphans, in: folder, with: data)
            }
        for orphan in orphans { context.ports.processes.signal(orphan, .quit) }
        return master
    }

    private func succession(of orphans: [ProcessIdentity], in folder: String, with data: Data)
        throws(DeployError) -> ProcessIdentity
    {
        let (files, text) = (context.ports.files, String(decoding: data, as: UTF8.self))
        let listeners = listeners(of: orphans, for: text)
        for name in files.names(in: folder)
        where name.ends(with: ".sock") && !Self.othersSockets.contains(where: name.begins(with:)) {
            let path = "\(folder)/\(name)"
            if listeners?.places.contains(.socket(path)) != true { try files.remove(path) }
        }
        return try start(text, in: folder, goingOnWith: listeners)
    }

    /// How sockets begin that lie in an instance's folder and are not nginx's.
    private static let othersSockets = ["app-", "w-"]

    func master(in folder: String) -> ProcessIdentity? { Self.master(in: folder, context.ports) }

    /// The running master whose pid file lies in `folder` and whose arguments name its configuration.
    static func master(in folder: String, _ ports: Ports) -> ProcessIdentity? {
        guard let data = try? ports.files.read("\(folder)/nginx.pid"),
            let pid = Int32(String(decoding: data, as: UTF8.self).trimmed),
            let process = ports.processes.identity(of: pid),
            ports.processes.isMember(process, ofInstance: folder),
            isNginx(process, ports.processes)
        else { return nil }
        return process
    }

    /// A service of the instance may have been given the number that a killed master left in its file.
    static func isNginx(_ process: ProcessIdentity, _ processes: any ProcessTable) -> Bool {
        // A program that was replaced has a word more.
        processes.program(of: process).begins(with: "nginx")
    }
}
