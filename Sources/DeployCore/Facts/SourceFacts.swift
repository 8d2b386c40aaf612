import FoundationEssentials

/// What git says about the project's source.
struct SourceFacts: Sendable {
    let ports: Ports
    let git: GitCommands
    let repository: String
    /// Whether branches here are what another machine sent.
    let isFar: Bool

    init(_ site: Site) {
        isFar = site.ports.files.kind(of: Layout.farMark(site.layout.project)) != nil
        ports = site.ports
        repository = site.layout.absolute(site.environment.source.repository)
        git = GitCommands(repository: repository)
    }

    /// A commit, with the branches that hold it.
    struct Head: Hashable, Sendable {
        var commit: String
        /// The one that was named or is checked out, else the first that holds the commit.
        var branch: String
        var branches: [String]
        var subject: String
    }

    /// - Throws: `.notFound` when the reference names no commit, `.usage` when a branch and a tag bear its name and
    ///   differ, `.stepFailed` where rules outside of any commit change what files hold.
    func commit(_ reference: String) throws(DeployError) -> Head {
        let results = ports.commands.runTogether(
            [
                git.describe("\(reference)^{commit}"), git.branch, git.namesakes(reference),
                git.ownAttributes, git.isBare, git.remotes,
            ].map { GitCommands.request($0) })
        let described = results[0].output.split(at: "\n", max: 1, keepsEmpty: true)
        guard results[0].succeeded, let commit = described.first.map(String.init), commit.utf8.count >= 40
        else {
            try refuseSilence(results[0], about: reference)
            throw DeployError(
                .notFound, what: "No commit \(reference) in \(repository)", why: results[0].explanation,
                next: try wayToACommit(reference, results[0]))
        }
        let names = results[2].output.lines.map { $0.split(at: " ").map(String.init) }
        try refuseNamesakes(reference, names)
        try refuseOwnAttributes(String(results[3].output.trimmed))
        let holding = Self.branchesRequest(
            git, containing: commit, isBare: results[4], remotes: results[5], isFar: isFar)
        let branches = Self.branches(ports.commands.run(holding)) ?? []
        let named = reference == "HEAD" ? String(results[1].output.trimmed) : reference
        let full = "refs/heads/\(named)"
        let isBranch =
            reference == "HEAD" ? named != "HEAD" : names.contains { $0.first.map { $0 == full } ?? false }
        return Head(
            commit: commit, branch: isBranch ? named : branches.first ?? "(no branch)", branches: branches,
            subject: described.count > 1 ? String(described[1].firstLine) : "")
    }

    /// A project that was deployed before had a history, which a new one would not go on with.
    private func wayToACommit(_ reference: String, _ result: CommandResult) throws(DeployError) -> String {
        let hasHistory = try !ports.state.deployments(of: nil, limit: 1).isEmpty
        if hasHistory, result.errors.holds("not a git repository") {
            return "clone the repository elsewhere, and move its .git to \(repository)"
        }
        return reference == "HEAD" && !hasHistory
            ? "git init && git add -A && git commit -m Begin" : "git log --oneline --all"
    }

    /// What git could not be asked is not known to be missing.
    private func refuseSilence(_ result: CommandResult, about reference: String) throws(DeployError) {
        switch result.ending {
        case .exited, .interrupted: return
        case .signalled, .timedOut, .notStarted, .unanswered:
            throw DeployError(
                .stepFailed, what: "git does not say which commit \(reference) is",
                why: "git \(result.explanation)", next: "deployctl doctor")
        }
    }

    /// git takes what stands nearest to `refs`, then the tag; a person means the branch.
    private func refuseNamesakes(_ name: String, _ found: [[String]]) throws(DeployError) {
        let full = GitCommands.fullNames(name).filter { full in found.contains { $0.first == full } }
        let commits = full.compactMap { full in found.first { $0.first == full }?.last }
        guard let first = commits.first, commits.contains(where: { $0 != first }) else { return }
        throw DeployError(
            .usage, what: "\(name) is the name of \(full.joined(separator: " and ")) in \(repository)",
            why: "they are different commits",
            next: "say which: \(full.map { "--ref \($0)" }.joined(separator: ", or "))")
    }

    private func refuseOwnAttributes(_ path: String) throws(DeployError) {
        guard path.begins(with: "/"), let text = try ports.files.read(path, from: 0, limit: 1 << 16),
            String(decoding: text, as: UTF8.self).lines.contains(where: {
                !$0.isBlank && !$0.begins(with: "#")
            })
        else { return }
        throw DeployError(
            .stepFailed, what: "A release would not hold what its commit holds",
            why: "\(path) has rules about files' contents that are in no commit; nothing was changed",
            next: "bring them into the commit's .gitattributes, and empty \(path)")
    }

