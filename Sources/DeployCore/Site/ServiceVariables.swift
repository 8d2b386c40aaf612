/// The variables a service, a hook or a migration command gets.
enum ServiceVariables {
    /// Without the definition's secrets; `instance` marks the processes so that they are found again after a crash.
    static func variables(
        _ context: StepContext, release: Timestamp, database: DatabaseLocation?, instance: String?
    ) throws(DeployError) -> [String: String] {
        var variables = [
            "DEPLOYCTL_ENVIRONMENT": context.environment.name,
            "DEPLOYCTL_RELEASE": release.description,
            "DEPLOYCTL_DEPLOYMENT": context.plan.timestamp.description,
            "DEPLOYCTL_PERFORMER": context.origin.performer,
            "DEPLOYCTL_TRIGGER": context.origin.trigger.rawValue,
            "DEPLOYCTL_COMMAND": context.plan.kind.rawValue,
        ]
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

    /// The address an application connects to, password included; `server` names another one than the definition's.
    static func databaseURL(
        _ context: StepContext, _ database: DatabaseLocation, at server: (host: String, port: Int)? = nil
    ) -> String? {
        guard let definition = context.environment.database else { return nil }
        guard definition.engine != .sqlite else { return "sqlite:///\(database.name)" }
        let host = server?.host ?? definition.host ?? "127.0.0.1"
        guard let port = server?.port ?? context.environment.databasePort else { return nil }
        let password = context.secrets[Environment.DatabaseSecret.password].map { ":\(URLText.escaped($0))" }
        let user = definition.user.map { "\(URLText.escaped($0))\(password ?? "")@" } ?? ""
        return "\(definition.engine.rawValue)://\(user)\(host):\(port)/\(URLText.escaped(database.name))"
    }
}
