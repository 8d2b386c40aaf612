/// Orders steps; read this to learn what a deployment is.
///
/// Pure: equal facts and names give an equal list.
struct PlanBuilder {
    let facts: EnvironmentFacts
    let names: PlanNames

    var environment: Environment { facts.environment }
    var layout: Layout { facts.layout }

    func steps(for goal: PlanDraft.Goal) -> [Step] { hooked(bareSteps(for: goal), for: goal) }

    private func bareSteps(for goal: PlanDraft.Goal) -> [Step] {
        switch goal {
        case .build(let commit, let branch, let subject):
            let build = BuildRelease(
                release: names.deployment, commit: commit, branch: branch, subject: subject)
            return [.buildRelease(build)] + deploy(names.deployment, migrations: nil)
        case .redeploy(let release):
            let check = CheckRelease(release: release.timestamp, digest: release.digest)
            return [.checkRelease(check)] + deploy(release.timestamp, migrations: nil)
        case .promote(let release, let source, let migrations):
            let copy = CopyRelease(release: release.timestamp, digest: release.digest, source: source)
            return [.copyRelease(copy)]
                + deploy(release.timestamp, migrations: migrations, tagging: release.commit)
        case .rollback(let release, let data):
            let check = CheckRelease(release: release.timestamp, digest: release.digest)
            return [.checkRelease(check)] + rollback(release.timestamp, data: data)
        case .rehearse(let release, let data): return rehearse(release, on: data)
        case .restart(let service?):
            return checkCurrent + operate { [.stopService($0), .startService($1)] }(service)
        case .start(let service?):
            return checkCurrent + operate { _, start in [.startService(start)] }(service)
        case .stop(let service?): return operate { stop, _ in [.stopService(stop)] }(service)
        case .restart(nil), .start(nil):
            guard let release = facts.release?.timestamp else { return [] }
            return checkCurrent + startData(release, applies: false)
                + bringUp(release, database: facts.database, watching: false)
        case .stop(nil):
            return [.closeEdge(CloseEdge())] + stopServing + stopData
        case .backUp: return backUp() + copies + [.prune(Prune())]
        case .copy(let backup): return copiesAgain(of: backup)
        case .setFeature(let feature, let share):
            return [
                .setFeature(
                    SetFeature(
                        feature: feature.name, share: share, before: feature.share, replaces: feature.switched
                    ))
            ]
        case .nothing: return []
        }
    }

    private func deploy(_ release: Timestamp, migrations: [String]?, tagging commit: String? = nil) -> [Step]
    {
        let database = databaseForDeploy
        let fresh = environment.database?.fresh == true
        var steps: [Step] = []
        let certificate = obtainCertificate
        if environment.backup.beforeDeploy && !fresh { steps += backUp(rehearsing: rehearses) + copies }
        let asBefore = steps.isEmpty ? [] : startData(release, applies: false)
        if !steps.isEmpty, rehearses {
            steps.append(
                .rehearseMigrations(
                    RehearseMigrations(
                        release: release, backup: names.backup,
                        isRestored: environment.backup.verify == .restore)))
        }
        steps = certificate + asBefore + steps + startData(release, applies: true)
        steps.append(
            .prepareData(PrepareData(generation: fresh ? nil : database, isNew: facts.database == nil)))
        if fresh, let database { steps += fill(database, for: release) }
        let isLive = !fresh && (facts.database != nil || swapsByRename)
        steps += migrate(release, database, pending: migrations, live: isLive)
        if environment.preparesReleases {
            steps.append(.runReleaseCommands(RunReleaseCommands(release: release, database: database)))
        }
        if fresh, swapsByRename, let database {
            steps += replaceData(release, with: database)
        } else {
            steps += bringUp(release, database: database, watching: true)
        }
        if environment.source.tag, let commit {
            let name = "deploy/\(environment.name)/\(names.deployment)"
            steps.append(.tagSource(TagSource(name: name, commit: commit)))
        }
        return steps + [.prune(Prune())]
    }

