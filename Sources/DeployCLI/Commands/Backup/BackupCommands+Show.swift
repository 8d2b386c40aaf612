import DeployCore

extension BackupCommands {
    /// `show` of a backup: what is known of it, and how to go back to it.
    func show(_ backup: Backup) throws(DeployError) -> ExitCode {
        let answer = try answer(about: backup)
        try context.answer(answer) { lines(backup, answer).map { "\($0)\n" }.joined() }
        return .done
    }

    private func lines(_ backup: Backup, _ answer: BackupAnswer) -> [String] {
        let now = context.ports.clock.now()
        let proof = backup.provedAt.map { at in
            let time = backup.restoreSeconds.map { ", it took \(HumanText.duration($0))" } ?? ""
            return "Last proved by restoring it \(HumanText.age(of: at, at: now))\(time)"
        }
        let release = backup.release.map { "release \($0)" } ?? "no release"
        let usable = backup.verified != .no && answer.needsKey == nil
        return [
            "Backup \(backup.timestamp) of \(backup.environment), \(HumanText.size(backup.bytes)), verified: \(backup.verified.rawValue)",
            "Taken \(HumanText.age(of: backup.createdAt, at: now)) (\(UTC.rfc3339(backup.createdAt))) while \(release) was current",
            backup.verified == .no
                ? "Damaged when it was last looked at: deployctl backup verify \(backup.environment) \(backup.timestamp)"
                : proof,
            "Copied off the machine: \(backup.copied.rawValue)",
            backup.pinned.map { "Pinned: \(InertText.line($0))" },
            backup.verified == .no ? nil : answer.needsKey.map { "Needs a key: \(InertText.line($0))" },
            usable && backup.release != nil
                ? "Go back to it: deployctl rollback \(backup.timestamp) --environment \(backup.environment)"
                : nil,
        ].compactMap(\.self)
    }
}
