/// Puts back a state that is lost or damaged: from its safe copy, and from what lies on disk of runs, releases and backups.
public struct StateRecovery: Sendable {
    let deployer: Deployer

    public init(_ deployer: Deployer) { self.deployer = deployer }

    public struct Result: Sendable {
        public var state: StateRestoration
        /// Backups that were put back and are not proved, oldest first.
        public var unproved: [Backup]
        /// Environments that were given a release of which the state knows nothing any more.
        public var unknown: [UnknownRelease]
        /// Environments whose proof is not believed, with the reason.
        public var doubts: [Doubt]
        /// Why `audit.log` does not say of it yet; nil where it does.
        public var unanchored: DeployError?
    }

    /// What serves in an environment by its own record.
    public struct UnknownRelease: Hashable, Encodable, Sendable {
        public var environment: String
        public var release: Timestamp
    }

    /// Why nothing is promoted from an environment until it was deployed to again.
    public struct Doubt: Hashable, Encodable, Sendable {
        public var environment: String
        public var why: String
    }

    private var workspace: Workspace { deployer.workspace }
    private var ports: Ports { workspace.ports }
    private var reader: StateRemainsReader {
        StateRemainsReader(workspace: workspace, definitions: deployer.definitions)
    }

    /// Nothing runs meanwhile.
    ///
    /// - Throws: `.locked` where a run is under way, `.invalidDefinition` where root would work on what is another account's.
    public func restore() throws(DeployError) -> Result {
        try EnvironmentLock(workspace).refuseRootForOthers()
        let reader = reader
        let locks = try reader.environments.map { name throws(DeployError) in try lock(name) }
        defer { withExtendedLifetime(locks) {} }
        var remains = reader.read()
        remains.entry = deployer.audit.entry(.rebuild, on: subject(remains))
        let state = try ports.state.restore(with: remains)
        var result = Result(state: state, unproved: [], unknown: [], doubts: [])
        sweep()
        guard state.source != .whole else { return result }
        result.unproved = remains.backups.filter {
            $0.verified == .no && state.backups.contains($0.timestamp)
        }
        result.unknown = try unknownReleases()
        let sources = Set(definitions.compactMap(\.promotion?.from).map(ByteText.init))
        result.doubts = try Rebuilding.doubts(in: ports.state).sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        .filter { sources.contains(ByteText($0.key)) }
        .map { Doubt(environment: $0.key, why: $0.value) }
        do throws(DeployError) { try deployer.audit.anchorNow() } catch { result.unanchored = error }
        return result
    }

    /// What rebuildings made beside the state that were cut off.
    private func sweep() {
        let tool = Layout.tool(workspace.project)
        for name in ports.files.names(in: tool) {
            let made = name.before("-journal").map(String.init) ?? name
            guard let writer = PassingName.writer(of: made), ports.processes.identity(of: writer) == nil
            else { continue }
            do throws(DeployError) { try ports.files.remove("\(tool)/\(name)") } catch {
                deployer.report(.warned("\(tool)/\(name) stays: \(error.why)"))
            }
        }
    }

    private func subject(_ remains: StateRemains) -> String {
        let told = remains.runs.filter { $0.plan == nil }.count
        return
            "\(remains.runs.count - told) records of runs, \(told) logs, \(remains.releases.count) releases, "
            + "\(remains.backups.count) backups"
    }

    private var definitions: [Environment] {
        deployer.definitions.names().compactMap { try? deployer.definitions.load($0) }
    }

    private func unknownReleases() throws(DeployError) -> [UnknownRelease] {
        var unknown: [UnknownRelease] = []
        for environment in definitions {
            guard let release = workspace.serving(environment),
                try FactsCollector(workspace).currentRelease(of: environment.name) == nil
            else { continue }
            unknown.append(UnknownRelease(environment: environment.name, release: release))
        }
        return unknown
    }

    private func lock(_ environment: String) throws(DeployError) -> any HeldLock {
        let path = Layout.lock(workspace.project, environment: environment)
        guard let lock = try ports.files.lock(path) else {
            throw DeployError(
                .locked, what: "A run is under way in \(environment)",
                why: "a state is not put back under a run", next: "wait for it, then run this again")
        }
        return lock
    }
}
