import FoundationEssentials

/// The project's repository on the machine that serves: commits are pushed into it, and its folder is at one of them.
public struct FarFolder: Sendable {
    private let ports: Ports
    /// Absolute.
    public let path: String

    /// `folder` is absolute, or relative to `home`.
    public init(_ ports: Ports, folder: String, home: String) {
        self.ports = ports
        path = folder.begins(with: "/") ? folder : "\(home)/\(folder)"
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
        let head = ports.commands.run(GitCommands.request(git.head))
        return head.succeeded ? String(head.output.trimmed) : nil
    }

    /// Brings the project's folder to a commit that was pushed; what stands there and is in no commit stays.
    ///
    /// `prefix`: where the project lies in the repository, empty or ended by a slash.
    public func bring(_ commit: String?, prefix: String) throws(DeployError) {
        if let commit {
            guard commit.utf8.count >= 40, commit.holdsOnly("0123456789abcdef") else {
                throw DeployError(
                    .usage, what: "\(Shown.text(commit)) is no commit",
                    why: "it is named by its whole digits",
                    next: "deployctl help staging")
            }
            try demand(git.checkOut(commit), "cannot be brought to commit \(commit.prefix(12))")
        }
        let mark = Layout.farMark(project(prefix))
        guard ports.files.kind(of: mark) == nil else { return }
        try ports.files.makeFolder(Layout.tool(project(prefix)))
        try ports.files.publish(Data("A host that definitions name is this machine.\n".utf8), to: mark)
    }

    /// The project's folder, absolute.
    public func project(_ prefix: String) -> String {
        let inner = prefix.before("/").map(String.init) ?? prefix
        return inner.isEmpty ? path : "\(path)/\(inner)"
    }

    private func demand(_ command: Command, _ failure: String) throws(DeployError) {
        let result = ports.commands.run(GitCommands.request(command, deadline: .seconds(600)))
        guard !result.succeeded else { return }
        throw DeployError(
            .stepFailed, what: "\(Shown.text(path)) \(failure)", why: "git \(result.explanation)",
            next: "git -C \(ShellText.quoted(path)) status, on that machine")
    }
}