    /// Number of changes of tracked files that are in no commit.
    func uncommitted() throws(DeployError) -> Int {
        var wave = ProbeWave()
        var result = CommandResult(.notStarted("it was not run"))
        wave.ask(uncommittedQuestion) { result = $0.result }
        wave.run(on: ports.commands) {}
        guard let count = Self.uncommitted(result) else {
            throw DeployError(
                .stepFailed, what: "git cannot say what is uncommitted", why: result.explanation,
                next: "git status")
        }
        return count
    }

    /// Its answer is for `uncommitted(_:)`.
    var uncommittedQuestion: GitQuestion {
        GitQuestion(after: [git.filters]) { [git] answers in
            let filters = GitCommands.foreignFilters(answers[0]) ?? []
            return GitCommands.request(git.uncommitted, without: filters)
        }
    }

    /// A bare repository has no files that could be changed; nil when git did not say.
    static func uncommitted(_ result: CommandResult) -> Int? {
        if result.errors.holds("must be run in a work tree") { return 0 }
        return result.succeeded ? result.output.lines.count : nil
    }

    /// Whether a merge has left conflicts, as two letters before a file say.
    static func isMerging(_ result: CommandResult) -> Bool {
        result.output.lines.contains { line in
            ["DD ", "AU ", "UD ", "UA ", "DU ", "AA ", "UU "].contains { line.begins(with: $0) }
        }
    }

    func remoteBranchesQuestion(containing commit: String) -> GitQuestion {
        GitQuestion(after: [git.remotes]) { [git] answers in
            GitCommands.request(git.remoteBranches(containing: commit, at: Self.ownRemote(answers[0])))
        }
    }

    /// Its answer is for `branches(_:)`.
    func branchesQuestion(containing commit: String) -> GitQuestion {
        GitQuestion(after: [git.isBare, git.remotes]) { [git, isFar] answers in
            Self.branchesRequest(
                git, containing: commit, isBare: answers[0], remotes: answers[1], isFar: isFar)
        }
    }

    /// In a clone a branch of its remote is one that was fetched; into a bare repository anybody who pushes writes there.
    ///
    /// `isFar`: its own branches are another machine's word, which counts only where no remote can be asked.
    static func branchesRequest(
        _ git: GitCommands, containing commit: String, isBare: CommandResult, remotes: CommandResult,
        isFar: Bool
    ) -> CommandRequest {
        let isClone = isBare.succeeded && isBare.output.trimmed == "false"
        if isFar, isClone, let remote = knownRemote(remotes) {
            return GitCommands.request(git.branches(containing: commit, at: remote, only: true))
        }
        return GitCommands.request(git.branches(containing: commit, at: isClone ? ownRemote(remotes) : nil))
    }

    /// The one that the project's own branches come from: `origin`, or the only one there is.
    ///
    /// What was fetched from somebody else's repository has branches of the same names.
    static func ownRemote(_ result: CommandResult) -> String {
        let names = result.succeeded ? result.output.lines.map(String.init) : []
        return names.count == 1 ? names[0] : "origin"
    }

    /// The same; nil where there is none.
    static func knownRemote(_ result: CommandResult) -> String? {
        let own = ownRemote(result)
        return result.succeeded && result.output.lines.contains(where: { $0 == own }) ? own : nil
    }

    /// Whether the branches are another machine's word, because there is no remote to ask; from what `git remote` said.
    func isSent(_ remotes: CommandResult) -> Bool { isFar && Self.knownRemote(remotes) == nil }

    /// Names without `refs/heads/`, and those at a remote without its name; nil when git did not say.
    static func branches(_ result: CommandResult) -> [String]? {
        guard result.succeeded else { return nil }
        var names: [String] = []
        for line in result.output.lines {
            let name = line.after("refs/heads/") ?? line.after("refs/remotes/")?.cut(at: "/")?.after
            guard let name = name.map(String.init), name != "HEAD", !names.contains(where: { $0 == name })
            else { continue }
            names.append(name)
        }
        return names
    }

    /// One line per commit between the two releases, newest first; the newer one alone when git cannot tell.
    func commits(from older: Release?, to newer: Release?) -> [String] {
        guard let newer else { return [] }
        let last = ["\(newer.shortCommit) \(newer.subject)"]
        guard let older else { return last }
        guard older.commit != newer.commit else { return [] }
        let result = ports.commands.run(GitCommands.request(git.log(from: older.commit, to: newer.commit)))
        return result.succeeded ? result.output.lines.map(String.init) : last
    }
}
