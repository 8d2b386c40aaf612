import DeployCore
import FoundationEssentials

/// What an auditor asks about one deployment, on one page.
struct EvidencePage {
    let context: CommandContext

    private var state: any StateStore { context.ports.state }

    /// - Throws: `.notFound` where no deployment is called so.
    func page(of name: String) throws(DeployError) -> String {
        let all = try state.deployments(of: nil, limit: .max)
        let found = try TimestampResolver.resolve(
            name, among: all.map(\.timestamp), what: "deployment", next: "deployctl history")
        guard let run = all.first(where: { $0.timestamp == found }) else {
            throw DeployError(
                .notFound, what: "There is no deployment \(found)", why: "the state has none of that name",
                next: "deployctl history")
        }
        let release = try run.release.flatMap { name throws(DeployError) in try state.release(name) }
        let sections = [
            about(run), try approval(run), try judged(run), artefact(release), try steps(run),
            try protection(run), try audit(run),
        ]
        let now = UTC.rfc3339(context.ports.clock.now())
        return HTML.page(
            "Evidence of \(run.kind.rawValue) \(run.timestamp) in \(run.environment)",
            made: "Made at \(now) by version \(CLI.version) of the tool", sections)
    }

    private func about(_ run: Deployment) -> HTML {
        .section(
            "about", "What was done",
            [
                .list([
                    ("deployment", "\(run.timestamp)"), ("environment", run.environment),
                    ("kind", run.kind.rawValue),
                    ("outcome", HumanText.outcome(run.outcome?.rawValue ?? "unfinished")),
                    ("by", Who.label(run.performer, run.who)), ("set off by", run.trigger.rawValue),
                    ("reason", run.reason ?? ""), ("began", UTC.rfc3339(run.startedAt)),
                    ("ended", run.finishedAt.map(UTC.rfc3339) ?? ""), ("plan", run.planID),
                    ("error", run.error.map { "\($0.what): \($0.why)" } ?? ""),
                ])
            ])
    }

    private func approval(_ run: Deployment) throws(DeployError) -> HTML {
        let approval = try state.approval(of: run.timestamp)
        let pairs = approval.map {
            [
                ("agreed", $0.performer), ("by means of", $0.means.rawValue),
                (
                    "to the plan",
                    $0.planID == run.planID ? "\($0.planID), which is the one that ran" : $0.planID
                ),
                ("at", UTC.rfc3339($0.approvedAt)),
            ]
        }
        return .section("approval", "Who agreed", [.list(pairs ?? [("agreed", "nobody was asked")])])
    }

    private func judged(_ run: Deployment) throws(DeployError) -> HTML {
        let overrides = try state.overrides(of: run.timestamp).map {
            [
                HTML.inert($0.gate), HTML.inert($0.measured), HTML.inert($0.performer), HTML.inert($0.reason),
            ]
        }
        let signatures = try run.release.map { name throws(DeployError) in
            try state.releaseApprovals(of: name)
        }
        let rows = (signatures ?? []).map {
            [
                HTML.inert($0.item), HTML.inert(Who.label($0.performer, $0.who)),
                HTML.inert(UTC.rfc3339($0.approvedAt)), HTML.inert($0.releaseDigest),
            ]
        }
        return .section(
            "judged", "Gates and signatures",
            [
                .table("Gates somebody went on against", ["Gate", "Measured", "By", "Why"], overrides),
                .table("Signatures", ["Item", "By", "At", "Digest that was signed"], rows),
            ])
    }

    private func artefact(_ release: Release?) -> HTML {
        .section(
            "release", "What was deployed",
            [
                .list([
                    ("release", release.map { "\($0.timestamp)" } ?? "none"),
                    ("commit", release?.commit ?? ""), ("branch", release?.branch ?? ""),
                    ("subject", release?.subject ?? ""), ("digest", release?.digest ?? ""),
                    ("made by", release?.performer ?? ""),
                ])
            ])
    }

    private func steps(_ run: Deployment) throws(DeployError) -> HTML {
        let rows = try state.steps(of: run.timestamp).map { step in
            let took = step.finishedAt.map { HumanText.duration($0.timeIntervalSince(step.startedAt)) } ?? ""
            return [
                HTML.inert("\(step.position + 1)"), HTML.inert(step.title),
                HTML.word(step.state.rawValue, isGood: step.state == .finished),
                HTML.inert(UTC.rfc3339(step.startedAt)), HTML.inert(took), HTML.inert(step.note.first(500)),
            ]
        }
        return .section(
            "steps", "Step by step",
            [.table("Steps", ["Step", "Title", "State", "Began", "Took", "Last words"], rows)])
    }

    private func protection(_ run: Deployment) throws(DeployError) -> HTML {
        let rows = try state.backups(of: run.environment).filter { $0.deployment == run.timestamp }.map {
            [
                HTML.inert("\($0.timestamp)"), HTML.inert(HumanText.size($0.bytes)),
                HTML.word($0.verified.rawValue, isGood: $0.verified == .restored),
                HTML.inert($0.provedAt.map(UTC.rfc3339) ?? ""), HTML.inert($0.sha256),
            ]
        }
        return .section(
            "backup", "What it can be taken back with",
            [.table("Backups", ["Backup", "Size", "Proved", "At", "Digest"], rows)])
    }

    private func audit(_ run: Deployment) throws(DeployError) -> HTML {
        let records = try state.auditRecords(of: run.environment, since: nil, limit: 100_000)
            .filter { $0.content?.run == run.timestamp }.reversed()
        let rows = records.map { record in
            let entry = record.content
            return [
                HTML.inert("\(record.sequence)"), HTML.inert(entry?.at ?? ""),
                HTML.inert(entry?.act.rawValue ?? ""),
                HTML.inert(entry.map { Who.label($0.performer, $0.who) } ?? ""),
                HTML.inert(entry?.outcome ?? ""), HTML.inert(record.hash),
            ]
        }
        return .section(
            "audit", "What the audit log says",
            [
                .table("Entries", ["Entry", "At", "Act", "By", "Outcome", "Hash"], rows),
                HTML(text: "<p>Whether the log is whole says: <code>deployctl audit verify</code></p>"),
            ])
    }
}
