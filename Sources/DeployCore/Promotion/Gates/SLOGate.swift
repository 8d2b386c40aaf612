/// The source stands the load the definition asks for.
struct SLOGate: Gate {
    let id = "slo"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { rules.slo != nil }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let wanted = facts.rules.slo else { return .skipped("no load is asked for") }
        guard let load = facts.proofs.load, load.requests >= wanted.requests else {
            return .refused(
                "\(wanted.requests) requests to \(wanted.path) could not be measured",
                next: "deployctl status \(facts.source)")
        }
        let rate = Double(load.failed) / Double(load.requests)
        let measured =
            "p95 \(milliseconds(load.p95)) of \(DurationText.render(wanted.p95)),"
            + " \(load.failed) of \(load.requests) failed, at \(wanted.concurrency) at once"
        guard load.p95 < wanted.p95.seconds, rate <= wanted.errorRate else {
            return .refused(measured, next: "make \(wanted.path) faster, then deployctl \(facts.source)")
        }
        return .passed(measured)
    }

    private func milliseconds(_ seconds: Double) -> String {
        "\((seconds * 10_000).rounded() / 10) ms"
    }
}
