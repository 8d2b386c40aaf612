/// Command lines for git; data only.
///
/// Nothing that a repository's configuration names may run, and no object stands in for another: hooks, monitors,
/// signatures' programs and external transports are off, operands come after `--end-of-options`.
struct GitCommands: Sendable {
    let repository: String

    private static let harmless = [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "log.showSignature=false",
        "protocol.ext.allow=never",
    ]

    private func git(_ arguments: String...) -> Command {
        Command(
            "git",
            ["--no-replace-objects", "-C", repository] + Self.harmless.flatMap { ["-c", $0] } + arguments
        )
    }

    func resolve(_ reference: String) -> Command {
        git("rev-parse", "--verify", "--quiet", "--end-of-options", "\(reference)^{commit}")
    }
    var branch: Command { git("rev-parse", "--abbrev-ref", "HEAD") }
    /// Commit, then subject.
    func describe(_ commit: String) -> Command {
        git("log", "-1", "--format=%H%n%s", "--end-of-options", commit)
    }
    /// Changes of tracked files that are in no commit.
    var uncommitted: Command { git("status", "--porcelain", "--untracked-files=no") }
    func branches(containing commit: String) -> Command {
        git("for-each-ref", "--format=%(refname:short)", "--contains=\(commit)", "refs/heads", "refs/remotes")
    }
    /// One remote branch that holds the commit, when there is any.
    func remoteBranches(containing commit: String) -> Command {
        git("for-each-ref", "--count=1", "--format=%(refname:short)", "--contains=\(commit)", "refs/remotes")
    }
    /// Writes a commit's files to a tar file, without hooks.
    func archive(_ commit: String, to file: String) -> Command {
        git("archive", "--format=tar", "--output=\(file)", "--end-of-options", commit)
    }
    /// One line per commit that the newer has and the older has not.
    func log(from older: String, to newer: String) -> Command {
        git("log", "--format=%h %s", "--max-count=200", "--end-of-options", "\(older)..\(newer)")
    }
    /// An annotated tag: its message cannot be changed without the tag becoming another one.
    func tag(_ name: String, _ commit: String, saying message: String) -> Command {
        git(
            "-c", "user.name=deployctl", "-c", "user.email=deployctl@localhost", "tag", "--force",
            "--annotate",
            "--message=\(message)", "--end-of-options", name, commit)
    }
    /// One line per annotated tag of a deployment: `tag`, its name, its message's first line.
    var deploymentTags: Command {
        git(
            "for-each-ref", "--format=%(objecttype) %(refname:short) %(contents:subject)", "refs/tags/deploy/"
        )
    }
}
