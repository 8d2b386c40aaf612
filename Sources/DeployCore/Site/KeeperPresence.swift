import FoundationEssentials

/// Whether somebody keeps what a project serves running.
struct KeeperPresence {
    let files: any FileStore
    let project: String

    private var path: String { Layout.keeper(project) }

    /// Who keeps it and since when; nil while nobody does.
    var holder: String? {
        files.isLocked(path) ? described ?? "a keeper that has only just begun" : nil
    }

    /// Who kept it last, where that one has ended and nobody told it to for good; nil while somebody does.
    var lost: String? { files.isLocked(path) ? nil : described }

    /// What the keeper runs where that is not `program`, as words after "it runs"; nil where it is, and where nobody can tell.
    func otherProgram(than program: String) -> String? {
        guard let pid = holder?.split(at: " ").dropFirst().first,
            let runs = files.linkTarget("/proc/\(pid)/exe"), runs != program
        else { return nil }
        return runs.ends(with: " (deleted)") ? "a deployctl that was replaced or removed" : runs
    }

    private var described: String? {
        let data = ((try? files.read(path)) ?? nil) ?? Data()
        return data.isEmpty ? nil : String(decoding: data, as: UTF8.self)
    }
}
