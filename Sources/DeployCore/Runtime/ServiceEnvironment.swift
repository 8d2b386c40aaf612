/// The variables a service, a hook or a migration command gets.
enum ServiceEnvironment {
    /// Without secrets; `instance` marks the processes so that they are found again after a crash.
    static func variables(
        _ context: StepContext, release: Timestamp, database: DatabaseLocation?, instance: String?
    ) throws(DeployError) -> [String: String] {
        var variables = [
            "DEPLOYCTL_ENVIRONMENT": context.environment.name,
            "DEPLOYCTL_RELEASE": release.description,
            "DEPLOYCTL_DEPLOYMENT": context.plan.timestamp.description,
            "DEPLOYCTL_PERFORMER": context.origin.performer,
            "DEPLOYCTL_TRIGGER": context.origin.trigger,
            "DEPLOYCTL_COMMAND": context.plan.kind.rawValue,
        ]
        if let commit = context.plan.commit { variables["DEPLOYCTL_COMMIT"] = commit }
        if let previous = context.plan.previousRelease {
            variables["DEPLOYCTL_PREVIOUS_RELEASE"] = previous.description
        }
        if let database { variables["DATABASE_URL"] = "sqlite:///\(database.path)" }
        if let instance { variables["DEPLOYCTL_INSTANCE"] = context.layout.instance(instance) }
        return variables
    }
}
