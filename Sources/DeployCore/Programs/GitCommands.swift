/// Command lines for git; data only.
///
/// Nothing that a repository's configuration names may run, and no object stands in for another: hooks, monitors,
/// signatures' programs and external transports are off, operands come after `--end-of-options`.
struct GitCommands: Sendable {
    let repository: String

    private static let harmless = [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "log.showSignature=false",
        "protocol.ext.allow=never", "advice.graftFileDeprecated=false",
    ]

    private func git(_ arguments: String...) -> Command { git(arguments) }

    private func git(_ arguments: [String]) -> Command {
        Command(
            "git",
            ["--no-replace-objects", "-C", repository] + Self.harmless.flatMap { ["-c", $0] } + arguments
        )
    }

    var branch: Command { git("rev-parse", "--abbrev-ref", "HEAD") }
    /// Commit, then subject.
    func describe(_ commit: String) -> Command {
        git("log", "-1", "--format=%H%n%s", "--end-of-options", commit)
    }
    /// Commit and subject of each on a line; none of those that are not there.
    func subjects(of commits: [String]) -> Command {
        git(
            ["log", "--no-walk=unsorted", "--ignore-missing", "--format=%H %s", "--end-of-options"] + commits)
    }
    /// Changes of tracked files that are in no commit.
    var uncommitted: Command {
        git("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty")
    }
    /// The names of the remotes, one a line.
    var remotes: Command { git("remote") }
    /// Full names of the branches that hold the commit, here and at this remote; or there alone.
    func branches(containing commit: String, at remote: String?, only: Bool = false) -> Command {
        let places = (only ? [] : ["refs/heads"]) + (remote.map { ["refs/remotes/\($0)"] } ?? [])
        return git(["for-each-ref", "--format=%(refname)", "--contains=\(commit)"] + places)
    }
    /// Full names of every branch of this remote, as it was fetched.
    func branches(at remote: String) -> Command {
        git("for-each-ref", "--format=%(refname)", "refs/remotes/\(remote)")
    }
    /// The commit that is checked out.
    var head: Command { git("rev-parse", "--verify", "--quiet", "HEAD^{commit}") }
    /// The folder git runs in, relative to the repository's: empty, or ended by a slash.
    var prefix: Command { git("rev-parse", "--show-prefix") }
    /// Its first branch is one that nobody pushes, so that every other may be moved by a push.
    var emptyRepository: Command { git("init", "--quiet", "--initial-branch=deployctl/none") }
    /// Brings the work tree to a commit, on no branch; what would be overwritten is refused, ignored files too.
    func checkOut(_ commit: String) -> Command {
        git("checkout", "--quiet", "--no-overwrite-ignore", "--detach", commit)
    }
    /// What deployctl keeps among git's own files, absolute.
    var ownFolder: Command { git("rev-parse", "--path-format=absolute", "--git-path", "deployctl") }
    /// One name, of a branch, a tag or anything else, that holds the commit, when there is any.
    func names(holding commit: String) -> Command {
        git("for-each-ref", "--count=1", "--format=%(refname)", "--contains=\(commit)")
    }
    /// The name that keeps a commit which no other holds.
    static func kept(_ commit: String) -> String { "refs/deployctl/kept/\(commit)" }
    func keep(_ commit: String) -> Command { git("update-ref", Self.kept(commit), commit) }
    /// Ends with 0 when there is such a folder in a commit, named `<commit>:<path>`.
    func tree(_ name: String) -> Command { git("rev-parse", "--verify", "--quiet", name) }
    /// `true` or `false`.
    var isBare: Command { git("rev-parse", "--is-bare-repository") }
    /// What git would take the name for, the branch first.
    static func fullNames(_ name: String) -> [String] {
        ["refs/heads/\(name)", "refs/tags/\(name)", "refs/\(name)"]
    }
    /// What has this name, with the commit each leads to.
    func namesakes(_ name: String) -> Command {
        Command(
            "git",
            git("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)").arguments
                + Self.fullNames(name))
    }
    /// Each filter setting's scope and name, every one ended by a zero byte.
    var filters: Command { git("config", "--show-scope", "-z", "--name-only", "--get-regexp", #"^filter\."#) }
    /// The file with rules about contents that are in no commit.
    var ownAttributes: Command {
        git("rev-parse", "--path-format=absolute", "--git-path", "info/attributes")
    }
    /// A file as the newest commit has it, by its path relative to the folder git runs in.
    func committed(_ path: String) -> Command { git("cat-file", "blob", "HEAD:./\(path)") }
    /// One branch of this remote that holds the commit, when there is any.
    func remoteBranches(containing commit: String, at remote: String) -> Command {
        git(
            "for-each-ref", "--count=1", "--format=%(refname:short)", "--contains=\(commit)",
            "refs/remotes/\(remote)")
    }
    /// Writes a commit's files to a tar file, without hooks.
    func archive(_ commit: String, to file: String) -> Command {
        git("archive", "--format=tar", "--output=\(file)", "--end-of-options", commit)
    }
    /// One line per commit that the newer has and the older has not.
    func log(from older: String, to newer: String) -> Command {
        git(
            "log", "--abbrev=8", "--format=%h %s", "--max-count=200", "--end-of-options", "\(older)..\(newer)"
        )
    }
    /// Ends with 0 when git ignores the path, and with 1 when it would take it.
    func ignores(_ path: String) -> Command { git("check-ignore", "--quiet", "--", path) }
    /// Those of these paths that git has, each ended by a zero byte.
    func tracked(_ paths: [String]) -> Command {
        git(["--literal-pathspecs", "ls-files", "-z", "--cached", "--"] + paths)
    }
    /// What a commit has at these paths, relative to the folder git runs in: mode, type, id and path, each ended by a
    /// zero byte; of a path that ends in a slash, what is in that folder.
    func entries(_ paths: [String], of commit: String = "HEAD") -> Command {
        git(["ls-tree", "-z", commit, "--"] + paths)
    }
    /// Ends with 0 when the newest commit has one of these texts, outside of definitions and documentation, with 1 when not.
    func mentions(_ texts: [String]) -> Command {
        let words = texts.flatMap { ["-e", $0] }
        return git(
            ["grep", "--quiet", "-I", "--fixed-strings"] + words
                + ["HEAD", "--", ".", ":(exclude)environments", ":(exclude)*.md", ":(exclude)*.rst"])
    }
    /// An annotated tag: its message cannot be changed without the tag becoming another one.
    func tag(_ name: String, _ commit: String, saying message: String) -> Command {
        git(
            "-c", "user.name=deployctl", "-c", "user.email=deployctl@localhost", "tag", "--force",
            "--annotate",
            "--message=\(message)", "--end-of-options", name, commit)
    }
    /// One line per annotated tag of a deployment: `tag`, its full name, its message's first line.
    var deploymentTags: Command {
        git(
            "for-each-ref", "--format=%(objecttype) %(refname) %(contents:subject)", "refs/tags/deploy/"
        )
    }
}

/// How git is started: what a repository says about programs and contents counts for nothing.
extension GitCommands {
    private static let surroundings = [
        "LC_ALL": "C", "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0", "GIT_GRAFT_FILE": "/dev/null",
    ]
    private static let noPrograms = [
        ("gpg.program", "false"), ("gpg.openpgp.program", "false"), ("gpg.x509.program", "false"),
        ("gpg.ssh.program", "false"), ("tag.gpgSign", "false"), ("core.commitGraph", "false"),
    ]
    private static let committedBytes = [
        ("core.attributesFile", "/dev/null"), ("core.autocrlf", "false"), ("core.eol", "lf"),
        ("tar.umask", "0002"),
    ]

    /// A call of git in which nothing of the repository's own configuration runs.
    ///
    /// `filters` are those that this configuration defines. `exactly`: no rule of this machine's changes what files
    /// hold, and git refuses a file that asks for such a filter.
    static func request(
        _ command: Command, in directory: String? = nil, deadline: Duration = .seconds(30),
        without filters: [String] = [], exactly: Bool = false
    ) -> CommandRequest {
        var settings = noPrograms + (exactly ? committedBytes : [])
        for name in filters {
            settings += ["clean", "smudge", "process"].map { ("filter.\(name).\($0)", "") }
            settings.append(("filter.\(name).required", "\(exactly)"))
        }
        var environment = surroundings
        if exactly { environment["GIT_ATTR_NOSYSTEM"] = "1" }
        environment["GIT_CONFIG_COUNT"] = "\(settings.count)"
        for (index, setting) in settings.enumerated() {
            (environment["GIT_CONFIG_KEY_\(index)"], environment["GIT_CONFIG_VALUE_\(index)"]) = setting
        }
        return CommandRequest(command, in: directory, environment: environment, deadline: deadline)
    }

    /// Moves these names on another machine, over ssh and without force; one line for each on standard output.
    func push(_ specifications: [String], to address: String) -> CommandRequest {
        var request = Self.request(
            git(
                [
                    "push", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no",
                    address,
                ] + specifications),
            deadline: .seconds(1800))
        request.environment["GIT_ALLOW_PROTOCOL"] = "ssh"
        request.environment["GIT_SSH_COMMAND"] = SSHCommands.forGit
        return request
    }

    /// Takes what another machine pushes: new commits and branches that go forward, and no other name.
    var receiving: Command {
        git([
            "-c", "receive.denyDeletes=true", "-c", "receive.denyNonFastForwards=true",
            "-c", "receive.hideRefs=refs", "-c", "receive.hideRefs=!refs/heads",
            "-c", "receive.hideRefs=!refs/deployctl/commits", "receive-pack", repository,
        ])
    }
    /// Gives another machine what it fetches.
    var sending: Command { git("upload-pack", "--strict", repository) }

    /// Takes over every branch of this remote, and forgets those that are gone there; asks nobody for anything.
    func fetch(from remote: String) -> CommandRequest {
        var request = Self.request(
            git(
                "fetch", "--quiet", "--prune", "--no-tags", "--no-recurse-submodules",
                "--no-write-fetch-head",
                "--no-auto-maintenance", remote, "+refs/heads/*:refs/remotes/\(remote)/*"),
            deadline: .seconds(120))
        request.environment["GIT_ALLOW_PROTOCOL"] = "ssh:https:file"
        request.environment["GIT_SSH_COMMAND"] = SSHCommands.forGit
        return request
    }

    /// Names of the filters that the repository itself defines, or what it includes; nil when git did not say.
    ///
    /// What a person or the machine configured is their own choice.
    static func foreignFilters(_ result: CommandResult) -> [String]? {
        if result.ending == .exited(1), result.output.isEmpty { return [] }
        let words = result.output.split(at: "\0")
        guard result.succeeded, words.count % 2 == 0, !result.output.holds("\u{FFFD}") else { return nil }
        var names: Set<ByteText> = []
        for index in stride(from: 0, to: words.count, by: 2) {
            let (scope, key) = (words[index], words[index + 1])
            guard scope != "global" && scope != "system" && scope != "command" else { continue }
            guard let name = key.after("filter.")?.cutLast(at: ".")?.before else { continue }
            names.insert(ByteText(String(name)))
        }
        return names.map(\.text)
    }
}
