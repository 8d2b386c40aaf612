import FoundationEssentials

/// Compares definition files with the newest commit of the repository that the project's folder is in, byte for byte,
/// whatever git was told to ignore or to take for unchanged.
struct CommittedDefinitions {
    let files: any FileStore
    /// Absolute.
    let project: String

    /// Asks for the file as it is committed; nil for one outside the project.
    func request(_ path: String) -> CommandRequest? {
        guard let relative = path.after("\(project)/"),
            !relative.split(at: "/").contains(where: { $0 == ".." })
        else { return nil }
        var request = GitCommands.request(GitCommands(repository: project).committed(String(relative)))
        request.outputLimit = JSON5Reader.sizeLimit + 1
        return request
    }

    /// Whether the file is as committed, or its folder in no repository at all; nil when that is not known.
    func holds(_ path: String, _ committed: CommandResult) -> Bool? {
        guard committed.succeeded else {
            guard case .exited = committed.ending else { return nil }
            return committed.errors.holds("not a git repository")
        }
        let read = try? files.read(path, from: 0, limit: JSON5Reader.sizeLimit + 1)
        guard let data = read ?? nil else { return nil }
        return String(decoding: data, as: UTF8.self) == committed.output
    }
}
