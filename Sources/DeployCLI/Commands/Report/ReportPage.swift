import DeployCore
import FoundationEssentials

/// Everything of a project on one page.
struct ReportPage {
    let context: CommandContext

    /// Rows and bars that are shown at most, so that a page stays small.
    private static let longest = 100
    private static let days = 30

    private var state: any StateStore { context.ports.state }

    func page() throws(DeployError) -> String {
        let environments = try context.environments()
        let status = try StatusCollector(context.workspace, definitions: context.definitions)
            .status(of: environments)
        let answer = StatusAnswer(status)
        var sections: [HTML] = []
        for one in answer.environments { sections.append(try standing(one)) }
        if let promotion = answer.promotion { sections.append(gates(promotion)) }
        for environment in environments {
            sections.append(try runs(environment.name))
            sections.append(try traffic(environment.name))
            sections.append(try backups(environment.name))
        }
        sections.append(try schedules(environments))
        let now = UTC.rfc3339(context.ports.clock.now())
        return HTML.page(
            "\(answer.project): report", made: "Made at \(now) by version \(CLI.version) of the tool",
            sections)
    }

    private func standing(_ one: EnvironmentAnswer) throws(DeployError) -> HTML {
        let now = context.ports.clock.now()
        let services = one.services.map { service in
            [
                HTML.inert(service.name), HTML.word(service.state, isGood: service.state == "running"),
                HTML.word(service.healthy ? "healthy" : "not healthy", isGood: service.healthy),
                HTML.inert(service.since.map { HumanText.age(of: $0, at: now) } ?? ""),
                HTML.inert(service.restarts.map { "\($0)" } ?? "0"),
            ]
        }
        let certificate = one.certificate.flatMap { $0.problem ?? $0.line(at: now) } ?? ""
        let wrong = (one.problems + one.drift).joined(separator: "; ")
        return .section(
            "\(one.name)-standing", "\(one.name) is \(one.state.rawValue)",
            [
                .list([
                    ("address", one.url ?? ""), ("release", one.release.map { "\($0)" } ?? "none"),
                    ("commit", one.commit ?? ""), ("wrong", wrong), ("certificate", certificate),
                    ("held", one.hold ?? ""), ("waiting", one.waiting ?? ""),
                ]),
                .table("Services", ["Name", "State", "Health", "Started", "Restarts"], services),
            ])
    }

    private func gates(_ promotion: StatusAnswer.PromotionAnswer) -> HTML {
        let rows = promotion.gates.map { gate in
            let isGood: Bool? = gate.verdict == "refused" ? false : gate.verdict == "passed" ? true : nil
            return [
                HTML.inert(gate.id), HTML.word(gate.verdict, isGood: isGood), HTML.inert(gate.measured),
                HTML.inert(gate.next),
            ]
        }
        let title = promotion.ready ? "The next promotion may happen" : "The next promotion waits"
        return .section(
            "gates", title, [.table("Gates", ["Gate", "Verdict", "Measured", "Next"], rows)])
    }

    private func runs(_ name: String) throws(DeployError) -> HTML {
        let all = try state.deployments(of: name, limit: Self.longest)
        let rows = all.map { run in
            [
                HTML.inert("\(run.timestamp)"), HTML.inert(run.kind.rawValue),
                HTML.word(
                    HumanText.outcome(run.outcome?.rawValue ?? "unfinished"),
                    isGood: run.outcome == .succeeded),
                HTML.inert(run.seconds.map(HumanText.duration) ?? ""),
                HTML.inert(run.release.map { "\($0)" } ?? ""), HTML.inert(run.performer),
            ]
        }
        let moves = all.filter { $0.kind.movesRelease && $0.seconds != nil }.reversed()
        let bars = moves.map { run in
            (
                height: run.seconds ?? 0, words: "\(run.timestamp): \(HumanText.duration(run.seconds ?? 0))",
                isGood: run.outcome == .succeeded
            )
        }
        let failed = all.filter { $0.error != nil }.prefix(5).map { run in
            [
                HTML.inert("\(run.timestamp)"), HTML.inert(run.error?.what ?? ""),
                HTML.inert(run.error?.why.first(600) ?? ""), HTML.inert(run.error?.next ?? ""),
            ]
        }
        return .section(
            "\(name)-runs", "Runs in \(name)",
            [
                .bars("How long deployments took, the newest at the right: \(bars.count)", bars),
                .table("The last failures", ["Run", "What", "Why", "Next"], Array(failed)),
                .table(
                    "The newest runs", ["Run", "Kind", "Outcome", "Took", "Release", "By"], rows),
            ])
    }

