import DeployCore
import FoundationEssentials

extension SQLiteStateStore {
    public func record(_ release: Release) throws(DeployError) {
        try writeFenced { connection throws(DeployError) in
            try connection.run(
                """
                INSERT OR REPLACE INTO release (timestamp, commit_id, branch, subject, digest, performer, created_at, who)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(release.timestamp.description), .text(release.commit), .text(release.branch),
                    .text(release.subject), .text(release.digest), .text(release.performer),
                    .real(release.createdAt.timeIntervalSince1970), try .optional(release.who),
                ])
        }
    }

    public func release(_ timestamp: Timestamp) throws(DeployError) -> Release? {
        try reading().run(Self.releaseColumns + "WHERE timestamp = ?", [.text(timestamp.description)]).first
            .flatMap(Self.release)
    }

    public func releases() throws(DeployError) -> [Release] {
        try reading().run(Self.releaseColumns + "ORDER BY timestamp DESC").compactMap(Self.release)
    }

    private static let releaseColumns =
        "SELECT timestamp, commit_id, branch, subject, digest, performer, created_at, who FROM release "

    private static func release(_ row: [SQLiteValue]) -> Release? {
        guard let timestamp = Timestamp(digits: row[0].text ?? "") else { return nil }
        return Release(
            timestamp: timestamp, commit: row[1].text ?? "", branch: row[2].text ?? "",
            subject: row[3].text ?? "",
            digest: row[4].text ?? "", performer: row[5].text ?? "",
            who: row[7].decoded(), createdAt: Date(timeIntervalSince1970: row[6].real ?? 0))
    }

    public func record(_ backup: Backup) throws(DeployError) {
        try writeFenced { connection throws(DeployError) in
            try connection.run(
                """
                INSERT INTO backup (timestamp, environment, deployment, release, bytes, sha256, verified, restore_seconds, created_at,
                                    proved_at, copied, tried_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (timestamp) DO UPDATE SET verified = excluded.verified, restore_seconds = excluded.restore_seconds,
                    proved_at = excluded.proved_at, copied = excluded.copied, tried_at = excluded.tried_at
                """,
                [
                    .text(backup.timestamp.description), .text(backup.environment),
                    .optional(backup.deployment?.description), .optional(backup.release?.description),
                    .integer(backup.bytes), .text(backup.sha256), .text(backup.verified.rawValue),
                    .optional(backup.restoreSeconds), .real(backup.createdAt.timeIntervalSince1970),
                    .optional(backup.provedAt?.timeIntervalSince1970), .text(backup.copied.rawValue),
                    .optional(backup.triedAt?.timeIntervalSince1970),
                ])
        }
    }

    public func backups(of environment: String) throws(DeployError) -> [Backup] {
        try reading().run(
            Self.backupColumns + "WHERE environment = ? AND removed_at IS NULL ORDER BY timestamp DESC",
            [.text(environment)]
        ).compactMap(Self.backup)
    }

    public func backup(_ timestamp: Timestamp) throws(DeployError) -> Backup? {
        try reading().run(
            Self.backupColumns + "WHERE timestamp = ? AND removed_at IS NULL", [.text(timestamp.description)]
        ).first.flatMap(Self.backup)
    }

    public func markRemoved(_ backup: Timestamp, at now: Date) throws(DeployError) {
        try writeFenced { connection throws(DeployError) in
            try connection.run(
                "UPDATE backup SET removed_at = ? WHERE timestamp = ?",
                [.real(now.timeIntervalSince1970), .text(backup.description)])
        }
    }

    public func pin(_ backup: Timestamp, because reason: String?) throws(DeployError) {
        try writeFenced { connection throws(DeployError) in
            try connection.run(
                "UPDATE backup SET pinned = ? WHERE timestamp = ?",
                [.optional(reason), .text(backup.description)])
        }
    }

    private static let backupColumns =
        "SELECT timestamp, environment, deployment, release, bytes, sha256, verified, restore_seconds, created_at, pinned, "
        + "proved_at, copied, tried_at FROM backup "

    private static func backup(_ row: [SQLiteValue]) -> Backup? {
        guard let timestamp = Timestamp(digits: row[0].text ?? "") else { return nil }
        return Backup(
            timestamp: timestamp, environment: row[1].text ?? "",
            deployment: row[2].text.flatMap { Timestamp(digits: $0) },
            release: row[3].text.flatMap { Timestamp(digits: $0) },
            bytes: row[4].integer ?? 0, sha256: row[5].text ?? "",
            verified: Backup.Verified(rawValue: row[6].text ?? "") ?? .no,
            restoreSeconds: row[7].real, createdAt: Date(timeIntervalSince1970: row[8].real ?? 0),
            pinned: row[9].text, provedAt: row[10].real.map(Date.init(timeIntervalSince1970:)),
            triedAt: row[12].real.map(Date.init(timeIntervalSince1970:)),
            copied: Backup.Copied(rawValue: row[11].text ?? "") ?? .no)
    }
}
