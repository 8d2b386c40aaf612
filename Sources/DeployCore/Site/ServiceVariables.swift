/// The variables a service, a hook or a migration command gets.
enum ServiceVariables {
    /// What the definition says plainly is under what the tool says itself; a value that asks for an address that is not
    /// known here is left out.
    static func plain(
        _ environment: Environment, for service: Service? = nil, _ placeholders: Placeholders
    ) -> [String: String] {
        environment.variables.merging(service?.variables ?? [:]) { _, own in own }
            .compactMapValues(placeholders.filled)
    }

    /// Without the definition's secrets; `instance` marks the processes so that they are found again after a crash.
    static func variables(
        _ context: StepContext, release: Timestamp, database: DatabaseLocation?, instance: String?,
        for service: Service? = nil, _ placeholders: Placeholders? = nil
    ) throws(DeployError) -> [String: String] {
        let known =
            placeholders ?? Placeholders(release: release, environment: context.environment.name)
        var variables = plain(context.environment, for: service, known).merging(parts(context, database)) {
            $1
        }
        let own = [
            "DEPLOYCTL_ENVIRONMENT": context.environment.name,
            "DEPLOYCTL_RELEASE": release.description,
            "DEPLOYCTL_DEPLOYMENT": context.plan.timestamp.description,
            "DEPLOYCTL_PERFORMER": context.origin.performer,
            "DEPLOYCTL_TRIGGER": context.origin.trigger.rawValue,
            "DEPLOYCTL_COMMAND": context.plan.kind.rawValue,
        ]
        variables.merge(own) { $1 }
        if let commit = context.plan.commit { variables["DEPLOYCTL_COMMIT"] = commit }
        if let previous = context.plan.previousRelease {
            variables["DEPLOYCTL_PREVIOUS_RELEASE"] = previous.description
        }
        if let database, let url = databaseURL(context, database) {
            variables[Environment.DatabaseSecret.url] = url
        }
        if let instance { variables[ServiceLaunch.instanceVariable] = context.layout.instance(instance) }
        return variables
    }

    /// The parts of a server's address, for programs that do not take it as one.
    private static func parts(_ context: StepContext, _ database: DatabaseLocation?) -> [String: String] {
        guard let database, let definition = context.environment.reachedDatabase, definition.engine != .sqlite
        else { return [:] }
        var parts = ["DATABASE_HOST": definition.host ?? "127.0.0.1", "DATABASE_NAME": database.name]
        parts["DATABASE_PORT"] = context.environment.databasePort.map { "\($0)" }
        parts["DATABASE_USER"] = definition.user
        return parts
    }

    /// The address an application connects to, password included; `server` names another one than the definition's.
    static func databaseURL(
        _ context: StepContext, _ database: DatabaseLocation, at server: (host: String, port: Int)? = nil
    ) -> String? {
        guard let definition = context.environment.reachedDatabase else { return nil }
        guard definition.engine != .sqlite else { return "sqlite:///\(database.name)" }
        let host = server?.host ?? definition.host ?? "127.0.0.1"
        guard let port = server?.port ?? context.environment.databasePort else { return nil }
        let password = context.secrets[Environment.DatabaseSecret.password].map { ":\(URLText.escaped($0))" }
        let user = definition.user.map { "\(URLText.escaped($0))\(password ?? "")@" } ?? ""
        return "\(definition.engine.rawValue)://\(user)\(host):\(port)/\(URLText.escaped(database.name))"
    }
}
