extension PlanBuilder {
    /// Before anything changes: what has to be elsewhere is elsewhere by then.
    var copies: [Step] {
        guard facts.hasData else { return [] }
        return environment.backup.copies.map { copy($0, of: names.backup, stops: $0.required) }
    }

    /// After the release serves: who rolls back in an emergency does not wait for a slow line.
    func copiesAtTheEnd(of backups: [Timestamp]) -> [Step] {
        backups.flatMap { backup in environment.backup.copies.map { copy($0, of: backup, stops: false) } }
    }

    /// One backup again, by every way the definition has.
    func copiesAgain(of backup: Timestamp) -> [Step] {
        environment.backup.copies.map { copy($0, of: backup, stops: true) }
    }

    private func copy(
        _ copy: Environment.BackupRules.Copy, of backup: Timestamp, stops: Bool
    ) -> Step {
        .copyBackup(CopyBackup(backup: backup, copy: copy, stops: stops))
    }
}
