import FoundationEssentials

/// Packs a project for another machine: definitions, state, the releases that serve, and a proved backup of the data made
/// for it.
public struct KitWriter: Sendable {
    let deployer: Deployer
    /// The state of a project's folder.
    let openState: @Sendable (String) -> any StateStore

    public init(_ deployer: Deployer, openState: @escaping @Sendable (String) -> any StateStore) {
        (self.deployer, self.openState) = (deployer, openState)
    }

    public struct Written: Sendable {
        /// Absolute.
        public let path: String
        public let digest: FileDigest
        public let manifest: KitManifest
    }

    private var workspace: Workspace { deployer.workspace }
    private var ports: Ports { deployer.ports }
    private var files: any FileStore { ports.files }
    /// How many lie in the folder that nobody named.
    private static let kept = 3

    /// Of these environments, or of all when there is none; to `out`, absolute, or among the backups when it is nil.
    ///
    /// - Throws: `.notFound` where nothing is deployed, `.backupFailed` without a proved backup, `.invalidDefinition` where the
    ///   definitions name nobody for whom it could be encrypted.
    public func write(_ names: [String], to out: String?, withSecrets: Bool) throws(DeployError) -> Written {
        let all = try deployer.definitions.loadAll()
        let chosen =
            try names.isEmpty
            ? all
            : names.map { name throws(DeployError) in
                try deployer.definitions.load(name)
            }
        var environments: [Environment] = []
        for environment in chosen.filter({ $0.promotion == nil }) + chosen.filter({ $0.promotion != nil })
        where try deployer.collector.currentRelease(of: environment.name) != nil {
            environments.append(environment)
        }
        guard !environments.isEmpty else {
            throw DeployError(
                .notFound, what: "There is nothing to pack", why: "nothing is deployed",
                next: "deployctl staging")
        }
        let encryptor = try Self.encryptor(of: chosen, at: workspace)
        try encryptor.refuseUnready()
        if let out { try refuse(out, encryptor) }
        for environment in environments { try backUp(environment) }
        let lock = try KitRoom.lock(workspace.project, files)
        defer { withExtendedLifetime(lock) {} }
        defer { try? files.remove(KitRoom.making(workspace.project)) }
        return try write(environments, by: encryptor, to: out, withSecrets)
    }

    private func write(
        _ environments: [Environment], by encryptor: BackupEncryptor, to out: String?, _ withSecrets: Bool
    ) throws(DeployError) -> Written {
        let name = try ports.state.nextTimestamp(at: ports.clock.now())
        let path: String
        if let out { path = out } else { path = try self.path(name, encryptor) }
        let entry = deployer.audit.entry(.createKit, on: Path.name(path))
        return try deployer.audit.around(entry) { () throws(DeployError) in
            let making = KitRoom.making(workspace.project)
            let contents = KitContents(deployer: deployer, folder: "\(making)/kit")
            // What is packed is a copy: nobody waits while that is done.
            let manifest = try locked(environments.map(\.name)) { () throws(DeployError) in
                try KitSpace(workspace: workspace).demand(for: environments)
                return try contents.gather(environments, named: name, withSecrets: withSecrets)
            }
            let file = KitFile(ports: ports, encryptor: encryptor, scratch: "\(making)/pack")
            let digest = try file.seal(contents.folder, holding: manifest, to: path) {
                kit throws(DeployError) in
                _ = try KitExamination(kit: kit, ports: ports, state: openState(kit.folder)).carryOut()
            }
            let ledger = KitLedger(files: files, project: workspace.project)
            var entry = KitLedger.Entry(path: path, sha256: digest.sha256, createdAt: manifest.createdAt)
            (entry.environments, entry.trial) = (manifest.environments.map(\.name), ledger.entry?.trial)
            try ledger.write(entry)
            if out == nil { prune(Path.parent(path)) }
            return Written(path: path, digest: digest, manifest: manifest)
        }
    }

