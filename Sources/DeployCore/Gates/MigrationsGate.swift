/// The release's migrations continue what the target's database has.
public struct MigrationsGate: Gate {
    public let id = "migrations"

    public init() {}

    public func judge(_ facts: PromotionFacts) -> Verdict {
        guard facts.release != nil else {
            return .refused("the release is not known", next: "deployctl \(facts.source)")
        }
        guard let files = facts.releaseMigrations, let recorded = facts.recordedMigrations else {
            return .refused("the migrations could not be read", next: "deployctl doctor")
        }
        do throws(DeployError) {
            let pending = try MigrationOrder.pending(files: files, recorded: recorded)
            return .passed(
                pending.isEmpty
                    ? "nothing pending" : "pending: \(pending.map(\.name).joined(separator: ", "))")
        } catch {
            return .refused(error.why, next: error.next)
        }
    }
}
