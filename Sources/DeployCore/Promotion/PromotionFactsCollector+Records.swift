import FoundationEssentials

/// What is read while the programs run: files, the tool's own state, and the databases.
extension PromotionFactsCollector {
    /// How the release came to the source, and what happened there since.
    func readHistory(of source: EnvironmentFacts) {
        let site = workspace.site(source.environment)
        if let release = facts.release {
            do throws(DeployError) {
                try ReleaseSeal(site).attest(release.timestamp, digest: release.digest)
                facts.sealComplaints = []
            } catch {
                facts.sealComplaints = [error.why]
            }
        }
        let name = source.environment.name
        do throws(DeployError) { facts.doubt = try Rebuilding.doubts(in: ports.state)[name] } catch {
            facts.doubt = error.why
        }
        let touching = Deployment.Kind.allCases.filter(\.touchesServices)
        guard let runs = try? ports.state.deployments(of: name, kinds: touching, limit: 1000),
            let last = try? ports.state.releaseMoves(of: name, limit: 1).first
        else { return }
        facts.undisturbedSince = undisturbed(runs + [last], site)
        if let deployed = try? ports.state.definition(of: last.timestamp),
            let next = try? DeployedDefinitions(ports, written: definitions).next(name)
        {
            facts.changedKeys = try? DefinitionDifference.keys(deployed, next)
        }
        if let positions = try? ports.state.logPositions(of: last.timestamp),
            !facts.rules.forbiddenInLogs.isEmpty
        {
            let search = LogSearch(site).forbidden(facts.rules.forbiddenInLogs, since: positions)
            (facts.proofs.forbiddenLines, facts.proofs.unsearchedLogs) = (search.lines, search.unknown)
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

    /// Migrations and room for a backup.
    func readData(of target: EnvironmentFacts) {
        let site = workspace.site(target.environment)
        facts.data.needsBackup = target.environment.backup.beforeDeploy && target.hasData
        let room = DataRoom(site)
        facts.data.bytes = room.bytes(of: target.database)
        facts.data.backupFolder = site.layout.backups
        facts.data.freeBytes = room.free
        guard let source = source?.facts, let release = facts.release else { return }
        switch target.environment.migrations {
        case .directory(let directory):
            let place = workspace.site(source.environment).layout.release(release.timestamp)
            do throws(DeployError) {
                facts.data.files = try MigrationFolder(files: ports.files).read(directory, beneath: place)
                facts.data.recorded = try recorded(target)
                facts.data.proved = try recorded(source)
            } catch { facts.data.unreadable = error }
        case .command:
            facts.data.migratesItself = true
            (facts.data.files, facts.data.recorded, facts.data.proved) = ([], [], [])
        case nil: (facts.data.files, facts.data.recorded, facts.data.proved) = ([], [], [])
        }
    }

    private func recorded(_ facts: EnvironmentFacts) throws(DeployError) -> [AppliedMigration] {
        let engine = workspace.site(facts.environment).database
        guard let database = facts.database, try engine.exists(database) else { return [] }
        return try engine.appliedMigrations(database)
    }

    /// Signatures, vetoes and holds.
    func readPeople() {
        let state = ports.state
        facts.people.known = try? state.people()
        if let release = facts.release {
            facts.people.signatures = try? state.releaseApprovals(of: nil).filter {
                $0.release == release.timestamp || $0.releaseDigest == release.digest
            }
            facts.people.audited = facts.people.signatures.flatMap {
                try? AuditedSignatures(workspace).digests(of: $0)
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
