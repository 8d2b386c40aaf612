import FoundationEssentials

/// Tries the newest kit in a folder of its own: opens it, restores its data beside everything, compares every row, and starts
/// its releases on that; nothing of it is left.
public struct KitDrill: Sendable {
    private let deployer: Deployer
    private let folder: String
    private let openTrial: @Sendable (String) -> Deployer

    /// `folder` holds folders of a moment; `openTrial` makes what works on the project in one of them.
    public init(
        of deployer: Deployer, in folder: String, openTrial: @escaping @Sendable (String) -> Deployer
    ) {
        (self.deployer, self.folder, self.openTrial) = (deployer, folder, openTrial)
    }

    public struct Outcome: Sendable {
        /// Absolute.
        public let path: String
        public let manifest: KitManifest
        /// What bringing it up took, restoring and starting included.
        public let seconds: Double
        /// Environments whose data was restored and compared, and whose release was not started, with why.
        public let unstarted: [String]
    }

    private var ports: Ports { deployer.ports }
    private var files: any FileStore { ports.files }
    private var project: String { deployer.workspace.project }
    private var ledger: KitLedger { KitLedger(files: files, project: project) }

    /// - Throws: `.notFound` where no kit was made, `.unhealthy` where it does not come up.
    public func carryOut() throws(DeployError) -> Outcome {
        guard var entry = ledger.entry else {
            throw DeployError(
                .notFound, what: "There is no kit to try", why: "none was made here",
                next: "deployctl kit create")
        }
        let lock = try KitRoom.lock(project, files)
        defer { withExtendedLifetime(lock) {} }
        if let left = entry.trial { try clear(left) }
        let place = "\(folder)/\(RandomWord.make("dkit-"))"
        entry.trial = place
        try ledger.write(entry)
        let began = ports.clock.now()
        do throws(DeployError) {
            let audit = deployer.audit
            let (manifest, unstarted) = try audit.around(audit.entry(.drillKit, on: Path.name(entry.path))) {
                () throws(DeployError) in
                try bringUp(entry, in: place)
            }
            (entry.drilledAt, entry.failure, entry.trial) = (ports.clock.now(), nil, nil)
            entry.unstarted = unstarted
            try ledger.write(entry)
            return Outcome(
                path: entry.path, manifest: manifest, seconds: ports.clock.now().timeIntervalSince(began),
                unstarted: unstarted)
        } catch {
            guard ![.interrupted, .terminated, .hungUp, .locked, .unfinishedRun].contains(error.code) else {
                throw error
            }
            (entry.drilledAt, entry.failure) = (ports.clock.now(), "\(error.what): \(error.why)")
            if files.kind(of: place) == nil { entry.trial = nil }
            try ledger.write(entry)
            throw DeployError(
                .unhealthy, what: "The newest kit does not come up",
                why: "\(entry.path): \(error.what): \(error.why)",
                next: "mend what it says, then deployctl kit create and deployctl kit drill")
        }
    }

    private func bringUp(
        _ entry: KitLedger.Entry, in place: String
    ) throws(DeployError) -> (KitManifest, [String]) {
        guard files.kind(of: entry.path) == .file, try files.digest(of: entry.path).sha256 == entry.sha256
        else { throw OpenedKit.damaged("\(entry.path) is gone, or not what was made") }
        let trial = openTrial(place)
        do throws(DeployError) {
            try files.makeFolder(place)
            try files.grant(.passageForAll, at: place)
            let found = try rehearse(try open(entry.path, trial), trial)
            try files.remove(place)
            return found
        } catch {
            ports.interruption.shield()
            try? clear(place)
            throw error
        }
    }

