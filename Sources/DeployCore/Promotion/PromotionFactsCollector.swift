import FoundationEssentials

/// Gathers what the gates judge by; whatever cannot be read stays nil.
///
/// Everything that waits for another program runs together, so that the slowest one decides how long it takes.
public struct PromotionFactsCollector: Sendable {
    let workspace: Workspace
    let definitions: DefinitionLoader

    private var ports: Ports { workspace.ports }

    public init(
        _ workspace: Workspace, definitions: DefinitionLoader
    ) {
        self.workspace = workspace
        self.definitions = definitions
    }

    /// What somebody who looked just now has seen already.
    public struct Seen: Sendable {
        public var sourceComplaints: [String]
        public var uncommitted: Int?

        public init(sourceComplaints: [String], uncommitted: Int?) {
            self.sourceComplaints = sourceComplaints
            self.uncommitted = uncommitted
        }
    }

    /// Facts about the release asked for, or about the one current at the source when `requested` is nil.
    ///
    /// Without a source, `branch` is that of the commit that would be built. With `reusing`, checks, load and
    /// commands measured no longer ago than this for the same release are not measured again. The target is
    /// looked at, as everything else that no program has to know, while the programs run.
    public func collect(
        source: EnvironmentFacts?, target: Environment, requested: Release?, branch: String? = nil,
        reusing: Duration? = nil, seen: Seen? = nil,
        lookingAtTarget look: () throws(DeployError) -> EnvironmentFacts
    ) throws(DeployError) -> (facts: PromotionFacts, target: EnvironmentFacts) {
        var facts = PromotionFacts(
            source: source?.environment.name ?? target.name, target: target.name,
            rules: target.promotion ?? Environment.Promotion(from: nil), at: ports.clock.now())
        facts.staged = source?.release
        facts.release = requested ?? source?.release
        facts.code.branch = facts.release?.branch ?? branch
        facts.code.allowedBranches = target.branches
        // What was measured before is known by the definitions' digest.
        let early = reusing == nil ? nil : try look()
        if let early, facts.rules.dependsOnDefinitions { facts.definitionDigest = Self.digest(source, early) }
        let probes = PromotionProbes(workspace: workspace, source: source, target: target)
        var asked = probes.ask(facts, reusing: reusing, seen: seen)
        var looked: Result<EnvironmentFacts, DeployError>?
        asked.wave.run(ports.commands) {
            let found = early.map { .success($0) } ?? Result(catching: look)
            if let known = try? found.get() { readWithoutPrograms(source, known, into: &facts, seen == nil) }
            looked = found
        }
        guard let found = try looked?.get() else {
            throw DeployError(
                .unexpected, what: "\(target.name) was not looked at", why: "its probes did not run",
                next: "report this as a bug")
        }
        probes.read(asked, into: &facts)
        return (facts, found)
    }

    private func readWithoutPrograms(
        _ source: EnvironmentFacts?, _ target: EnvironmentFacts, into facts: inout PromotionFacts,
        _ looksAtSource: Bool
    ) {
        if facts.definitionDigest == nil, facts.rules.dependsOnDefinitions {
            facts.definitionDigest = Self.digest(source, target)
        }
        if let source {
            if looksAtSource {
                facts.sourceComplaints = Observer(workspace).silentComplaints(source)
            }
            readSource(source, into: &facts)
        }
        readData(source, target, into: &facts)
        readPeople(into: &facts)
        if let all = try? definitions.loadAll() {
            facts.collisions = Isolation.findings(all).filter { !$0.onPurpose }.map(\.what)
        }
    }

    /// What signatures are bound to besides the release.
    static func digest(_ source: EnvironmentFacts?, _ target: EnvironmentFacts) -> String? {
        guard let left = try? source.map({ try JSON.text($0.environment) }) ?? "",
            let right = try? JSON.text(target.environment)
        else { return nil }
        return SHA256.hexadecimal(of: "\(left)\n\(right)")
    }

