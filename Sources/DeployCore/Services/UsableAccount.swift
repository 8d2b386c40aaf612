/// Whether services can run as the account that a definition names.
struct UsableAccount {
    let site: Site

    /// - Throws: `.invalidDefinition` where services cannot run as the account that the definition names.
    func check() throws(DeployError) {
        try refuseUnreachableProject()
        try refuseAccountOfNginx()
    }

    /// The account's programs start below the project's folder.
    private func refuseUnreachableProject() throws(DeployError) {
        guard try site.account() != nil else { return }
        let project = site.layout.project
        let request = try site.own(
            CommandRequest(Command("test", ["-x", "\(project)/."]), deadline: .seconds(5)))
        let result = site.ports.commands.run(request)
        guard !result.succeeded else { return }
        let name = site.environment.user ?? ""
        throw DeployError(
            .invalidDefinition, what: "\(site.environment.name) cannot run as \(name)",
            why: result.ending == .exited(1)
                ? "it does not get to \(project)" : "\(request.command) \(result.explanation)",
            next: "let it pass through each folder on the way: chmod o+x …; deployctl keeps its own closed")
    }

    /// Programs of the account that nginx's workers have could ask every project's edge as the lobby does.
    private func refuseAccountOfNginx() throws(DeployError) {
        guard let account = try site.account(), let worker = site.ownAccountOfNginx,
            account.user == worker.user,
            !site.environment.hosts.isEmpty || site.ports.files.kind(of: LobbyPlace.ofRoot) != nil
        else { return }
        throw DeployError(
            .invalidDefinition, what: "\(site.environment.name) cannot run as \(account.name)",
            why: "the nginx that shares ports by name runs as \(account.name) too",
            next: "give it an account of its own: useradd --system \(site.environment.project)")
    }
}