    private func open(_ path: String, _ trial: Deployer) throws(DeployError) -> KitManifest {
        let room = KitRoom.path(trial.workspace.project)
        let all = try deployer.definitions.loadAll()
        let packed = all.filter { environment in
            ledger.entry?.environments?.contains { $0 == environment.name } ?? true
        }
        let file = KitFile(
            ports: trial.ports, encryptor: try KitWriter.encryptor(of: packed, at: deployer.workspace),
            scratch: "\(room)/unpack")
        let kit = try file.open(path, to: "\(room)/open")
        let state = openTrial(kit.folder).ports.state
        var environments = try KitExamination(kit: kit, ports: trial.ports, state: state).carryOut()
        environments = environments.mapValues(Self.beside)
        var manifest = kit.manifest
        for index in manifest.environments.indices { manifest.environments[index].builtAt = nil }
        let placed = OpenedKit(files: files, folder: kit.folder, manifest: manifest, content: kit.content)
        try KitPlacement(
            workspace: trial.workspace, definitions: trial.definitions.folder, kit: placed,
            environments: environments
        ).carryOut()
        try files.remove(room)
        return kit.manifest
    }

    /// As it is, but for what lies outside of the project's folder and belongs to what runs, and for workers, which would
    /// take the jobs of those that run.
    public static func beside(_ environment: Environment) -> Environment {
        var trial = environment
        let workers = Set(environment.workers.map(\.name))
        trial.services.removeAll { workers.contains($0.name) }
        trial.runtime.sockets = nil
        trial.backup.directory = "backups/\(environment.name)"
        trial.logs = "logs/\(environment.name)"
        return trial
    }

    private func rehearse(
        _ manifest: KitManifest, _ trial: Deployer
    ) throws(DeployError) -> (KitManifest, [String]) {
        var unstarted: [String] = []
        for place in manifest.environments {
            try lendSecrets(of: place.name, to: trial)
            // Nothing else uses the environment's server meanwhile.
            let why = try deployer.exclusively(in: place.name, for: "deployctl kit drill") {
                () throws(DeployError) in try rehearse(place, trial)
            }
            if let why {
                unstarted.append("\(place.name) was not started: \(why)")
                continue
            }
            unstarted += try deployer.deployedDefinitions.load(place.name).workers.map {
                "\(place.name)'s \($0.name) was not started: it would take jobs of the one that runs"
            }
        }
        return (manifest, unstarted)
    }

    /// Why its release was not started; nil where it was.
    private func rehearse(_ place: KitManifest.Place, _ trial: Deployer) throws(DeployError) -> String? {
        let environment = try trial.deployedDefinitions.load(place.name)
        let hasOnePlace = environment.serviceRuntime.isolates || environment.runtime.strategy == .ownTool
        guard place.serves, !hasOnePlace, place.builtAt == nil else {
            if let backup = place.backup, let known = try trial.ports.state.backup(backup) {
                let site = trial.workspace.site(environment)
                _ = try BackupReader(site).prove(
                    in: site.layout.backup(backup), recorded: known.sha256, verification: .restore)
            }
            guard place.serves else { return "it was stopped when the kit was made" }
            return place.builtAt == nil
                ? "its runtime has one place for a release, which serves" : "it runs where it was built alone"
        }
        _ = try trial.rollback(place.name, to: KitAdoption.request(place)).rehearse()
        return nil
    }

    /// Values that lie in files of the project are those of this machine; the kit may hold none.
    private func lendSecrets(of name: String, to trial: Deployer) throws(DeployError) {
        for path in try trial.deployedDefinitions.load(name).secretFiles where !path.begins(with: "/") {
            let (own, lent) = ("\(project)/\(path)", "\(trial.workspace.project)/\(path)")
            guard files.kind(of: own) == .file, files.kind(of: lent) == nil else { continue }
            try files.makeFolder(Path.parent(lent))
            try files.copy(own, to: lent, atMost: 1 << 20)
        }
    }

    /// Ends what a trial that was cut off left running, and removes its folder.
    private func clear(_ place: String) throws(DeployError) {
        guard files.kind(of: place) == .folder else { return }
        try files.refuseStranger(on: place)
        let trial = openTrial(place)
        if files.kind(of: Layout.state(place)) != nil {
            for name in trial.definitions.names() where try trial.ports.state.unfinished(in: name) != nil {
                _ = try Recovery(deployer: trial).abort(name)
            }
        }
        try files.remove(place)
    }
}