    private func readSource(_ source: EnvironmentFacts, into facts: inout PromotionFacts) {
        let site = workspace.site(source.environment)
        if let release = facts.release {
            do throws(DeployError) {
                try ReleaseSeal(site).verify(
                    release.timestamp, digest: release.digest)
                facts.sealComplaints = []
            } catch {
                facts.sealComplaints = [error.why]
            }
        }
        let name = source.environment.name
        let touching = Deployment.Kind.allCases.filter(\.touchesServices)
        guard let runs = try? ports.state.deployments(of: name, kinds: touching, limit: 1000),
            let last = try? ports.state.releaseMoves(of: name, limit: 1).first
        else { return }
        facts.undisturbedSince = undisturbed(runs + [last], site)
        if let deployed = try? ports.state.definition(of: last.timestamp) {
            facts.changedKeys = try? DefinitionDifference.keys(deployed, source.environment)
        }
        if let positions = try? ports.state.logPositions(of: last.timestamp),
            !facts.rules.forbiddenInLogs.isEmpty
        {
            facts.proofs.forbiddenLines = LogSearch(site)
                .forbidden(facts.rules.forbiddenInLogs, since: positions)
        }
    }

    /// The latest of every run that touched the services and of every service's own start.
    private func undisturbed(_ runs: [Deployment], _ site: Site) -> Date? {
        guard let last = runs.first(where: { $0.outcome != .failed }), let ended = last.finishedAt else {
            return nil
        }
        let services = site.records.current?.services.map(\.since)
        guard let services else { return nil }
        return (services + [ended]).max()
    }

    private func readData(
        _ source: EnvironmentFacts?, _ target: EnvironmentFacts, into facts: inout PromotionFacts
    ) {
        let site = workspace.site(target.environment)
        let layout = site.layout
        facts.data.needsBackup = target.environment.backup.beforeDeploy && target.hasData
        let room = DataRoom(site)
        facts.data.bytes = room.bytes(of: target.database)
        facts.data.backupFolder = layout.backups
        facts.data.freeBytes = room.free
        guard let source, let release = facts.release else { return }
        switch target.environment.migrations {
        case .directory(let directory):
            let place = workspace.site(source.environment).layout.release(release.timestamp)
            facts.data.files = try? MigrationFolder(files: ports.files).read("\(place)/\(directory)")
            facts.data.recorded = recorded(target)
            facts.data.proved = recorded(source)
        case .command:
            facts.data.migratesItself = true
            (facts.data.files, facts.data.recorded, facts.data.proved) = ([], [], [])
        case nil: (facts.data.files, facts.data.recorded, facts.data.proved) = ([], [], [])
        }
    }

    private func recorded(_ facts: EnvironmentFacts) -> [AppliedMigration]? {
        let engine = workspace.site(facts.environment).database
        guard let database = facts.database, (try? engine.exists(database)) != false else { return [] }
        return try? engine.appliedMigrations(database)
    }

    private func readPeople(into facts: inout PromotionFacts) {
        let state = ports.state
        facts.people.performers = try? state.performers()
        if let release = facts.release {
            facts.people.signatures = try? state.releaseApprovals(of: nil).filter {
                $0.release == release.timestamp || $0.releaseDigest == release.digest
            }
            facts.people.vetoes = try? state.vetoes(of: release.timestamp)
        } else {
            facts.people.vetoes = []
        }
        do throws(DeployError) {
            facts.people.holds = try state.hold(on: facts.target).map { [$0] } ?? []
        } catch {
            facts.people.holds = nil
        }
    }
}

extension Environment.Promotion {
    /// Whether something is signed or measured that a change of the definitions voids.
    fileprivate var dependsOnDefinitions: Bool {
        !checklist.isEmpty || approvals > 0 || !checks.isEmpty || slo != nil || !commands.isEmpty
    }
}
