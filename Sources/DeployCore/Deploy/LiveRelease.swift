/// What an environment serves, against what it was given and what it would be given.
struct LiveRelease {
    let workspace: Workspace
    let facts: EnvironmentFacts

    private var environment: Environment { facts.environment }

    /// That nothing has to change, in words; nil unless `wanted` serves well under the present definition.
    func upToDate(with wanted: Release) throws(DeployError) -> String? {
        guard facts.release?.timestamp == wanted.timestamp, try deployedDefinition() == environment,
            environment.database == nil || facts.database != nil, facts.look(in: workspace).servesWell
        else { return nil }
        return
            "release \(wanted.timestamp) (\(wanted.shortCommit)) is live and healthy in \(environment.name)"
    }

    /// Definition keys that differ from those of the last deployment.
    func changedKeys() throws(DeployError) -> [String] {
        guard let deployed = try deployedDefinition() else { return [] }
        return try DefinitionDifference.keys(deployed, environment)
    }

    /// What services are granted of this machine, and what of it differs from the last deployment, in words.
    func grantNotices() throws(DeployError) -> [String] {
        let now = environment.grants
        let gone = try deployedDefinition()?.grants.filter { !now.contains($0) } ?? []
        return (now.isEmpty ? [] : ["granted of this machine: \(now.joined(separator: "; "))"])
            + (try newGrants()).map { "newly granted: \($0)" } + gone.map { "no longer granted: \($0)" }
    }

    /// What the last deployment was not granted.
    func newGrants() throws(DeployError) -> [String] {
        let before = try deployedDefinition()?.grants ?? []
        return environment.grants.filter { !before.contains($0) }
    }

    private func deployedDefinition() throws(DeployError) -> Environment? {
        try workspace.ports.state.lastDefinition(of: environment.name)
    }
}
