extension Site {
    /// What nginx workers run as; nil where that is what deployctl itself runs as.
    ///
    /// The superuser's workers are nginx's own account, unless that account cannot get at the project.
    ///
    /// - Throws: as `account()`.
    func worker() throws(DeployError) -> Account? {
        if let account = try account() { return account }
        guard let own = ownAccountOfNginx, barrier(to: own) == nil else { return nil }
        return own
    }

    /// Why files that a request names are read by the superuser, and what to do about it; nil where they are not.
    var filesServedByRoot: (why: String, next: String)? {
        guard servesFiles, ports.processes.runsAsRoot, (try? worker()) ?? nil == nil else { return nil }
        guard let own = ownAccountOfNginx, let barrier = barrier(to: own) else {
            return (
                "this machine has none of the accounts \(Self.workers.joined(separator: ", "))",
                "useradd --system nginx"
            )
        }
        let path = Shown.text(barrier.path, limit: 4096)
        return barrier.keepsLists
            ? (
                "\(own.name) does not pass through \(path)",
                "move the project, for example to /srv, or let others pass: chmod o+x \(ShellText.quoted(barrier.path))"
            )
            : (
                "the file system of \(path) keeps no access lists",
                "set \"user\" in environments/\(environment.name).json, or move the project to another file system"
            )
    }

    /// Whom packages of nginx make, in the order they are looked for.
    private static let workers = ["www-data", "nginx", "http", "nobody"]

    /// nil where deployctl is not the superuser, and where this machine has none.
    var ownAccountOfNginx: Account? {
        guard ports.processes.runsAsRoot else { return nil }
        return Self.workers.lazy.compactMap(ports.processes.account).first { $0.user != 0 }
    }

    /// What lies below the project and below its sockets is deployctl's own to open.
    private func barrier(to account: Account) -> Barrier? {
        let reached =
            [layout.project]
            + [environment.runtime.sockets].compactMap { $0.map(layout.absolute).map(Path.parent) }
        return reached.lazy.compactMap { ports.files.barrier(to: account, at: $0) }.first
    }

    private var servesFiles: Bool {
        !environment.staticFolders.isEmpty
    }
}
