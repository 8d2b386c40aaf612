import FoundationEssentials

/// Which backups may go; pure.
public enum Retention {
    /// Never the newest proved one, never the one a rollback to a kept release would use.
    ///
    /// `backups` newest first; the answer too.
    public static func expired(
        _ backups: [Backup], rules: Environment.Retention, keptReleases: Set<Timestamp>, at now: Date
    ) -> [Backup] {
        let proved = backups.filter { $0.verified != .no }
        var protected: Set<Timestamp> = []
        if let newest = proved.first { protected.insert(newest.timestamp) }
        for release in keptReleases {
            if let pair = proved.first(where: { $0.release == release }) { protected.insert(pair.timestamp) }
        }
        let recent = Set(proved.prefix(rules.last).map(\.timestamp))
        var bytes: Int64 = 0
        return backups.filter { backup in
            if protected.contains(backup.timestamp) {
                bytes += backup.bytes
                return false
            }
            let young = rules.age.map { now.timeIntervalSince(backup.createdAt) < $0.seconds } ?? false
            let fits = rules.within.map { bytes + backup.bytes <= $0 } ?? true
            guard recent.contains(backup.timestamp) || young, fits else { return true }
            bytes += backup.bytes
            return false
        }
    }
}
