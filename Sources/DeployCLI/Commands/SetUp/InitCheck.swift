import DeployCore

/// `init --check`: the project starts once, beside everything.
struct InitCheck {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let commit: String
        let healthy: [String]
    }

    func run() throws(DeployError) -> ExitCode {
        let place = "\(context.variables["TMPDIR"] ?? "/tmp")/\(RandomWord.make("dcheck-"))"
        if context.invocation.globals.dryRun {
            try context.answer(Answer(commit: "", healthy: [])) {
                "Would build and start the newest commit once in \(InertText.line(place))\n"
            }
            return .done
        }
        let trial = Workspace(ports: context.makePorts(place), project: place)
        let (progress, origin) = (context.progress, context.origin)
        let start = FirstStart(of: context.workspace, definitions: context.definitions, in: trial) {
            workspace, definitions in
            Deployer(workspace, definitions: definitions, origin: origin) { progress.consume($0) }
        }
        let outcome = try start.carryOut()
        try context.answer(Answer(commit: outcome.commit, healthy: outcome.paths)) {
            let paths = outcome.paths.isEmpty ? "the front" : outcome.paths.joined(separator: ", ")
            return InertText.line(
                "\(outcome.commit) builds, starts and answers: \(paths). Nothing of it is left.") + "\n"
        }
        return .done
    }
}