    /// By day, the oldest first; a day without a request has no bar.
    private func traffic(_ name: String) throws(DeployError) -> HTML {
        var days: [Int: (requests: Int, failed: Int)] = [:]
        for one in try state.traffic(of: name) where one.hour > 0 {
            days[one.hour / 24, default: (0, 0)].requests += one.requests
            if one.statusClass == 5 { days[one.hour / 24, default: (0, 0)].failed += one.requests }
        }
        let shown = days.sorted { $0.key < $1.key }.suffix(Self.days)
        let bars = shown.map { day, seen in
            let date = UTC.rfc3339(Date(timeIntervalSince1970: Double(day) * 86_400)).prefix(10)
            return (
                height: Double(seen.requests),
                words: "\(date): \(seen.requests) requests, \(seen.failed) failed",
                isGood: Double(seen.failed) <= Double(seen.requests) * 0.001
            )
        }
        let total = shown.reduce((0, 0)) { ($0.0 + $1.value.requests, $0.1 + $1.value.failed) }
        guard total.0 > 0 else {
            return .section(
                "\(name)-requests", "Requests to \(name)", [HTML(text: "<p>none were counted</p>")])
        }
        let part = (Double(total.0 - total.1) / Double(total.0) * 100_000).rounded(.down) / 1000
        return .section(
            "\(name)-requests", "Requests to \(name)",
            [
                .bars(
                    "\(total.0) requests, the newest day at the right; \(part) % of them did not fail", bars
                )
            ])
    }

    private func backups(_ name: String) throws(DeployError) -> HTML {
        let all = try state.backups(of: name).prefix(Self.longest)
        let rows = all.map { backup in
            [
                HTML.inert("\(backup.timestamp)"), HTML.inert(HumanText.size(backup.bytes)),
                HTML.word(backup.verified.rawValue, isGood: backup.verified == .no ? false : true),
                HTML.inert(backup.copied.rawValue), HTML.inert(backup.release.map { "\($0)" } ?? ""),
            ]
        }
        let bars = all.reversed().map { backup in
            (
                height: Double(backup.bytes),
                words: "\(backup.timestamp): \(HumanText.size(backup.bytes))", isGood: backup.verified != .no
            )
        }
        return .section(
            "\(name)-backups", "Backups of \(name)",
            [
                .bars("How large backups are, the newest at the right: \(bars.count)", bars),
                .table("Backups", ["Backup", "Size", "Proved", "Copied", "Release"], rows),
            ])
    }

    private func schedules(_ environments: [Environment]) throws(DeployError) -> HTML {
        var rows: [[HTML]] = []
        for environment in environments {
            rows += try ScheduleLook.all(in: environment, of: context.workspace).map { look in
                [
                    HTML.inert("\(look.environment) \(look.schedule.name)"), HTML.inert(look.rule),
                    HTML.word(
                        look.outcome ?? "never ran", isGood: look.last?.status.map { $0 == 0 }),
                    HTML.inert(look.next.map(UTC.rfc3339) ?? ""),
                ]
            }
        }
        return .section(
            "schedules", "What runs by itself",
            [.table("Schedules", ["Schedule", "When", "Last", "Next"], rows)])
    }
}
