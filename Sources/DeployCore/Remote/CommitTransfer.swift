/// Brings a commit, and what this repository knows of its branches, to the machine that serves.
public struct CommitTransfer: Sendable {
    private let workspace: Workspace
    private var git: GitCommands { GitCommands(repository: workspace.project) }

    public init(_ workspace: Workspace) { self.workspace = workspace }

    /// What goes over.
    public struct Load: Hashable, Sendable {
        public var commit: String
        /// Names of the branches that hold it.
        public var branches: [String]
        /// Where the project lies in its repository: empty, or ended by a slash.
        public var prefix: String
    }

    /// - Throws: as a deployment of the reference would.
    public func load(_ reference: String) throws(DeployError) -> Load {
        let site = workspace.site(Environment(name: "staging", project: ""))
        let commit = try SourceFacts(site).commit(reference).commit
        return Load(commit: commit, branches: try branches(holding: commit), prefix: prefix)
    }

    /// Where the project lies in its repository: empty, or ended by a slash.
    public var prefix: String {
        let asked = ask(git.prefix)
        return asked.succeeded ? String(asked.output.trimmed) : ""
    }

    /// Tracked files that are changed here and in no commit; none where git does not say.
    public func uncommitted() -> [String] {
        let filters = GitCommands.foreignFilters(ask(git.filters)) ?? []
        let result = workspace.ports.commands.run(GitCommands.request(git.uncommitted, without: filters))
        return result.succeeded ? result.output.lines.map { String($0.dropFirst(3)) } : []
    }

    /// A branch that the project's remote has holds the commit when it does there, whatever a branch of that name holds here.
    private func branches(holding commit: String) throws(DeployError) -> [String] {
        let remote = SourceFacts.ownRemote(ask(git.remotes))
        let known = try names(git.branches(at: remote), "refs/remotes/\(remote)/")
        let there = try names(git.branches(containing: commit, at: remote), "refs/remotes/\(remote)/")
        let here = try names(git.branches(containing: commit, at: nil), "refs/heads/")
        return Self.claimed(here: here, there: there, known: known)
    }

    static func claimed(here: [String], there: [String], known: [String]) -> [String] {
        let ours = here.filter { name in !known.contains { $0 == name } }
        return there + ours.filter { name in !there.contains { $0 == name } }
    }

    /// - Throws: where git does not answer; no answer is no list of branches.
    private func names(_ command: Command, _ place: String) throws(DeployError) -> [String] {
        let result = ask(command)
        guard result.succeeded else {
            throw DeployError(
                .stepFailed, what: "It is not known which branches hold the commit",
                why: "git \(result.explanation); nothing was sent", next: "deployctl doctor")
        }
        return result.output.lines.compactMap { $0.after(place).map(String.init) }.filter { $0 != "HEAD" }
    }

    private func ask(_ command: Command) -> CommandResult {
        workspace.ports.commands.run(GitCommands.request(command))
    }

    /// Pushes the commit without ever moving a branch back.
    ///
    /// - Returns: branches that were not moved.
    /// - Throws: `.stepFailed` when the commit did not arrive.
    public func push(_ load: Load, to target: String, folder: String) throws(DeployError) -> [Refusal] {
        let place = "refs/deployctl/commits/\(load.commit)"
        let targets = [place] + load.branches.map { "refs/heads/\($0)" }
        let result = workspace.ports.commands.run(
            git.push(targets.map { "\(load.commit):\($0)" }, to: "\(target):\(folder)"))
        let (arrived, refused) = Self.outcome(result.output)
        guard arrived.contains(where: { $0 == place }) else {
            throw DeployError(
                .stepFailed, what: "Commit \(load.commit.prefix(12)) did not reach \(target)",
                why: "git push \(result.explanation)\nnothing was changed there",
                next: Self.advice(result.errors, target: target, folder: ShellText.quoted(folder)))
        }
        return refused.compactMap { refusal in
            refusal.name.after("refs/heads/").map { Refusal(name: String($0), why: refusal.why) }
        }
    }

    /// Of what fails there, git there says more than the way to it.
    private static func advice(_ words: String, target: String, folder: String) -> String {
        if words.holds("No space left on device") { return "make room there: ssh \(target) df -h \(folder)" }
        return words.holds("remote: ") || words.holds("remote unpack failed")
            ? "ssh \(target) git -C \(folder) fsck" : "ssh \(target) true"
    }

    /// A name that git did not move.
    public struct Refusal: Hashable, Sendable {
        public var name: String
        /// In git's words.
        public var why: String
    }

    /// Full names of what was moved or is there already, and of what was refused, from git's porcelain.
    static func outcome(_ porcelain: String) -> (arrived: [String], refused: [Refusal]) {
        var (arrived, refused): ([String], [Refusal]) = ([], [])
        for line in porcelain.lines {
            let fields = line.split(at: "\t", keepsEmpty: true)
            guard fields.count >= 3, let name = fields[1].cutLast(at: ":")?.after else { continue }
            if fields[0] == "!" {
                refused.append(Refusal(name: String(name), why: String(fields[2])))
            } else {
                arrived.append(String(name))
            }
        }
        return (arrived, refused)
    }
}
