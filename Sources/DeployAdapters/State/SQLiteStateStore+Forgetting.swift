import DeployCore
import FoundationEssentials

extension SQLiteStateStore {
    /// What stands in the place of a plan that was given up, or of which nothing on disk tells any more.
    static let noPlan = ""

    public func forgetPlans(
        of environment: String, before limit: Date, butNewest count: Int, and kept: Set<Timestamp>
    ) throws(DeployError) -> Int {
        let names = Set(kept.map(\.description))
        let old = try reading().run(
            """
            SELECT timestamp FROM deployment
            WHERE environment = ?1 AND outcome IS NOT NULL AND plan <> ?2 AND started_at < ?3 AND sequence NOT IN (
                SELECT sequence FROM deployment WHERE environment = ?1 ORDER BY sequence DESC LIMIT \(count))
            """, [.text(environment), .text(Self.noPlan), .real(limit.timeIntervalSince1970)]
        ).compactMap { $0.first?.text }.filter { !names.contains($0) }
        guard !old.isEmpty else { return 0 }
        try writeFenced { connection throws(DeployError) in
            for name in old {
                try connection.run(
                    "UPDATE deployment SET plan = ? WHERE timestamp = ?", [.text(Self.noPlan), .text(name)])
                for table in ["step_record", "log_position"] {
                    try connection.run("DELETE FROM \(table) WHERE deployment = ?", [.text(name)])
                }
            }
        }
        return old.count
    }
}
