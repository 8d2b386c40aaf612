import DeployCore
import FoundationEssentials

extension SQLiteStateStore {
    public func record(_ approval: Signature) throws(DeployError) {
        try writing().run(
            """
            INSERT INTO release_approval (release, release_digest, definition_digest, item, performer, approved_at, who)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(approval.release.description), .text(approval.releaseDigest),
                .text(approval.definitionDigest), .text(approval.item), .text(approval.performer),
                .real(approval.approvedAt.timeIntervalSince1970), try .optional(approval.who),
            ])
    }

    public func releaseApprovals(of release: Timestamp?) throws(DeployError) -> [Signature] {
        try reading().run(
            "SELECT release, release_digest, definition_digest, item, performer, approved_at, who FROM release_approval"
                + (release == nil ? "" : " WHERE release = ?") + " ORDER BY sequence",
            release.map { [.text($0.description)] } ?? []
        ).compactMap { row in
            Timestamp(digits: row[0].text ?? "").map {
                Signature(
                    release: $0, releaseDigest: row[1].text ?? "", definitionDigest: row[2].text ?? "",
                    item: row[3].text ?? "", performer: row[4].text ?? "", who: row[6].decoded(),
                    approvedAt: Date(timeIntervalSince1970: row[5].real ?? 0))
            }
        }
    }

    public func record(_ veto: Veto, by deployment: Timestamp?) throws(DeployError) {
        try writing().run(
            "INSERT OR IGNORE INTO veto (release, deployment, performer, reason, since) VALUES (?, ?, ?, ?, ?)",
            [
                .text(veto.release.description), .optional(deployment?.description), .text(veto.performer),
                .text(veto.reason), .real(veto.since.timeIntervalSince1970),
            ])
    }

    public func vetoes(of release: Timestamp) throws(DeployError) -> [Veto] {
        try vetoes(and: "release = ?", [.text(release.description)])
    }

    public func openVetoes() throws(DeployError) -> [Veto] { try vetoes(and: "1", []) }

    private func vetoes(and condition: String, _ values: [SQLiteValue]) throws(DeployError) -> [Veto] {
        try reading().run(
            "SELECT release, performer, reason, since FROM veto WHERE cleared_at IS NULL AND \(condition)"
                + " ORDER BY sequence", values
        ).compactMap { row in
            Timestamp(digits: row[0].text ?? "").map {
                Veto(
                    release: $0, performer: row[1].text ?? "", reason: row[2].text ?? "",
                    since: Date(timeIntervalSince1970: row[3].real ?? 0))
            }
        }
    }

    public func clearVetoes(
        of release: Timestamp, by performer: String, reason: String, at now: Date
    ) throws(DeployError) {
        try writing().run(
            """
            UPDATE veto SET cleared_at = ?, cleared_by = ?, clear_reason = ?
            WHERE release = ? AND cleared_at IS NULL
            """,
            [
                .real(now.timeIntervalSince1970), .text(performer), .text(reason),
                .text(release.description),
            ])
    }

    public func overrides(of deployment: Timestamp) throws(DeployError) -> [GateOverride] {
        try reading().run(
            "SELECT gate, performer, reason, measured FROM gate_override WHERE deployment = ? ORDER BY gate",
            [.text(deployment.description)]
        ).map {
            GateOverride(
                gate: $0[0].text ?? "", performer: $0[1].text ?? "", reason: $0[2].text ?? "",
                measured: $0[3].text ?? "")
        }
    }

    public func record(_ logPositions: [String: LogPosition], of deployment: Timestamp) throws(DeployError) {
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            for (service, position) in logPositions {
                try connection.run(
                    "INSERT OR REPLACE INTO log_position (deployment, service, bytes, file, anchor)"
                        + " VALUES (?, ?, ?, ?, ?)",
                    [
                        .text(deployment.description), .text(service), .integer(position.bytes),
                        .optional(position.file), .optional(position.anchor),
                    ])
            }
        }
    }

    public func logPositions(of deployment: Timestamp) throws(DeployError) -> [String: LogPosition] {
        let rows = try reading().run(
            "SELECT service, bytes, file, anchor FROM log_position WHERE deployment = ?",
            [.text(deployment.description)])
        return Dictionary(
            rows.map { row in
                (
                    row[0].text ?? "",
                    LogPosition(bytes: row[1].integer ?? 0, file: row[2].text, anchor: row[3].text)
                )
            }
        ) { first, _ in first }
    }

    public func people() throws(DeployError) -> People {
        let rows = try reading().run(
            """
            SELECT performer, who FROM deployment UNION SELECT performer, who FROM release
            UNION SELECT performer, who FROM release_approval
            """)
        return People(rows.map { ($0[0].text ?? "", $0[1].decoded()) })
    }

    /// Belongs to the transaction in which the deployment begins.
    func record(
        _ overrides: [GateOverride], of deployment: Timestamp, _ connection: SQLiteConnection
    ) throws(DeployError) {
        for override in overrides {
            try connection.run(
                "INSERT INTO gate_override (deployment, gate, performer, reason, measured) VALUES (?, ?, ?, ?, ?)",
                [
                    .text(deployment.description), .text(override.gate), .text(override.performer),
                    .text(override.reason), .text(override.measured),
                ])
        }
    }
}
