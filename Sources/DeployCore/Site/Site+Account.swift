extension Site {
    /// What services, build and migrations run as; nil where that is what deployctl itself runs as.
    ///
    /// - Throws: `.invalidDefinition` where the account is not there, or deployctl may not become it.
    func account() throws(DeployError) -> Account? {
        guard let name = environment.user else { return nil }
        guard let account = ports.processes.account(name) else {
            throw refusal(name, "there is no such account", "make it: useradd --system --create-home \(name)")
        }
        if account.user == ports.processes.user { return nil }
        guard ports.processes.runsAsRoot else {
            throw refusal(
                name, "deployctl runs as another account and is not the superuser",
                "run deployctl as \(name) or as root")
        }
        return account
    }

    /// The request as the environment's account makes it.
    func own(_ request: CommandRequest) throws(DeployError) -> CommandRequest {
        var own = request
        own.group = groupOfCommands
        guard let account = try account() else { return own }
        own.command = account.start(request.command)
        own.environment = account.variables.merging(request.environment) { _, given in given }
        return own
    }

    /// The launch as the environment's account makes it.
    func own(_ launch: ServiceLaunch) throws(DeployError) -> ServiceLaunch {
        guard let account = try account() else { return launch }
        var own = launch
        own.command = account.start(launch.command)
        own.environment = account.variables.merging(launch.environment) { _, given in given }
        return own
    }

    private func refusal(_ name: String, _ why: String, _ next: String) -> DeployError {
        DeployError(
            .invalidDefinition, what: "\(environment.name) cannot run as \(name)", why: why, next: next)
    }
}

extension Account {
    fileprivate func start(_ command: Command) -> Command {
        AccountCommands.start(command, as: name, group: groupName)
    }

    fileprivate var variables: [String: String] { ["HOME": home, "USER": name, "LOGNAME": name] }
}
