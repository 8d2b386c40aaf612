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
        git(
            "log", "--abbrev=8", "--format=%h %s", "--max-count=200", "--end-of-options", "\(older)..\(newer)"
        )
    }
    /// Ends with 0 when git ignores the path, and with 1 when it would take it.
    func ignores(_ path: String) -> Command { git("check-ignore", "--quiet", "--", path) }
    func tag(_ name: String, _ commit: String) -> Command {
        git("tag", "--force", "--end-of-options", name, commit)
    }
}
