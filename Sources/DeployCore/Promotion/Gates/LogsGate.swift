/// No service at the source logged a forbidden text since the deployment.
struct LogsGate: Gate {
    let id = "logs"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { !rules.forbiddenInLogs.isEmpty }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let found = facts.proofs.forbiddenLines else {
            return .refused(
                "the logs of \(facts.source) could not be read as a whole",
                next: "deployctl logs \(facts.source)")
        }
        let wanted = facts.rules.forbiddenInLogs.joined(separator: ", ")
        guard found.isEmpty else {
            let list = found.map { "\($0.service): \($0.count) with \($0.text)" }.joined(separator: "; ")
            return .refused(
                list, next: "deployctl logs \(facts.source), fix it, then deployctl \(facts.source)")
        }
        guard facts.proofs.unsearchedLogs.isEmpty else {
            return .refused(
                "unknown: the log of \(facts.proofs.unsearchedLogs.joined(separator: ", ")) is gone, too long, or was"
                    + " rotated so that what it held since the deployment is not found",
                next: "read what is left of it, then deploy another commit with deployctl \(facts.source)")
        }
        return .passed("no line with \(wanted) since the deployment")
    }
}
