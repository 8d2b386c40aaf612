/// The definition each environment goes by: the one its release was deployed with, until the next deployment.
///
/// What was written since, or cannot be read any more, changes nothing of what serves and stands in nobody's way back.
public struct DeployedDefinitions: Sendable {
    let ports: Ports
    let written: DefinitionLoader
    /// What is otherwise here than where it was deployed.
    var adjust: @Sendable (Environment) -> Environment = { $0 }

    public init(_ ports: Ports, written: DefinitionLoader) {
        (self.ports, self.written) = (ports, written)
    }

    /// Of one environment; before its first deployment the one that is written.
    ///
    /// How long backups are kept is no matter of a release, and counts as it is written.
    ///
    /// - Throws: as `DefinitionLoader.load` where nothing was deployed.
    public func load(_ name: String) throws(DeployError) -> Environment {
        guard var deployed = last(name) else { return adjust(try written.load(name)) }
        if let present = try? written.load(name) { deployed.backup.keep = present.backup.keep }
        return adjust(deployed)
    }

    /// All environments that are defined, in order of name; those that were deployed where no file defines any.
    ///
    /// - Throws: as `DefinitionLoader.load` for one that was never deployed.
    public func loadAll() throws(DeployError) -> [Environment] {
        var names = written.names()
        if names.isEmpty {
            names = Set(try ports.state.deployments(of: nil, limit: .max).map(\.environment)).sorted()
        }
        return try names.map { name throws(DeployError) in try load(name) }
    }

    /// nil before the first deployment, and where the state cannot be read.
    private func last(_ name: String) -> Environment? {
        (try? ports.state.lastDefinition(of: name)) ?? nil
    }

    /// What a release was last deployed with to an environment; nil where that is not on record.
    func running(_ release: Timestamp, in name: String) throws(DeployError) -> Environment? {
        let move = try ports.state.releaseMoves(of: name, to: [release]).first
        return try move.flatMap { move throws(DeployError) in try ports.state.definition(of: move.timestamp) }
            .map(adjust)
    }

    /// The one that the next deployment takes, as it would be stored.
    func next(_ name: String) throws(DeployError) -> Environment {
        var environment = try written.load(name)
        environment.runtime.strategy = try StrategyRule.strategy(
            of: environment, hasNginx: ports.commands.has("nginx"))
        return environment
    }

    /// How what is written differs from what an environment goes by, as a sentence; nil where it does not.
    public func waiting(for environment: Environment) -> String? {
        guard last(environment.name) != nil else { return nil }
        let file = "\(written.folder)/\(environment.name).json"
        let goes = "\(environment.name) goes by what it was deployed with"
        do throws(DeployError) { _ = try written.load(environment.name) } catch {
            let what = Shown.text(error.what, limit: 400)
            return "\(file) cannot be deployed: \(what); \(goes); deployctl validate says more"
        }
        do throws(DeployError) {
            let keys = try DefinitionDifference.keys(environment, try next(environment.name))
            guard !keys.isEmpty else { return nil }
            return "\(file) has other \(keys.joined(separator: ", ")); the next deployment takes that up"
        } catch {
            return "nothing can be deployed: \(error.what): \(error.why); \(goes); \(error.next)"
        }
    }
}
