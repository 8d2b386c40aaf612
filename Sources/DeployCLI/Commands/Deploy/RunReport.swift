import DeployCore

/// Says how a run ended and what to know next.
struct RunReport {
    let context: CommandContext

    /// With `--json` only the first result is the answer, since it is one object.
    func finish(_ result: Deployer.Result, isFirst: Bool = true) throws(DeployError) -> ExitCode {
        if context.wantsJSON {
            if isFirst {
                try context.answer(RunAnswer(result, backup: try backup(of: result)?.timestamp)) { "" }
            }
        } else {
            context.say(try text(result))
        }
        guard case .done(let deployment, let warnings) = result else { return .done }
        let outcome = deployment.outcome ?? .interrupted
        let clean = warnings.allSatisfy { $0.code != .needsPerson }
        return outcome == .succeeded || outcome == .interrupted ? clean ? .done : .needsPerson : .stepFailed
    }

    private func text(_ result: Deployer.Result) throws(DeployError) -> String {
        switch result {
        case .upToDate(let sentence): return "Nothing to do: \(InertText.line(sentence)).\n"
        case .done(let deployment, let warnings):
            var lines = [try sentence(deployment)]
            for warning in warnings {
                lines.append(
                    context.errorStyle.warning(
                        "warning: \(InertText.line(warning.what)): \(InertText.line(warning.why))"))
            }
            if let undo = try undoLine(deployment) { lines.append(undo) }
            let environment = try context.definitions.load(deployment.environment)
            lines.append(
                "Log: \(context.workspace.site(environment).layout.runLog(deployment.timestamp))"
            )
            return lines.joined(separator: "\n") + "\n"
        }
    }

    private func sentence(_ deployment: Deployment) throws(DeployError) -> String {
        let place = deployment.environment
        let time = deployment.seconds.map { " in \(HumanText.duration($0))" } ?? ""
        guard deployment.outcome == .succeeded else {
            return "The run \(deployment.timestamp) in \(place) was taken back\(time)."
        }
        if let service = try service(of: deployment) {
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
        case .rehearsal: return "The rehearsal in \(place) is over\(time); nothing of it is left."
        case .restore: return "The data of \(place) is restored\(time)."
        }
    }

    /// The one service a run started or stopped; nil when it was about all of them.
    private func service(of deployment: Deployment) throws(DeployError) -> String? {
        switch try context.ports.state.plan(of: deployment.timestamp)?.steps.first {
        case .stopService(let work): work.service
        case .startService(let work): work.service
        default: nil
        }
    }

    private func backup(of result: Deployer.Result) throws(DeployError) -> Backup? {
        guard case .done(let deployment, _) = result else { return nil }
        return try backup(of: deployment)
    }

    /// The backup a run took first, or copied; nil when it did not come to be.
    private func backup(of deployment: Deployment) throws(DeployError) -> Backup? {
        let names = try context.ports.state.plan(of: deployment.timestamp)?.steps.compactMap { step in
            switch step {
            case .backUp(let work): work.backup
            case .copyBackup(let work): work.backup
            default: nil as Timestamp?
            }
        }
        return try names?.first.flatMap { name throws(DeployError) in try context.ports.state.backup(name) }
    }

    /// What brings the state before this run back.
    private func undoLine(_ deployment: Deployment) throws(DeployError) -> String? {
        let notes = try context.ports.state.steps(of: deployment.timestamp).map(\.note)
        if let undo = notes.first(where: { $0.hasPrefix("to undo: ") }) { return "To" + undo.dropFirst(2) }
        guard deployment.kind == .promote || deployment.kind == .deploy,
            let plan = try context.ports.state.plan(of: deployment.timestamp),
            let previous = plan.previousRelease,
            previous != deployment.release
        else { return nil }
        return "To go back: deployctl rollback \(previous) --environment \(deployment.environment)"
    }
}
