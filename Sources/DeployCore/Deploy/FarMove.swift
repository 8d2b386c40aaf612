import FoundationEssentials

/// Brings the project's folder to a commit that was pushed, while nothing runs by what stands there.
public struct FarMove: Sendable {
    private let folder: FarFolder
    private let performer: String
    private let waiting: Duration?
    private let say: @Sendable (String) -> Void

    /// `waiting`: how long for runs that are under way, nil for not at all; `say`: what a person has to know.
    public init(
        _ folder: FarFolder, by performer: String, waiting: Duration?,
        say: @escaping @Sendable (String) -> Void
    ) {
        (self.folder, self.performer) = (folder, performer)
        (self.waiting, self.say) = (waiting, say)
    }

    private var ports: Ports { folder.ports }
    private var git: GitCommands { GitCommands(repository: folder.path) }
    private var words: String { "bringing a commit by \(performer)" }

    /// Nobody else brings one while the lock is kept.
    ///
    /// - Throws: `.locked` while somebody else brings a commit or anything runs, `.stepFailed` where files are changed that
    ///   are in no commit, or would be overwritten.
    public func carryOut(to commit: String, prefix: String) throws(DeployError) -> any HeldLock {
        try folder.refuseOther(commit)
        let wait = LockWait(ports: ports, waiting: waiting)
        let turn = try wait.take("\(try folder.desk().folder)/turn", as: words) { holder in
            DeployError(
                .locked, what: "Somebody else brings a commit to \(Shown.text(folder.path))",
                why: holder ?? "they have only just begun",
                next: "wait for it, or wait with --lock-wait=SECONDS")
        }
        guard let head = folder.head() else {
            do throws(DeployError) { try checkOut(commit) } catch { throw adopting(commit, error) }
            return turn
        }
        guard head != commit else { return turn }
        let runs = try takeRuns(folder.project(prefix), wait)
        defer { withExtendedLifetime(runs) {} }
        try refuseChanges(from: commit)
        try keep(head)
        try checkOut(commit)
        return turn
    }

    /// Files that lie in a repository without a commit are those of one that was made anew.
    private func adopting(_ commit: String, _ error: DeployError) -> DeployError {
        guard error.why.holds("would be overwritten") else { return error }
        let git = "git -C \(ShellText.quoted(folder.path))"
        return error.recast(
            as: error.code,
            next:
                "on that machine: \(git) reset \(commit.prefix(12)), then \(git) checkout -- . puts the commit's files in the place of these, then the same command again"
        )
    }

    /// The locks of all environments that ever had a run: each plans by the definitions that stand there.
    private func takeRuns(_ project: String, _ wait: LockWait) throws(DeployError) -> [any HeldLock] {
        var held: [any HeldLock] = []
        for name in ports.files.names(in: Layout.tool(project)) {
            let path = Layout.lock(project, environment: name)
            guard ports.files.kind(of: path) == .file else { continue }
            held.append(
                try wait.take(path, as: words) { EnvironmentLock.held(name, by: $0) })
        }
        return held
    }

    /// What was changed by hand would come along, or be in the way.
    private func refuseChanges(from commit: String) throws(DeployError) {
        let filters = GitCommands.foreignFilters(ports.commands.run(GitCommands.request(git.filters)))
        let asked = ports.commands.run(GitCommands.request(git.uncommitted, without: filters ?? []))
        guard asked.succeeded, asked.output.isEmpty else {
            let paths = asked.output.lines.prefix(5).map { Shown.text(String($0.dropFirst(3))) }
            throw DeployError(
                .stepFailed, what: "\(Shown.text(folder.path)) was not brought to \(commit.prefix(12))",
                why: asked.succeeded
                    ? "changed there and in no commit: \(paths.joined(separator: ", ")); nothing was changed"
                    : "git \(asked.explanation); nothing was changed",
                next:
                    "on that machine: git -C \(ShellText.quoted(folder.path)) stash, or commit them where you work and git -C \(ShellText.quoted(folder.path)) checkout -- ."
            )
        }
    }

    /// A commit that nothing names would be lost once nobody stands on it.
    private func keep(_ head: String) throws(DeployError) {
        let holding = ports.commands.run(GitCommands.request(git.names(holding: head)))
        guard holding.succeeded else {
            throw folder.failure("does not say which branches hold \(head.prefix(12))", holding)
        }
        guard holding.output.isBlank else { return }
        try folder.demand(git.keep(head), "cannot keep commit \(head.prefix(12))")
        say(
            "Commit \(head.prefix(12)) was made there and is on no branch: it is kept as \(GitCommands.kept(head))"
        )
    }

    private func checkOut(_ commit: String) throws(DeployError) {
        try folder.demand(git.checkOut(commit), "cannot be brought to commit \(commit.prefix(12))")
        guard folder.head() != commit else { return }
        throw DeployError(
            .stepFailed, what: "\(Shown.text(folder.path)) is not at commit \(commit.prefix(12))",
            why: "git said it brought it there, and it is at \(folder.head() ?? "none")",
            next: "git -C \(ShellText.quoted(folder.path)) status, on that machine")
    }
}
