import FoundationEssentials

/// Brings a project up from its kit, on a machine where nothing of it is.
public struct KitAdoption: Sendable {
    let deployer: Deployer
    /// age: the file that opens the kit, absolute; nil for gpg's key ring.
    let identity: String?
    /// The state of a project's folder.
    let openState: @Sendable (String) -> any StateStore

    public init(
        _ deployer: Deployer, identity: String?, openState: @escaping @Sendable (String) -> any StateStore
    ) {
        (self.deployer, self.identity, self.openState) = (deployer, identity, openState)
    }

    /// Gives an environment its release and data back, by that deployer.
    public typealias BringUp =
        (_ deployer: Deployer, _ environment: String, _ request: RollbackRequest) throws(DeployError) -> Void

    public struct Adopted: Sendable {
        public let manifest: KitManifest
        /// Secrets whose value is not the one the lost machine had.
        public let changed: [KitManifest.Secret]
        /// Of all restored backups together, each compared with its hash.
        public let rows: Int64
    }

    var workspace: Workspace { deployer.workspace }
    var ports: Ports { deployer.ports }
    var files: any FileStore { ports.files }
    var project: String { workspace.project }
    var room: String { KitRoom.path(project) }

    /// `bringUp` gives an environment its release and data back, with the word of whoever has to consent.
    ///
    /// - Throws: `.gateRefused` where something is here, `.backupFailed` where the kit is not whole, `.invalidDefinition` where
    ///   secrets are missing; what was placed stays, and the same command goes on.
    public func carryOut(
        _ path: String,
        bringUp: BringUp
    ) throws(DeployError) -> Adopted {
        let digest = try digest(of: path)
        let tool = try tool(of: path)
        _ = try begun(digest)
        let isNew = files.kind(of: Layout.tool(project)) == nil
        try EnvironmentLock(workspace).makeToolFolder()
        let lock = try KitRoom.lock(project, files)
        defer { withExtendedLifetime(lock) {} }
        let manifest: KitManifest
        do throws(DeployError) {
            if let begun = try begun(digest), begun.isPlaced {
                manifest = begun.manifest
            } else {
                manifest = try place(path, digest, tool)
            }
        } catch {
            if !hasMark { leave(wasNew: isNew) }
            throw error
        }
        try refuseMissing(manifest)
        let entry = deployer.audit.entry(.adoptKit, on: Path.name(path))
        return try deployer.audit.around(entry) { () throws(DeployError) in
            for place in manifest.environments where place.serves { try start(place, of: manifest, bringUp) }
            let adopted = Adopted(
                manifest: manifest, changed: try changed(manifest), rows: try rows(manifest))
            try sweep(manifest)
            try files.remove(room)
            return adopted
        }
    }

    /// What somebody else made meanwhile stays.
    private func leave(wasNew: Bool) {
        let tool = Layout.tool(project)
        try? files.remove(room)
        guard wasNew, files.names(in: tool).allSatisfy({ $0 == Self.ignoring }) else { return }
        try? files.remove(tool)
    }

    /// What an adoption that was killed was about to put to its place.
    private func sweep(_ manifest: KitManifest) throws(DeployError) {
        var folders: Set = [Layout.tool(project)]
        for place in manifest.environments {
            let layout = workspace.site(try deployer.deployedDefinitions.load(place.name)).layout
            folders.insert(Path.parent(layout.backups))
        }
        for folder in folders { try UnfinishedFiles(ports: ports).remove(in: folder) }
    }

    private static let ignoring = ".gitignore"

    /// Whether anything of a kit may be in place.
    private var hasMark: Bool { (try? KitMark.read(in: project, files)) != .some(nil) }

    private func digest(of path: String) throws(DeployError) -> String {
        guard files.kind(of: path) == .file else {
            throw DeployError(
                .notFound, what: "There is no file \(Shown.text(path, limit: 4096))",
                why: "a kit is one file",
                next: "deployctl help kit adopt")
        }
        return try files.digest(of: path).sha256
    }

    private func tool(of path: String) throws(DeployError) -> BackupEncryptor.Tool {
        guard let tool = BackupEncryptor.Tool(of: path) else {
            throw DeployError(
                .usage, what: "\(Shown.text(path, limit: 4096)) is no kit",
                why: "its name ends neither with .age nor with .gpg", next: "deployctl help kit adopt")
        }
        guard tool == .gpg || identity != nil else {
            throw DeployError(
                .usage, what: "The kit is encrypted with age",
                why: "--identity does not say which file opens it; nothing was changed",
                next: "deployctl help kit adopt")
        }
        return tool
    }

    /// The mark of this kit where it was begun here before; nothing else may be here.
    private func begun(_ digest: String) throws(DeployError) -> KitMark? {
        if let mark = try KitMark.read(in: project, files) {
            guard mark.sha256 == digest else {
                throw DeployError(
                    .gateRefused, what: "Another kit is being adopted here",
                    why:
                        "it was made \(UTC.rfc3339(mark.manifest.createdAt)) and has SHA-256 \(mark.sha256); nothing was changed",
                    next: "adopt that one to its end, or go to an empty folder")
            }
            return mark
        }
        let own: Set = [Path.name(room), Self.ignoring, Path.name(Layout.farMark(project))]
        let tool = Layout.tool(project)
        // What a command that was killed was about to put to its place is nobody's.
        for name in files.names(in: tool) where !own.contains(name) && PassingName.writer(of: name) == nil {
            let lock = Path.name(Layout.lock(project, environment: name))
            // An environment that something was locked in, and nothing done.
            guard files.names(in: "\(tool)/\(name)") == [lock],
                !files.isLocked("\(tool)/\(name)/\(lock)")
            else {
                throw KitPlacement.there("\(tool)/\(name)")
            }
        }
        return nil
    }

    private func examined(
        _ path: String, _ tool: BackupEncryptor.Tool
    ) throws(DeployError) -> (kit: OpenedKit, environments: [String: Environment]) {
        let kit = try KitFile(ports: ports, encryptor: encryptor(tool), scratch: "\(room)/unpack")
            .open(path, to: "\(room)/open")
        let state = openState(kit.folder)
        return (kit, try KitExamination(kit: kit, ports: ports, state: state).carryOut())
    }

    private func encryptor(_ tool: BackupEncryptor.Tool) -> BackupEncryptor {
        var environment = Environment(name: "kit", project: "kit")
        environment.backup.encryption = .init(tool: tool, recipients: [], identity: identity)
        return BackupEncryptor(
            tool, workspace.site(environment).layout, files: files, commands: ports.commands)
    }

    /// Puts everything in its place, or goes on with that.
    private func place(
        _ path: String, _ digest: String, _ tool: BackupEncryptor.Tool
    ) throws(DeployError) -> KitManifest {
        let (kit, environments) = try examined(path, tool)
        let placement = KitPlacement(
            workspace: workspace, definitions: deployer.definitions.folder, kit: kit,
            environments: environments)
        var mark = KitMark(sha256: digest, manifest: kit.manifest)
        if try KitMark.read(in: project, files) == nil {
            try placement.refuseOthers()
            // It took its time to be opened.
            _ = try begun(digest)
            try mark.write(in: project, files)
        }
        try placement.carryOut()
        try placement.refuseOtherState()
        try forgetLost()
        mark.isPlaced = true
        try mark.write(in: project, files)
        try files.remove("\(room)/open")
        return kit.manifest
    }
}
