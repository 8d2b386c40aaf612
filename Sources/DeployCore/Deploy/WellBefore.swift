import FoundationEssentials

/// What is not as it was when an environment was last well: what serves now against what served before, and what was done since.
public struct WellBefore: Sendable {
    /// How it stands now.
    public let status: EnvironmentStatus
    /// The run that brought what serves; nil: nothing does.
    public let move: Deployment?
    /// The one that brought what served before; nil: nothing did.
    public let before: Deployment?
    /// Not in what served before, newest first.
    public let commits: [String]
    /// Files of migrations that the release before does not have.
    public let migrations: [String]
    /// Of the definition, from the one before to the one that serves.
    public let values: [DefinitionDifference.Value]
    /// Runs since it was brought, newest first, without backups.
    public let runs: [Deployment]

    public init(of environment: Environment, in workspace: Workspace, definitions: DefinitionLoader)
        throws(DeployError)
    {
        let state = workspace.ports.state
        let name = environment.name
        let moves = try state.releaseMoves(of: name, limit: 2)
        let standing = try StatusCollector(workspace, definitions: definitions).status(of: [environment])
        guard let first = standing.environments.first else {
            throw DeployError(
                .notFound, what: "Nothing is known of \(name)", why: "nothing was deployed there",
                next: "deployctl \(name)")
        }
        status = first
        (move, before) = (moves.first, moves.dropFirst().first)
        let since = moves.first?.sequence ?? 0
        runs = try state.deployments(of: name, kinds: Deployment.Kind.allCases, limit: 50)
            .filter { $0.sequence > since && $0.kind.touchesServices }
        let (new, old) = (
            try Self.release(moves.first, state), try Self.release(moves.dropFirst().first, state)
        )
        let site = workspace.site(environment)
        commits = old == nil ? [] : SourceFacts(site).commits(from: old, to: new)
        guard let now = moves.first, let then = moves.dropFirst().first else {
            (migrations, values) = ([], [])
            return
        }
        let earlier = Set(Self.migrations(of: old, at: site))
        migrations = Self.migrations(of: new, at: site).filter { !earlier.contains($0) }
        let definitions = (try state.definition(of: then.timestamp), try state.definition(of: now.timestamp))
        guard let one = definitions.0, let other = definitions.1 else {
            values = []
            return
        }
        values = try DefinitionDifference.values(one, other)
    }

    private static func release(
        _ run: Deployment?, _ state: any StateStore
    ) throws(DeployError) -> Release? {
        guard let timestamp = run?.release else { return nil }
        return try state.release(timestamp)
    }

    private static func migrations(of release: Release?, at site: Site) -> [String] {
        guard let release, case .directory(let folder)? = site.environment.migrations else { return [] }
        let place = site.layout.release(release.timestamp)
        return (try? site.ports.files.names(in: folder, beneath: place)) ?? []
    }
}