    private func rollback(_ release: Timestamp, data: Backup?) -> [Step] {
        guard let data, environment.keepsData else {
            guard environment.database?.fresh == true else {
                return startData(release, applies: false)
                    + bringUp(release, database: facts.database, watching: true) + veto(leavingFor: release)
                    + [.prune(Prune())]
            }
            return deploy(release, migrations: nil)
        }
        let safety = facts.skipsSafetyBackup || facts.loss?.unread != nil ? [] : backUp()
        let generation = layout.database(.next(names.deployment))
        let restore = RestoreBackup(
            backup: data.timestamp, digest: data.sha256, generation: generation, folders: replacedFolders)
        let isCurrent = release == facts.release?.timestamp
        let catchUp = isCurrent ? migrate(release, generation, pending: nil, live: false) : []
        let up =
            if swapsByRename, let generation {
                replaceData(release, with: generation, folders: swapFolders)
            } else {
                bringUp(release, database: generation, watching: true, replacingData: true)
            }
        let keep = keepRetired(safety: safety.isEmpty ? nil : names.backup)
        let taken = (safety.isEmpty ? [] : [names.backup]) + (keep.isEmpty ? [] : [names.retired])
        return startData(release, applies: false) + safety + [.restoreBackup(restore)] + catchUp + up + keep
            + veto(leavingFor: release) + copiesAtTheEnd(of: taken) + [.prune(Prune())]
    }

    /// What an environment was rolled back from is not promoted to it again by accident.
    private func veto(leavingFor release: Timestamp) -> [Step] {
        guard environment.promotion?.from != nil, let left = facts.release?.timestamp, left != release else {
            return []
        }
        return [.vetoRelease(VetoRelease(release: left, target: release))]
    }

    private func keepRetired(safety: Timestamp?) -> [Step] {
        let unread = facts.loss?.unread
        let present = swapsByRename ? layout.database(.retired(names.deployment)) : facts.database
        let replaced = unread == .missing ? nil : present
        guard replaced != nil || replacedFolders != nil, let release = facts.release?.timestamp else {
            return []
        }
        return [
            .keepRetiredData(
                KeepRetiredData(
                    retired: replaced, folders: replacedFolders, release: release, safety: safety,
                    backup: names.retired, unread: unread))
        ]
    }

    private var replacedFolders: RestoreBackup.Folders? {
        let names = environment.backup.folders
        return names.isEmpty ? nil : RestoreBackup.Folders(names: names, deployment: self.names.deployment)
    }

    private var rehearses: Bool { environment.migrations != nil && !facts.takesUnproved }

    /// `rehearsing`: whether migrations are tried on it next.
    private func backUp(rehearsing: Bool = false) -> [Step] {
        guard facts.hasData else { return [] }
        let verification = facts.takesUnproved ? .checksum : environment.backup.verify
        let take = BackUp(
            backup: names.backup, source: facts.database, folders: environment.backup.folders,
            release: facts.release?.timestamp, verification: verification)
        let prove = ProveBackup(
            backup: names.backup, verification: verification,
            isRehearsedNext: rehearsing && verification == .restore ? true : nil)
        return [.backUp(take), .proveBackup(prove)]
    }

    func migrate(
        _ release: Timestamp, _ database: DatabaseLocation?, pending: [String]?, live: Bool
    ) -> [Step] {
        guard environment.migrations != nil, let database else { return [] }
        return [
            .migrate(
                Migrate(
                    release: release, location: database, recorded: live ? facts.recordedMigrations : nil,
                    pending: pending))
        ]
    }

    private var swapsByRename: Bool { environment.database?.engine.swapsByRename == true }

    private var databaseForDeploy: DatabaseLocation? {
        guard let database = environment.database else { return nil }
        if !database.fresh, let present = facts.database { return present }
        if !database.fresh, swapsByRename { return layout.database(.live) }
        return layout.database(.next(names.deployment))
    }
}

