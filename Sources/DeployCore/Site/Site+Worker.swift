extension Site {
    /// What nginx workers run as; nil where that is what deployctl itself runs as.
    ///
    /// The superuser's workers are nginx's own account. They stay the superuser's only where that account cannot get at
    /// sockets, and then they serve no file.
    ///
    /// - Throws: `.invalidDefinition` where files would be served by the superuser, and as `account()`.
    func worker() throws(DeployError) -> Account? {
        if let account = try account() { return account }
        guard ports.processes.runsAsRoot else { return nil }
        let known = Self.workers.lazy.compactMap(ports.processes.account).first { $0.user != 0 }
        guard let known else {
            try refuseFiles(
                "this machine has none of the accounts \(Self.workers.joined(separator: ", "))",
                next: "useradd --system nginx")
            return nil
        }
        guard let barrier = reached.lazy.compactMap({ ports.files.barrier(to: known, at: $0) }).first else {
            return known
        }
        try refuse(barrier, to: known)
        return nil
    }

    /// - Throws: as `worker()`, where a folder that is served keeps it out.
    func refuseBarrier(to worker: Account, at folder: String) throws(DeployError) {
        guard let barrier = ports.files.barrier(to: worker, at: folder) else { return }
        try refuse(barrier, to: worker)
    }

    /// Whom packages of nginx make, in the order they are looked for.
    private static let workers = ["www-data", "nginx", "http", "nobody"]

    /// What lies below is deployctl's own to open.
    private var reached: [String] {
        [layout.project]
            + [environment.runtime.sockets].compactMap { $0.map(layout.absolute).map(Path.parent) }
    }

    private var servesFiles: Bool {
        environment.services.contains { service in
            service.role == .edge
                && service.routes.contains { if case .folder = $0.target { true } else { false } }
        }
    }

    private func refuse(_ barrier: Barrier, to account: Account) throws(DeployError) {
        let path = Shown.text(barrier.path, limit: 4096)
        try barrier.keepsLists
            ? refuseFiles(
                "\(account.name), as which nginx reads them, does not pass through \(path)",
                next:
                    "move the project, for example to /srv, or let others pass: chmod o+x \(ShellText.quoted(barrier.path))"
            )
            : refuseFiles(
                "\(account.name), as which nginx reads them, cannot be let at them: the file system of \(path) keeps no access lists",
                next:
                    "set \"user\" in environments/\(environment.name).json, or move the project to another file system"
            )
    }

    private func refuseFiles(_ why: String, next: String) throws(DeployError) {
        guard servesFiles else { return }
        throw DeployError(
            .invalidDefinition, what: "The static routes of \(environment.name) would be served by root",
            why: why,
            next: next)
    }
}
