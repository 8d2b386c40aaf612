import FoundationEssentials

/// Says whether the newest kit was tried, and how that went.
struct KitCheck {
    let ports: Ports
    let project: String

    private static let old: Double = 35 * 86_400

    /// nil where no kit was made.
    var finding: Finding? {
        KitLedger(files: ports.files, project: project).entry.map { Finding(id: "kit", verdict: verdict($0)) }
    }

    private func verdict(_ entry: KitLedger.Entry) -> Verdict {
        let next = "deployctl kit drill"
        if let trial = entry.trial, !KitRoom.isTaken(project, ports.files) {
            return .refused(
                "a trial was cut off and may have left something in \(Shown.text(trial))", next: next)
        }
        if let failure = entry.failure {
            return .refused("the newest does not come up: \(failure)", next: next)
        }
        let now = ports.clock.now()
        guard abs(now.timeIntervalSince(entry.createdAt)) < Self.old else {
            let age = HumanText.age(of: entry.createdAt, at: now)
            return .warned("the newest was made \(age)", next: "deployctl kit create, then \(next)")
        }
        guard let drilled = entry.drilledAt else { return .warned("the newest was never tried", next: next) }
        let left = (entry.unstarted ?? []).map { "; \($0)" }.joined()
        return .passed("the newest came up, \(HumanText.age(of: drilled, at: now))\(left)")
    }
}
