import FoundationEssentials

/// Which backups may go; pure.
enum BackupExpiry {
    /// Never a pinned one, never the newest proved one, never the one a rollback to a kept release would use.
    ///
    /// `backups` newest first; the answer too.
    static func expired(
        _ backups: [Backup], rules: Environment.Retention, keptReleases: Set<Timestamp>, at now: Date
    ) -> [Backup] {
        let proved = backups.filter { $0.verified != .no }
        var protected = Set(backups.filter { $0.pinned != nil }.map(\.timestamp))
        if let newest = proved.first { protected.insert(newest.timestamp) }
        for release in keptReleases {
            if let pair = proved.first(where: { $0.release == release }) { protected.insert(pair.timestamp) }
        }
        let recent = Set(proved.prefix(rules.last).map(\.timestamp)).union(generations(proved, rules))
        // Those that stay anyway take their room first, however old they are.
        var bytes = backups.reduce(0) { $0 + (protected.contains($1.timestamp) ? $1.bytes : 0) }
        return backups.filter { backup in
            if protected.contains(backup.timestamp) { return false }
            let young = rules.age.map { now.timeIntervalSince(backup.createdAt) < $0.seconds } ?? false
            let fits = rules.within.map { bytes + backup.bytes <= $0 } ?? true
            guard recent.contains(backup.timestamp) || young, fits else { return true }
            bytes += backup.bytes
            return false
        }
    }

    /// Of the expired ones those that are good and lie nowhere else, though the definition says how to copy them.
    static func uncopied(_ expired: [Backup], rules: Environment.BackupRules) -> [Backup] {
        rules.copies.isEmpty ? [] : expired.filter { $0.copied == .no && $0.verified != .no }
    }

    /// The newest of each of the last days, weeks and months that have one.
    private static func generations(_ proved: [Backup], _ rules: Environment.Retention) -> Set<Timestamp> {
        var kept: Set<Timestamp> = []
        for (limit, period) in [(rules.daily, UTC.day), (rules.weekly, UTC.week), (rules.monthly, UTC.month)]
        {
            var seen: Set<Int> = []
            for backup in proved where seen.count < limit ?? 0 {
                if seen.insert(period(backup.createdAt)).inserted { kept.insert(backup.timestamp) }
            }
        }
        return kept
    }
}

extension UTC {
    static func day(_ date: Date) -> Int { Int((date.timeIntervalSince1970 / 86_400).rounded(.down)) }

    /// 1970 began on a Thursday; a week begins on Monday.
    static func week(_ date: Date) -> Int { Int((Double(day(date) + 3) / 7).rounded(.down)) }

    static func month(_ date: Date) -> Int {
        let part = fields(date)
        return part.year * 12 + part.month
    }
}