extension PlanBuilder {
    /// The network, the volumes and the services that outlive releases, where deployctl runs them.
    private func startData(_ release: Timestamp, applies: Bool) -> [Step] {
        guard environment.serviceRuntime.runsData else { return [] }
        let names = environment.dataServices.map(\.name)
        return [.startData(StartData(release: release, applies: applies, services: names))]
    }

    /// That the release which is to serve again is what was built.
    private var checkCurrent: [Step] {
        facts.release.map { [.checkRelease(CheckRelease(release: $0.timestamp, digest: $0.digest))] } ?? []
    }

    private var stopData: [Step] {
        let names = environment.dataServices.map(\.name)
        guard environment.serviceRuntime.runsData, !names.isEmpty else { return [] }
        return [.stopData(StopData(services: names))]
    }

    /// Starts the release and moves traffic: beside the old one behind an edge, else after it.
    private func bringUp(
        _ release: Timestamp, database: DatabaseLocation?, watching: Bool, replacingData: Bool = false
    ) -> [Step] {
        guard environment.runtime.strategy != .ownTool else {
            return (replacingData ? stopServing : [])
                + handOver(release, database: database, watching: watching, alone: replacingData)
        }
        let instance = names.deployment.description
        let next = Serving(instance: instance, release: release, database: database)
        let start = Step.startInstance(
            StartInstance(instance: instance, release: release, database: database))
        let health = Step.checkHealth(CheckHealth(instance: instance))
        let cutOver = Step.cutOver(CutOver(to: next, from: facts.serving))
        let proof =
            [Step.verifyFrontDoor(VerifyFrontDoor(instance: instance))]
            + (watching ? [.watch(Watch(instance: instance, duration: environment.watch))] : [])

        guard environment.runtime.strategy == .blueGreen else {
            return stopServing + (replacingData ? swapFolders : []) + [start, health, cutOver] + proof
        }
        let edge = Step.openEdge(OpenEdge(servedBefore: facts.serving != nil))
        let stopOld =
            facts.serving.map {
                [
                    Step.stopInstance(
                        StopInstance($0, afterCutover: true, outlasts: replacingData ? nil : true))
                ]
            } ?? []
        guard replacingData else { return [edge] + endSolitary + [start, health, cutOver] + proof + stopOld }
        // A container sees the folder it was started with, so folders change before the new one starts.
        return swapFolders.isEmpty
            ? [edge] + endSolitary + [start, health] + holdWrites + [cutOver] + proof + stopOld
            : [edge] + holdWrites + swapFolders + endSolitary + [start, health, cutOver] + proof + stopOld
    }

    /// What serves ends before anything else starts.
    var stopServing: [Step] {
        facts.serving.map { [.stopInstance(StopInstance($0, afterCutover: false))] } ?? []
    }

    /// Ends the old release's services of which never two may run at once; taking it back starts them again.
    private var endSolitary: [Step] {
        guard let serving = facts.serving, facts.servingRuns else { return [] }
        return environment.solitary.map {
            .stopService(
                StopService(instance: serving.instance, service: $0.name, runtime: serving.runtime))
        }
    }

    /// Gives the restored folders the live names, while nothing writes.
    var swapFolders: [Step] {
        let folders = environment.backup.folders
        return folders.isEmpty
            ? [] : [.swapFolders(SwapFolders(folders: folders, deployment: names.deployment))]
    }

    private var holdWrites: [Step] {
        guard let serving = facts.serving, facts.servingRuns else { return [] }
        return [.holdWrites(HoldWrites(hold: "\(names.deployment)-hold", serving: serving))]
    }

    private func operate(
        _ steps: @escaping (StopService, StartService) -> [Step]
    ) -> (String) -> [Step] {
        { service in
            guard let instance = facts.serving?.instance else { return [] }
            return environment.services(called: service).map(\.name).flatMap { name in
                steps(
                    StopService(instance: instance, service: name, runtime: facts.serving?.runtime),
                    StartService(instance: instance, service: name, runtime: facts.serving?.runtime))
            }
        }
    }
}
