import DeployCore

extension Verb {
    static let stateRestore = Verb(
        "state restore", .setUp, summary: "Put back a lost or damaged state",
        paragraph:
            "Puts the safe copy in the place of a lost or damaged state, and lists backups on disk that it does not know.",
        examples: ["deployctl state restore", "deployctl state restore --json"],
        exits: [.invalidDefinition, .locked, .stepFailed, .needsPerson],
        body: .inProject(StateCommand.restore))
}

/// `state restore`.
struct StateCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        /// What the state is now.
        let state: StateRestoration.Source
        @OrNull var movedAside: String?
        /// Backups that are listed again, and count once they are proved.
        let backups: [Timestamp]
        /// What environments were last given and the state knows nothing of.
        let unknown: [StateRecovery.UnknownRelease]
    }

    func restore() throws(DeployError) -> ExitCode {
        let result = try StateRecovery(context.workspace, definitions: context.definitions).restore()
        let answer = Answer(
            state: result.state.source, movedAside: result.state.movedAside,
            backups: result.adopted.map(\.timestamp), unknown: result.unknown)
        try context.answer(answer) { text(result) }
        return .done
    }

    private func text(_ result: StateRecovery.Result) -> String {
        var lines = [sentence(result.state.source)]
        if let aside = result.state.movedAside { lines.append("The damaged one lies in \(aside).") }
        for backup in result.adopted {
            lines.append(
                "Backup \(backup.timestamp) is listed again; prove it: "
                    + "deployctl backup verify \(backup.environment) \(backup.timestamp)")
        }
        for place in result.unknown {
            lines.append(
                "\(place.environment) was last given release \(place.release): history and rollback do not know "
                    + "it, nor what was before it")
        }
        if result.state.source != .whole { lines.append("Look at what is there now: deployctl status") }
        return lines.map { InertText.line($0) + "\n" }.joined()
    }

    private func sentence(_ source: StateRestoration.Source) -> String {
        switch source {
        case .whole: "The state is whole; nothing had to be put back."
        case .copy: "The state is as its safe copy was; runs after that are not in it."
        case .empty:
            "There is no safe copy: the state is empty. What serves goes on; deploy again to make it known."
        }
    }
}
