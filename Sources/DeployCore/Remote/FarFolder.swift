import FoundationEssentials

/// The project's repository on the machine that serves: commits are pushed into it, and its folder is at one of them.
public struct FarFolder: Sendable {
    let ports: Ports
    /// Absolute.
    public let path: String
    /// A folder elsewhere that is this account's alone, absolute; nil where the machine has none.
    private let spare: String?

    public init(_ ports: Ports, path: String, spare: String? = nil) {
        (self.ports, self.path, self.spare) = (ports, path, spare)
    }

    private var git: GitCommands { GitCommands(repository: path) }

    /// Makes the repository where there is none; the commit its folder is at, nil before the first.
    ///
    /// - Throws: `.stepFailed` where something else lies there, `.invalidDefinition` where others may change it.
    public func prepare() throws(DeployError) -> String? {
        let files = ports.files
        if files.kind(of: "\(path)/.git") == nil {
            guard files.names(in: path).isEmpty else {
                throw DeployError(
                    .stepFailed, what: "\(Shown.text(path)) is no repository",
                    why: "commits are pushed into it, and something else lies there; nothing was changed",
                    next: "name another folder: --host USER@HOST:FOLDER")
            }
            try files.makeFolder(path)
            try demand(git.emptyRepository, "cannot be made a repository")
        }
        try files.refuseStranger(on: path)
        return head()
    }

    /// The commit its folder is at; nil before the first.
    func head() -> String? {
        let head = ports.commands.run(GitCommands.request(git.head))
        return head.succeeded ? String(head.output.trimmed) : nil
    }

    /// Where requests lie.
    public func desk() throws(DeployError) -> FarDesk {
        let asked = ports.commands.run(GitCommands.request(git.ownFolder))
        guard asked.succeeded, asked.output.begins(with: "/") else {
            guard case .exited = asked.ending else { throw failure("cannot be asked", asked) }
            throw DeployError(
                .stepFailed, what: "\(Shown.text(path)) is no repository", why: "git \(asked.explanation)",
                next:
                    "look whether it is yours: ls -ld \(quoted)/.git; where git cannot read it any more: mv \(quoted)/.git \(quoted)/.git-broken, then git init \(quoted), then the same command again"
            )
        }
        return FarDesk(ports, folder: String(asked.output.trimmed), spare: spare.map { "\($0)/deployctl" })
    }

    /// Says that a host which definitions name is this machine; `name`: what it is called there, nil where that is not known.
    public func mark(_ prefix: String, as name: String?) throws(DeployError) {
        let mark = FarMark(files: ports.files, project: project(prefix))
        guard !mark.isThere || name != nil && mark.name != name else { return }
        try ports.files.makeFolder(Layout.tool(project(prefix)))
        try mark.write(name)
    }

    /// A folder with the definitions that a commit has, for the request of this name; nothing else here is changed.
    ///
    /// `environments`: where they lie in the repository.
    public func definitions(
        of commit: String, in environments: String, for id: String
    ) throws(DeployError) -> String {
        try refuseOther(commit)
        let place = try desk().definitions(for: id)
        try ports.files.makeFolder(place)
        let tree = "\(commit):\(environments)"
        guard ports.commands.run(GitCommands.request(git.tree(tree))).succeeded else { return place }
        try demand(
            git.archive(tree, to: "\(place)/.tar"), "cannot show the definitions of \(commit.prefix(12))",
            exactly: true)
        let unpacked = ports.commands.run(
            CommandRequest(
                Command(
                    "tar",
                    [
                        "--extract", "--file", "\(place)/.tar", "--directory", place, "--no-same-owner",
                        "--no-same-permissions",
                    ]), deadline: .seconds(60)))
        guard unpacked.succeeded else { throw failure("cannot unpack definitions", unpacked) }
        return place
    }

    /// What git on another machine talks to when it pushes here, and when it fetches from here.
    public func serving(_ service: KeyRequest.GitService) -> CommandRequest {
        GitCommands.request(service == .receive ? git.receiving : git.sending)
    }

    /// Whether requests were run for the project of this prefix before.
    public func isMarked(_ prefix: String) -> Bool {
        ports.files.kind(of: Layout.farMark(project(prefix))) == .file
    }

    /// Fetches from the machine's own remote, where it has one.
    ///
    /// - Returns: why that could not be done; nil where it was, or where there is no remote.
    public func fetch() -> String? {
        guard let remote = SourceFacts.knownRemote(ports.commands.run(GitCommands.request(git.remotes)))
        else { return nil }
        let result = ports.commands.run(git.fetch(from: remote))
        guard !result.succeeded else { return nil }
        return
            "\(Shown.text(remote)) does not answer there, and branches go by what was fetched before: git \(result.explanation)"
    }

    func refuseOther(_ commit: String) throws(DeployError) {
        guard commit.utf8.count >= 40, commit.holdsOnly("0123456789abcdef") else {
            throw DeployError(
                .usage, what: "\(Shown.text(commit)) is no commit", why: "it is named by its whole digits",
                next: "deployctl help staging")
        }
    }

    /// The project's folder, absolute.
    func project(_ prefix: String) -> String { Self.project(prefix, in: path) }

    /// The same, in the repository at a path.
    public static func project(_ prefix: String, in path: String) -> String {
        let inner = prefix.before("/").map(String.init) ?? prefix
        return inner.isEmpty ? path : "\(path)/\(inner)"
    }

    func demand(_ command: Command, _ failed: String, exactly: Bool = false) throws(DeployError) {
        let result = ports.commands.run(
            GitCommands.request(command, deadline: .seconds(600), exactly: exactly))
        guard !result.succeeded else { return }
        throw failure(failed, result)
    }

    private var quoted: String { ShellText.quoted(path) }

    func failure(_ failed: String, _ result: CommandResult) -> DeployError {
        DeployError(
            .stepFailed, what: "\(Shown.text(path)) \(failed)", why: "git \(result.explanation)",
            next: result.explanation.holds("git is not installed")
                ? "apt-get install git" : "git -C \(quoted) status, on that machine")
    }
}
