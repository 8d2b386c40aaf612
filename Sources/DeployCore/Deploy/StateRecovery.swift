/// Puts back a state that is lost or damaged, and lists again the backups that lie on disk.
public struct StateRecovery: Sendable {
    let workspace: Workspace
    let definitions: DefinitionLoader

    public init(_ workspace: Workspace, definitions: DefinitionLoader) {
        self.workspace = workspace
        self.definitions = definitions
    }

    public struct Result: Sendable {
        public var state: StateRestoration
        /// Backups that lay on disk and that the state did not know, oldest first; they count once they are proved.
        public var adopted: [Backup]
        /// Environments that were given a release of which the state knows nothing any more.
        public var unknown: [UnknownRelease]
    }

    /// What serves in an environment by its own record.
    public struct UnknownRelease: Hashable, Encodable, Sendable {
        public var environment: String
        public var release: Timestamp
    }

    private var ports: Ports { workspace.ports }
    private var files: any FileStore { ports.files }

    /// Nothing runs meanwhile.
    ///
    /// - Throws: `.locked` where a run is under way.
    public func restore() throws(DeployError) -> Result {
        let locks = try known.map { name throws(DeployError) in try lock(name) }
        defer { withExtendedLifetime(locks) {} }
        let state = try ports.state.restore(after: newest)
        var adopted: [Backup] = []
        // A backup that a whole state does not know was brought by somebody else.
        guard state.source != .whole else { return Result(state: state, adopted: [], unknown: []) }
        for layout in layouts {
            for backup in names(in: layout.backups) where try ports.state.backup(backup) == nil {
                if let found = adoptable(backup, in: layout) {
                    try ports.state.record(found)
                    adopted.append(found)
                }
            }
        }
        return Result(state: state, adopted: adopted, unknown: try unknownReleases())
    }

    private func unknownReleases() throws(DeployError) -> [UnknownRelease] {
        var unknown: [UnknownRelease] = []
        for layout in layouts {
            guard let release = workspace.site(layout.environment).records.current?.release,
                try ports.state.release(release) == nil
            else { continue }
            unknown.append(UnknownRelease(environment: layout.environment.name, release: release))
        }
        return unknown
    }

    /// Environments that anything was ever started for.
    private var known: [String] {
        let tool = Layout.tool(workspace.project)
        return files.names(in: tool).filter {
            !$0.begins(with: ".") && files.kind(of: "\(tool)/\($0)") == .folder
        }
    }

    private func lock(_ environment: String) throws(DeployError) -> any HeldLock {
        let path = Layout.lock(workspace.project, environment: environment)
        guard let lock = try files.lock(path) else {
            throw DeployError(
                .locked, what: "A run is under way in \(environment)",
                why: "a state is not put back under a run", next: "wait for it, then run this again")
        }
        return lock
    }

    private var layouts: [Layout] {
        definitions.names().compactMap { try? definitions.load($0) }.map { workspace.site($0).layout }
    }

    private func names(in folder: String) -> [Timestamp] {
        files.names(in: folder).compactMap { Timestamp(digits: $0) }.sorted()
    }

    /// The latest name that anything on disk has.
    private var newest: Timestamp? {
        let tool = Layout.tool(workspace.project)
        let folders =
            known.flatMap { ["\(tool)/\($0)/releases", "\(tool)/\($0)/run"] }
            + layouts.flatMap { [$0.backups, $0.run] }
        return folders.flatMap(names).max()
    }

    /// As it lies there; nil where it is none of this environment.
    private func adoptable(_ backup: Timestamp, in layout: Layout) -> Backup? {
        let folder = layout.backup(backup)
        guard let digest = try? files.digest(of: "\(folder)/\(BackupManifest.fileName)").sha256,
            let manifest = try? BackupReader(workspace.site(layout.environment))
                .manifest(in: folder, recorded: digest),
            manifest.timestamp == backup, manifest.environment == layout.environment.name,
            manifest.project == layout.environment.project
        else { return nil }
        return Backup(
            timestamp: backup, environment: manifest.environment, deployment: nil, release: manifest.release,
            bytes: manifest.bytes, sha256: digest, verified: .no, restoreSeconds: nil,
            createdAt: manifest.takenAt)
    }
}
