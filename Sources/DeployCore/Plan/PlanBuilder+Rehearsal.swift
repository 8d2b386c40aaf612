/// What a rehearsal puts the release on.
public enum RehearsalData: Hashable, Sendable {
    case backup(Backup)
    /// A copy of what is live now.
    case copy(of: DatabaseLocation)
    /// Filled and migrated, as where each deployment begins so.
    case fresh
    /// The environment has no database.
    case none
}

/// A rollback beside everything that serves: its data and its release, never its traffic.
extension PlanBuilder {
    func rehearse(_ release: Release, on data: RehearsalData) -> [Step] {
        let instance = names.deployment.description
        let check = CheckRelease(release: release.timestamp, digest: release.digest)
        let copy = data == .none ? nil : scratch
        var start = StartInstance(instance: instance, release: release.timestamp, database: copy)
        let solitary = environment.solitary.map(\.name)
        if !solitary.isEmpty { start.leaving = solitary }
        return [.checkRelease(check)] + fill(copy, for: release.timestamp, with: data) + [
            .startInstance(start), .checkHealth(CheckHealth(instance: instance)),
            .endRehearsal(EndRehearsal(instance: instance, copy: copy)),
        ]
    }

    /// A file lies where the application finds the restored one too: only there containers may reach it.
    private var scratch: DatabaseLocation? {
        let isFile = environment.database?.engine == .sqlite
        return layout.database(isFile ? .next(names.deployment) : .rehearsal(names.deployment))
    }

    private func fill(
        _ copy: DatabaseLocation?, for release: Timestamp, with data: RehearsalData
    ) -> [Step] {
        switch data {
        case .none: return []
        case .backup(let backup):
            let isCurrent = release == facts.release?.timestamp
            return [.restoreAside(RestoreAside(backup: backup, copy: copy))]
                + (isCurrent ? migrate(release, copy, pending: nil, live: false) : [])
        case .copy(let source):
            return copy.map { [.copyLiveData(CopyLiveData(source: source, copy: $0))] } ?? []
        case .fresh:
            return (copy.map { fill($0, for: release) } ?? [])
                + migrate(release, copy, pending: nil, live: false)
                + (!environment.preparesReleases
                    ? [] : [.runReleaseCommands(RunReleaseCommands(release: release, database: copy))])
        }
    }
}