    /// What encrypts and opens kits of a project: what does so with backups of the environment that is promoted to.
    ///
    /// - Throws: `.invalidDefinition` where no definition names anybody, or they name different ones.
    static func encryptor(of environments: [Environment], at workspace: Workspace) throws(DeployError)
        -> BackupEncryptor
    {
        let ordered = environments.filter { $0.promotion != nil } + environments
        let named = ordered.filter { $0.backup.encryption != nil }
        if let first = named.first, let other = named.first(where: { !isSame($0, first) }) {
            throw DeployError(
                .invalidDefinition, what: "\(first.name) and \(other.name) are encrypted for different keys",
                why: "who may open the one kit of both is not known; nothing was written",
                next:
                    "make a kit of one of them: deployctl kit create \(first.name); or let both name the same"
            )
        }
        for environment in ordered {
            let layout = workspace.site(environment).layout
            let found = BackupEncryptor(
                layout, files: workspace.ports.files, commands: workspace.ports.commands)
            if let found { return found }
        }
        throw DeployError(
            .invalidDefinition, what: "Nobody is named for whom a kit could be encrypted",
            why: "a kit holds data and keys of the project, and is never written plain",
            next: "write \"backup\": {\"encrypt\": {…}} into a definition; deployctl help kit create")
    }

    private static func isSame(_ one: Environment, _ other: Environment) -> Bool {
        let (first, second) = (one.backup.encryption, other.backup.encryption)
        return first?.tool == second?.tool
            && Set((first?.recipients ?? []).map(ByteText.init))
                == Set((second?.recipients ?? []).map(ByteText.init))
    }

    private func refuse(_ out: String, _ encryptor: BackupEncryptor) throws(DeployError) {
        guard out.ends(with: encryptor.tool.ending) else {
            throw DeployError(
                .usage, what: "\(Shown.text(out, limit: 4096)) cannot be the name of a kit",
                why: "it is encrypted with \(encryptor.tool.rawValue), and its name tells so",
                next: "let it end with \(encryptor.tool.ending)")
        }
        guard files.kind(of: out) == nil else {
            throw DeployError(
                .gateRefused, what: "\(Shown.text(out, limit: 4096)) is there already",
                why: "a kit takes the place of nothing; nothing was changed", next: "name another file")
        }
    }

    /// Among the backups, of which git takes nothing.
    private func path(_ name: Timestamp, _ encryptor: BackupEncryptor) throws(DeployError) -> String {
        let folder = "\(workspace.project)/backups"
        try IgnoredFolder(files: files, project: workspace.project).make(folder)
        return "\(folder)/kits/\(name)\(Self.ending)\(encryptor.tool.ending)"
    }

    private static let ending = ".kit"

    /// A kit that cannot be removed now is removed by the next one.
    private func prune(_ folder: String) {
        let kits = files.names(in: folder).filter { name in
            Timestamp(digits: String(name.utf8.prefix(14)) ?? "") != nil
        }
        for name in kits.dropLast(Self.kept) { try? files.remove("\(folder)/\(name)") }
    }

    private func backUp(_ environment: Environment) throws(DeployError) {
        let facts = try deployer.collector.collect(environment, starting: false)
        guard facts.hasData, environment.keepsData else { return }
        let result = try deployer.operation(.backUp, of: environment.name, service: nil).carryOut()
        guard result.succeeded else {
            throw DeployError(
                .backupFailed, what: "There is no kit without a backup of \(environment.name)",
                why: "its backup did not come to its end", next: "deployctl history \(environment.name)")
        }
    }

    /// Nothing is deployed, and nothing is unfinished, meanwhile.
    private func locked<Value>(
        _ names: [String], _ body: () throws(DeployError) -> Value
    ) throws(DeployError) -> Value {
        guard let first = names.first else { return try body() }
        return try deployer.exclusively(in: first, for: "deployctl kit create") { () throws(DeployError) in
            try Recovery(deployer: deployer).settleBefore(try deployer.deployedDefinitions.load(first))
            return try locked(Array(names.dropFirst()), body)
        }
    }
}
