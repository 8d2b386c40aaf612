/// The release's migrations were applied at the source and continue what the target's database has.
struct MigrationsGate: Gate {
    let id = "migrations"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { rules.from != nil }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard facts.release != nil else {
            return .refused("the release is not known", next: "deployctl \(facts.source)")
        }
        guard let files = facts.data.files, let recorded = facts.data.recorded,
            let proved = facts.data.proved
        else {
            let error = facts.data.unreadable
            return .refused(
                "the migrations could not be read" + (error.map { ": \($0.why)" } ?? ""),
                next: error?.next ?? "deployctl doctor")
        }
        guard !facts.data.migratesItself else {
            return .skipped("the project's own tool migrates; the rehearsal shows what it does")
        }
        let unproved = files.filter { file in
            !proved.contains { $0.name == file.name && $0.sha256 == file.sha256 }
        }
        guard unproved.isEmpty else {
            return .refused(
                "not applied in \(facts.source): \(unproved.map(\.name).joined(separator: ", "))",
                next: "deployctl \(facts.source)")
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
