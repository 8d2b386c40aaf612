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

    public struct Adopted: Sendable {
        public let manifest: KitManifest
        /// Secrets whose value is not the one the lost machine had.
        public let changed: [KitManifest.Secret]
        /// Of all restored backups together, each compared with its hash.
        public let rows: Int64
    }

    private var workspace: Workspace { deployer.workspace }
    private var ports: Ports { deployer.ports }
    private var files: any FileStore { ports.files }
    private var project: String { workspace.project }
    private var room: String { KitRoom.path(project) }

    /// `bringUp` gives an environment its release and data back, with the word of whoever has to consent.
    ///
    /// - Throws: `.gateRefused` where something is here, `.backupFailed` where the kit is not whole, `.invalidDefinition` where
    ///   secrets are missing; what was placed stays, and the same command goes on.
    public func carryOut(
        _ path: String,
        bringUp: (_ deployer: Deployer, _ environment: String, _ request: RollbackRequest) throws(DeployError)
            ->
            Void
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
        for folder in folders {
            for name in files.names(in: folder) {
                guard let writer = PassingName.writer(of: name), ports.processes.identity(of: writer) == nil
                else { continue }
                try files.remove("\(folder)/\(name)")
            }
        }
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
            guard files.names(in: "\(tool)/\(name)") == [lock] else {
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

extension KitAdoption {
    /// Backups that stayed on the lost machine are listed no more.
    private func forgetLost() throws(DeployError) {
        for name in deployer.definitions.names() {
            let layout = workspace.site(try deployer.deployedDefinitions.load(name)).layout
            for backup in try ports.state.backups(of: name)
            where files.kind(of: layout.backup(backup.timestamp)) == nil {
                try ports.state.markRemoved(backup.timestamp, at: ports.clock.now())
            }
        }
    }

    /// - Throws: `.invalidDefinition` with everything that only this machine can have and does not.
    private func refuseMissing(_ manifest: KitManifest) throws(DeployError) {
        var missing: [(text: String, next: String)] = []
        for place in manifest.environments {
            let environment = try deployer.deployedDefinitions.load(place.name)
            let layout = workspace.site(environment).layout
            let asked = try Secrets(deployer, environment: place.name).all().filter {
                $0.standing == .missing
            }
            missing += asked.map {
                (
                    "\(place.name) \($0.name)",
                    $0.obstacle?.next ?? "deployctl secret set \(place.name) \(ShellText.quoted($0.name))"
                )
            }
            let known = environment.secretsToSet.values.compactMap { source in
                if case .file(let path) = source { path } else { nil }
            }
            let tls = environment.tls.map { $0.acme == nil ? [$0.certificate] : [] } ?? []
            let others = (environment.secretFiles + tls).filter { path in
                !known.contains { $0 == path }
                    && (environment.tls?.acme == nil || path != environment.tls?.key)
            }
            for path in others where files.kind(of: layout.absolute(path)) == nil {
                let text = "the file \(Shown.text(layout.absolute(path), limit: 4096))"
                guard !missing.contains(where: { $0.text == text }) else { continue }
                missing.append((text, "put \(text) there with mode 0600"))
            }
            _ = try workspace.site(environment).account()
        }
        guard let first = missing.first else { return }
        let names = missing.map { Shown.text($0.text, limit: 4096) }.joined(separator: ", ")
        throw DeployError(
            .invalidDefinition,
            what: "\(missing.count) secret\(missing.count == 1 ? " is" : "s are") missing here",
            why: "the kit holds no value of \(names); what else it holds is in place",
            next: "\(first.next)\(missing.count == 1 ? "" : ", and so on"); then run this again")
    }

    private func start(
        _ place: KitManifest.Place, of manifest: KitManifest,
        _ bringUp: (Deployer, String, RollbackRequest) throws(DeployError) -> Void
    ) throws(DeployError) {
        let deployer = deployer.adopting
        if try ports.state.unfinished(in: place.name) != nil {
            _ = try Recovery(deployer: deployer).resume(place.name)
        }
        let environment = try deployer.deployedDefinitions.load(place.name)
        let current = try deployer.collector.currentRelease(of: place.name)?.timestamp
        guard current == place.release else {
            throw foreign(place, "release \(current.map { "\($0)" } ?? "none") is its newest")
        }
        let isBroughtUp = try wasBroughtUp(place, since: manifest.name)
        if try serves(place, environment) {
            guard isBroughtUp || place.backup == nil else { throw foreign(place, "it serves other data") }
            return
        }
        if isBroughtUp {
            _ = try deployer.operation(.start, of: place.name, service: nil).carryOut()
        } else {
            try refuseRows(environment)
            try bringUp(deployer, place.name, Self.request(place))
        }
        guard try serves(place, environment) else {
            throw DeployError(
                .needsPerson, what: "\(place.name) does not serve release \(place.release)",
                why: "it was brought up, and is not well", next: "deployctl status \(place.name)")
        }
    }

    private func foreign(_ place: KitManifest.Place, _ why: String) -> DeployError {
        DeployError(
            .gateRefused, what: "\(place.name) is not what the kit placed here",
            why: "\(why); its data was not restored, and nothing was changed",
            next:
                "to keep what is there, remove \(ShellText.quoted(room)); to have the kit's data, deployctl stop \(place.name) as well, "
                + "then deployctl backup restore \(place.name) \(place.backup.map { "\($0)" } ?? "TS")")
    }

    static func request(_ place: KitManifest.Place) -> RollbackRequest {
        RollbackRequest(
            target: (place.backup ?? place.release).description,
            scope: place.backup == nil ? .codeOnly : .dataOnly, skipsSafetyBackup: false)
    }

    private func serves(_ place: KitManifest.Place, _ environment: Environment) throws(DeployError) -> Bool {
        let facts = try deployer.collector.collect(environment, starting: false)
        return facts.serving?.release == place.release && facts.servingRuns
            && facts.look(in: workspace).servesWell
    }

    /// Data that was brought back once has been written to since.
    private func wasBroughtUp(_ place: KitManifest.Place, since kit: Timestamp) throws(DeployError) -> Bool {
        try ports.state.deployments(of: place.name, kinds: [.restore, .rollback], limit: .max)
            .contains { $0.timestamp > kit && $0.outcome == .succeeded }
    }

    /// - Throws: `.gateRefused` where a server holds rows under the database's name, which nobody asked to lose.
    private func refuseRows(_ environment: Environment) throws(DeployError) {
        guard environment.database.map({ $0.engine != .sqlite }) == true,
            let database = try deployer.collector.collect(environment, starting: false).database
        else { return }
        let rows = try workspace.site(environment).database.summarise(database).tables.reduce(0) {
            $0 + $1.rows
        }
        guard rows > 0 else { return }
        throw DeployError(
            .gateRefused,
            what: "Database \(Shown.text(database.name)) of \(environment.name) holds rows already",
            why: "there are \(rows), which are not the kit's; nothing of them was changed",
            next: "rename or drop that database, then run this again")
    }

    private func changed(_ manifest: KitManifest) throws(DeployError) -> [KitManifest.Secret] {
        var found: [KitManifest.Secret] = []
        for place in manifest.environments {
            let states = try Secrets(deployer, environment: place.name).all()
            found += manifest.secrets.filter { secret in
                secret.environment == place.name && secret.fingerprint != nil
                    && states.contains { $0.name == secret.name && $0.fingerprint != secret.fingerprint }
            }
        }
        return found
    }

    private func rows(_ manifest: KitManifest) throws(DeployError) -> Int64 {
        var rows: Int64 = 0
        for place in manifest.environments where place.serves {
            guard let name = place.backup, let known = try ports.state.backup(name) else { continue }
            let site = workspace.site(try deployer.deployedDefinitions.load(place.name))
            let backup = try BackupReader(site).manifest(in: site.layout.backup(name), recorded: known.sha256)
            rows += backup.database?.summary.tables.reduce(0) { $0 + $1.rows } ?? 0
        }
        return rows
    }
}
