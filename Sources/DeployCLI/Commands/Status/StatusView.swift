import DeployCore
import FoundationEssentials

/// `status` for people.
struct StatusView {
    let style: Style
    let now: Date
    /// A sentence as it is typed where it is read.
    let typed: (String) -> String

    func text(_ answer: StatusAnswer) -> String {
        var blocks = answer.environments.map(block)
        if let lost = answer.lostKeeper { blocks.append(keeper(lost)) }
        if let account = answer.unlingering { blocks.append(unlingering(account)) }
        if answer.environments.allSatisfy({ $0.state == .empty && $0.unfinished == nil }) {
            blocks.append(
                "Nothing is deployed yet. Next: "
                    + typed("deployctl \(answer.environments.first?.name ?? "staging")"))
        } else if let promotion = answer.promotion {
            let title =
                style.bold("promotion") + "  "
                + (promotion.ready ? style.good("ready") : style.warning("refused"))
                + (promotion.trigger == "automatic"
                    ? style.bad("  AUTOMATIC: nobody looks before production") : "")
            blocks.append(
                ([title]
                    + GateAnswer.lines(
                        promotion.gates, style, after: answer.environments.flatMap(\.problems))).joined(
                        separator: "\n"))
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private func keeper(_ lost: String) -> String {
        var table = TextTable(indent: "  ")
        table.add("problem", "what ends now stays ended: \(InertText.line(lost)), has ended")
        table.add("next", "deployctl boot install")
        return ([style.bold("keeper") + "  " + style.bad("gone")] + table.lines(width: style.width))
            .joined(separator: "\n")
    }

    private func unlingering(_ account: String) -> String {
        var table = TextTable(indent: "  ")
        table.add("problem", "everything ends with the last session of \(account), who does not linger")
        table.add("next", "as root: loginctl enable-linger \(account)")
        return ([style.bold("keeper") + "  " + style.bad("not for long")] + table.lines(width: style.width))
            .joined(separator: "\n")
    }

    private func block(_ one: EnvironmentAnswer) -> String {
        var lines = [
            style.bold(one.name) + "  " + coloured(one.state)
                + (one.url.map { "  " + InertText.line($0) } ?? "")
        ]
        var table = TextTable(indent: "  ")
        if let purpose = one.purpose { table.add("purpose", purpose) }
        if let release = one.release { table.add("release", "\(release) (\(one.commit?.prefix(8) ?? ""))") }
        if let last = one.lastDeployment {
            let took = last.seconds.map { " in \(HumanText.duration($0))" } ?? ""
            let isOver = one.unfinished?.timestamp != last.timestamp
            let outcome = isOver ? HumanText.outcome(last.outcome) : last.outcome
            table.add("last", "\(last.kind) \(last.timestamp) \(outcome)\(took) by \(last.performer)")
        }
        if let backup = one.lastBackup {
            let key = backup.needsKey.map { ", needs a key: \(InertText.line($0))" } ?? ""
            table.add(
                "backup",
                "\(backup.timestamp) \(HumanText.size(backup.bytes)), verified: \(backup.verified), \(HumanText.age(of: backup.takenAt, at: now))\(key)"
            )
        }
        if let way = one.wayBack { table.add("back to", InertText.line(way.sentence)) }
        if let why = one.noWayBack { table.add("back to", "nothing: \(InertText.line(why))") }
        if let certificate = one.certificate, let line = certificate.line(at: now) {
            table.add("certificate", line)
        }
        if let refusal = one.certificate?.refusal {
            table.add("renewal", InertText.line("none came: \(refusal)"))
        }
        for service in one.services where one.state != .empty {
            let since = service.since.map { ", started \(HumanText.age(of: $0, at: now))" } ?? ""
            let ends = service.ends.map { ", \($0)" } ?? ""
            let words = service.resources?.words ?? ""
            let resources = words.isEmpty ? "" : ", \(words)"
            let alone = service.overlap ? "" : ", one at a time"
            let port = service.port.map { ", port \($0)" } ?? ""
            table.add(
                "service",
                "\(service.name) \(word(for: service, of: one))\(service.state == "running" ? service.healthy ? ", healthy" : ", NOT healthy" : "")\(alone)\(port)\(since)\(ends)\(resources)"
            )
        }
        for old in one.draining { table.add("draining", old.line) }
        if let words = one.resources?.words, !words.isEmpty { table.add("limits", words) }
        if let hold = one.hold { table.add("held", hold) }
        if let maintenance = one.maintenance {
            let reason = maintenance.reason.map { ": \($0)" } ?? ""
            let seen =
                maintenance.allowed.isEmpty
                ? "" : "; \(maintenance.allowed.joined(separator: ", ")) sees the application"
            table.add(
                "maintenance",
                "visitors see a page, switched on \(HumanText.age(of: maintenance.since, at: now)) by \(maintenance.performer)\(reason)\(seen)"
            )
            table.add("", "next: \(typed("deployctl maintenance off \(one.name)"))")
        }
        for feature in one.features { table.add("feature", feature.line(at: now)) }
        if let waiting = one.waiting { table.add("waiting", waiting) }
        for failed in one.failedSchedules { table.add("schedule", failed) }
        if let strays = one.strays { table.add("strays", strays) }
        if let unfinished = one.unfinished {
            let state = unfinished.running ? "is running" : "was interrupted"
            table.add(
                "unfinished",
                "\(unfinished.kind) \(unfinished.timestamp) \(state) at \(unfinished.step ?? "its start")")
            table.add("", "next: \(typed(unfinished.next))")
        }
        for drift in one.drift { table.add("drift", typed(drift)) }
        for problem in one.problems { table.add("problem", typed(problem)) }
        if one.unfinished == nil, let next = next(for: one) { table.add("next", typed(next)) }
        lines += table.lines(width: style.width)
        return lines.joined(separator: "\n")
    }

    /// A service that was started and not stopped has died.
    private func word(for service: EnvironmentAnswer.ServiceAnswer, of one: EnvironmentAnswer) -> String {
        service.state == "stopped" && service.since != nil && one.state != .stopped && !service.rests
            ? "died" : service.state
    }

    private func next(for one: EnvironmentAnswer) -> String? {
        if one.state == .crashLoop {
            let looping = one.services.filter { ($0.restarts ?? 0) > 0 }.map(\.name)
            let logs = "deployctl logs \(one.name)\(looping.count == 1 ? " \(looping[0])" : "")"
            return one.wayBack.map {
                let target = $0.passed == nil ? "previous" : "\($0.release)"
                return "\(logs), then deployctl rollback \(target) -e \(one.name)"
            } ?? "\(logs), then deploy what mends it, or mend the cause: it is tried again by itself"
        }
        guard one.state == .unhealthy else {
            return one.state == .stopped ? "deployctl start \(one.name)" : nil
        }
        let resting = one.services.filter { $0.rests }.map(\.name)
        if resting.count == 1, one.services.allSatisfy({ $0.rests || $0.healthy }) {
            return "deployctl start \(one.name) \(resting[0])"
        }
        let died = one.services.filter { $0.state == "stopped" }.map(\.name)
        let sick = died + one.services.filter { $0.state == "running" && !$0.healthy }.map(\.name)
        guard !sick.isEmpty else { return nil }
        return
            "deployctl logs \(one.name)\(sick.count == 1 ? " \(sick[0])" : ""), then deployctl restart \(one.name)"
    }

    private func coloured(_ state: EnvironmentStatus.State) -> String {
        switch state {
        case .healthy: style.good(state.rawValue)
        case .unhealthy, .interrupted, .crashLoop: style.bad(state.rawValue)
        case .stopped, .empty: style.warning(state.rawValue)
        }
    }
}
