import DeployCore

extension Verb {
    static let adopt = Verb(
        "adopt", .setUp, summary: "Rebuild a lost or damaged state from what lies on disk",
        paragraph: """
            Puts the safe copy in the place of a lost or damaged state, and what lies on disk of runs, releases and backups \
            that it does not know; without a copy everything comes from there. What staging proved is believed where this \
            project's own records bear it out, and asked for anew where they do not.
            """,
        examples: ["deployctl adopt --state", "deployctl adopt --state --json"],
        flags: [stateFlag], exits: [.invalidDefinition, .locked, .stepFailed, .needsPerson],
        body: .inProject(StateCommand.adopt))

    private static let stateFlag = Flag("state", "The tool's own memory, .deployctl/state.db")
}

/// `adopt --state`.
struct StateCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        /// What the state is now.
        let state: StateRestoration.Source
        @OrNull var movedAside: String?
        /// What was put back, oldest first.
        let runs: [Timestamp]
        let releases: [Timestamp]
        let backups: [Timestamp]
        /// Those of the backups that count once they are proved.
        let unproved: [Timestamp]
        /// What environments were last given and the state knows nothing of.
        let unknown: [StateRecovery.UnknownRelease]
        /// What has to be deployed to again before anything is promoted from it.
        let doubts: [StateRecovery.Doubt]
        /// Why `audit.log` does not say of it yet.
        @OrNull var unanchored: String?
    }

    func adopt() throws(DeployError) -> ExitCode {
        guard context.invocation.has("state") else {
            throw DeployError(
                .usage, what: "adopt needs --state", why: "it says what is rebuilt from what lies on disk",
                next: "deployctl adopt --state")
        }
        let result = try StateRecovery(context.deployer).restore()
        let answer = Answer(
            state: result.state.source, movedAside: result.state.movedAside, runs: result.state.runs,
            releases: result.state.releases, backups: result.state.backups,
            unproved: result.unproved.map(\.timestamp), unknown: result.unknown, doubts: result.doubts,
            unanchored: result.unanchored.map { "\($0.what): \($0.why)" })
        try context.answer(answer) { text(result) }
        return result.unanchored == nil ? .done : .needsPerson
    }

    private func text(_ result: StateRecovery.Result) -> String {
        var lines = [sentence(result.state.source)]
        if let aside = result.state.movedAside { lines.append("The damaged one lies in \(aside).") }
        if result.state.source != .whole {
            let put = result.state
            lines.append(
                "Put back from disk: \(put.runs.count) runs, \(put.releases.count) releases, \(put.backups.count) backups."
            )
        }
        for backup in result.unproved {
            lines.append(
                "Backup \(backup.timestamp) is listed again; prove it: "
                    + "deployctl backup verify \(backup.environment) \(backup.timestamp)")
        }
        for place in result.unknown {
            lines.append(
                "\(place.environment) was last given release \(place.release): history and rollback do not know "
                    + "it, nor what was before it")
        }
        for doubt in result.doubts {
            lines.append(
                "Nothing is promoted from \(doubt.environment) before deployctl \(doubt.environment): \(doubt.why)"
            )
        }
        if let error = result.unanchored {
            lines.append(
                "audit.log does not say of it yet: \(error.what): \(error.why); \(error.next). "
                    + "The next command that changes something adds it")
        }
        if result.state.source != .whole { lines.append("Look at what is there now: deployctl status") }
        return lines.map { InertText.line($0) + "\n" }.joined()
    }

    private func sentence(_ source: StateRestoration.Source) -> String {
        switch source {
        case .whole: "The state is whole; nothing had to be put back."
        case .copy: "The state is as its safe copy was, with what lies on disk."
        case .empty: "There is no safe copy: the state is what lies on disk."
        }
    }
}
