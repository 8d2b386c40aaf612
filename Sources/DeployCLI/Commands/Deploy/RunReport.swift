import DeployCore

/// Says how a run ended and what to know next.
struct RunReport {
    let context: CommandContext

    func finish(_ result: RunResult) throws(DeployError) -> ExitCode {
        try tell(result)
        return result.exitCode
    }

    /// With `--json` only the first result is the answer, since it is one object.
    func tell(_ result: RunResult, isFirst: Bool = true) throws(DeployError) {
        guard context.wantsJSON else { return context.say(try text(result)) }
        guard isFirst else { return }
        try context.answer(RunAnswer(result, backup: try backup(of: result)?.timestamp)) { "" }
    }

    private func text(_ result: RunResult) throws(DeployError) -> String {
        switch result {
        case .upToDate(let sentence):
            return Wrap.hanging(
                "Nothing to do: \(InertText.line(sentence)).", after: "", width: context.errorStyle.width)
                + "\n"
        case .done(let deployment, let warnings):
            let environment = try context.deployedDefinitions.load(deployment.environment)
            var lines = [try sentence(deployment)] + places(deployment, environment)
            for warning in warnings {
                lines.append(
                    context.errorStyle.warning(
                        "warning: \(InertText.line(warning.what)): \(InertText.line(warning.why))"))
            }
            if let back = try result.wayBack(in: context.ports.state) {
                lines.append(sentence(back, environment))
            }
            if let turned = try switchBack(deployment) { lines.append("To undo: \(context.typed(turned))") }
            if let log = context.workspace.site(environment).runLog(of: deployment.timestamp) {
                lines.append("Log: \(InertText.line(log))")
            }
            if let next = next(after: deployment, in: environment) {
                lines.append("Next: \(context.typed(next))")
            }
            let width = context.errorStyle.width
            return lines.map { Wrap.hanging($0, after: "", width: width) }.joined(separator: "\n") + "\n"
        }
    }

    /// What replaced data is kept in goes back with a release that serves.
    private func sentence(_ back: WayBack, _ environment: Environment) -> String {
        if back.undoes { return context.typed(back.sentence) }
        let loss = RollbackTargets(context.workspace.site(environment)).loss(of: back.target)
        return loss.map { "There is no way back to release \(back.target): \(InertText.line($0))" }
            ?? context.typed(back.sentence)
    }

    /// What gives a feature that was switched the share it had.
    private func switchBack(_ deployment: Deployment) throws(DeployError) -> String? {
        guard deployment.outcome == .succeeded,
            let work = try context.ports.state.plan(of: deployment.timestamp)?.switched
        else { return nil }
        return "deployctl feature \(work.feature) \(deployment.environment) \(work.before)"
    }

    /// Where to look at what is live, and what a rollback has forbidden.
    private func places(_ deployment: Deployment, _ environment: Environment) -> [String] {
        guard deployment.outcome == .succeeded,
            deployment.kind.movesRelease || [.start, .restart].contains(deployment.kind)
        else { return [] }
        let veto = (try? context.ports.state.plan(of: deployment.timestamp))?.flatMap(\.vetoes)
        return [
            environment.url.map(InertText.line), closed(environment),
            veto.map {
                "Release \($0) is vetoed now; lift it with: " + context.typed("deployctl clear \($0) -m WHY")
            },
        ].compactMap(\.self)
    }

    /// That visitors do not see what is live; nil where they do.
    private func closed(_ environment: Environment) -> String? {
        guard let maintenance = context.workspace.maintenance(of: environment) else { return nil }
        let age = HumanText.age(of: maintenance.since, at: context.ports.clock.now())
        return "Visitors see the page of maintenance, switched on \(age); let them in with: "
            + context.typed("deployctl maintenance off \(environment.name)")
    }

    /// What usually follows; nil where that is not known.
    private func next(after deployment: Deployment, in environment: Environment) -> String? {
        guard deployment.outcome == .succeeded, deployment.kind == .deploy,
            (try? context.definitions.load("production"))?.promotion?.from == environment.name
        else { return nil }
        return "deployctl gates, then deployctl production"
    }

    private func sentence(_ deployment: Deployment) throws(DeployError) -> String {
        let place = deployment.environment
        let time = deployment.seconds.map { " in \(HumanText.duration($0))" } ?? ""
        guard deployment.outcome == .succeeded else {
            return "The run \(deployment.timestamp) in \(place) was taken back\(time)\(served(in: place))"
        }
        if let service = try context.ports.state.plan(of: deployment.timestamp)?.service {
            return
                "Service \(service) of \(place) is \(deployment.kind == .stop ? "stopped" : "running")\(time)."
        }
        switch deployment.kind {
        case .deploy, .promote, .rollback, .start, .restart:
            let release = deployment.release.map { "Release \($0)" } ?? "The release"
            let commit = deployment.commit.map { " (\($0.prefix(8)))" } ?? ""
            return context.errorStyle.good("\(release)\(commit) is live in \(place)\(time).")
        case .stop: return "The services of \(place) are stopped\(time)."
        case .backup, .copy:
            let backup = try backup(of: deployment)
            let name = backup.map { "Backup \($0.timestamp)" } ?? "The backup"
            let size = backup.map { ", \(HumanText.size($0.bytes))," } ?? ""
            return
                "\(name) of \(place)\(size) is \(deployment.kind == .copy ? "copied" : "made and proved")\(time)."
        case .feature:
            let work = try context.ports.state.plan(of: deployment.timestamp)?.switched
            return context.errorStyle.good(
                "Feature \(work?.feature ?? "") is \(work?.share.description ?? "switched") in \(place)\(time)."
            )
        case .rehearsal: return "The rehearsal in \(place) is over\(time); nothing of it is left."
        case .restore: return "The data of \(place) is restored\(time)."
        }
    }

    /// What users have after a run was taken back, as it is seen.
    private func served(in name: String) -> String {
        guard let environment = try? context.deployedDefinitions.load(name),
            let seen = Observed(context.workspace, at: environment)
        else { return "." }
        guard !seen.faults.isEmpty else { return "; release \(seen.release) serves." }
        let faults = seen.faults.map(InertText.line).joined(separator: "; ")
        return
            "; release \(seen.release) should serve, but \(faults). Next: \(context.typed("deployctl status \(name)"))"
    }

    private func backup(of result: RunResult) throws(DeployError) -> Backup? {
        guard case .done(let deployment, _) = result else { return nil }
        return try backup(of: deployment)
    }

    /// The backup a run took first, or copied; nil when it did not come to be.
    private func backup(of deployment: Deployment) throws(DeployError) -> Backup? {
        let state = context.ports.state
        return try state.plan(of: deployment.timestamp)?.backup.flatMap { name throws(DeployError) in
            try state.backup(name)
        }
    }
}
