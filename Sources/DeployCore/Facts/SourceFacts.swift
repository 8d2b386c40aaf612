import FoundationEssentials

/// What git says about the project's source.
struct SourceFacts: Sendable {
    let ports: Ports
    let git: GitCommands
    let repository: String

    init(_ site: Site) {
        ports = site.ports
        repository = site.layout.absolute(site.environment.source.repository)
        git = GitCommands(repository: repository)
    }

    /// A commit, with the branch it was reached by.
    struct Head: Hashable, Sendable {
        var commit: String
        var branch: String
        var subject: String
    }

    /// - Throws: `.notFound` when the reference names no commit.
    func commit(_ reference: String) throws(DeployError) -> Head {
        let results = ports.commands.runTogether([
            CommandRequest(git.describe("\(reference)^{commit}")), CommandRequest(git.branch),
        ])
        let described = results[0].output.split(at: "\n", max: 1, keepsEmpty: true)
        guard results[0].succeeded, let commit = described.first, commit.utf8.count >= 40 else {
            throw DeployError(
                .notFound, what: "No commit \(reference) in \(repository)", why: results[0].explanation,
                next: reference == "HEAD"
                    ? "git init && git add -A && git commit -m Begin" : "git log --oneline --all")
        }
        let subject = described.count > 1 ? described[1].firstLine : ""
        return Head(
            commit: String(commit), branch: try branch(of: reference, results[1]), subject: String(subject))
    }

    /// Number of changes of tracked files that are in no commit.
    func uncommitted() throws(DeployError) -> Int {
        let result = ports.commands.run(uncommittedRequest)
        guard let count = Self.uncommitted(result) else {
            throw DeployError(
                .stepFailed, what: "git cannot say what is uncommitted", why: result.explanation,
                next: "git status")
        }
        return count
    }

    /// For asking together with other programs.
    var uncommittedRequest: CommandRequest {
        CommandRequest(git.uncommitted, environment: ["LC_ALL": "C"])
    }

    /// A bare repository has no files that could be changed; nil when git did not say.
    static func uncommitted(_ result: CommandResult) -> Int? {
        if result.errors.holds("must be run in a work tree") { return 0 }
        return result.succeeded ? result.output.lines.count : nil
    }

    func remoteBranchesRequest(containing commit: String) -> CommandRequest {
        CommandRequest(git.remoteBranches(containing: commit))
    }

    /// One line per commit between the two releases, newest first; the newer one alone when git cannot tell.
    func commits(from older: Release?, to newer: Release?) -> [String] {
        guard let newer else { return [] }
        let last = ["\(newer.shortCommit) \(newer.subject)"]
        guard let older else { return last }
        guard older.commit != newer.commit else { return [] }
        let result = ports.commands.run(CommandRequest(git.log(from: older.commit, to: newer.commit)))
        return result.succeeded ? result.output.lines.map(String.init) : last
    }

    private func branch(of reference: String, _ head: CommandResult) throws(DeployError) -> String {
        let current = String(head.output.trimmed)
        if reference == "HEAD" { return current == "HEAD" ? "(detached)" : current }
        let known = ports.commands.run(CommandRequest(git.branches(containing: reference)))
        let names = known.output.lines.map(String.init)
        return names.contains { $0 == reference } || names.isEmpty ? reference : names[0]
    }
}
