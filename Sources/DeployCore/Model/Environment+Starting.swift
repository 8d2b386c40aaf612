extension Environment {
    /// The same environment with all that starts, reaches and feeds a release as another definition has it.
    ///
    /// Where data and backups lie, and what guards the environment, stays.
    func starting(as other: Environment) -> Environment {
        var result = self
        (result.build, result.services, result.releaseCommands) = (
            other.build, other.services, other.releaseCommands
        )
        (result.sharedFolders, result.migrations, result.migrationLimit) = (
            other.sharedFolders, other.migrations, other.migrationLimit
        )
        (result.runtime, result.user, result.network, result.volumes) = (
            other.runtime, other.user, other.network, other.volumes
        )
        (result.ports, result.url, result.tls, result.headers) = (
            other.ports, other.url, other.tls, other.headers
        )
        (result.secrets, result.checks, result.definedFront) = (
            other.secrets, other.checks, other.definedFront
        )
        (result.variables, result.linkedFiles) = (other.variables, other.linkedFiles)
        (result.hosts, result.features) = (other.hosts, other.features)
        (result.drain, result.watch) = (other.drain, other.watch)
        return result
    }
}
