import FoundationEssentials

/// Files that are written all or not at all, and never over others.
struct NewFiles {
    let files: any FileStore
    let interruption: any Interruption
    /// Absolute; what lies below it alone is made.
    let project: String

    /// What was there before, and what is to be there.
    struct Change: Sendable {
        /// Relative to the project, or absolute.
        var path: String
        var text: String
        /// Whether it is added to what is there; otherwise nothing may be there.
        var adds = false
    }

    /// - Throws: `.gateRefused` naming what is there already, with nothing changed.
    func refuseThere(_ changes: [Change]) throws(DeployError) {
        let taken = changes.filter { change in
            let kind = files.kind(of: absolute(change.path))
            if isLedAway(change.path) { return true }
            return change.adds ? !(kind == nil || kind == .file) : kind != nil
        }
        guard let first = taken.first else { return }
        throw DeployError(
            .gateRefused, what: "\(Shown.text(first.path, limit: 200)) is there already",
            why: "init writes new files only; in its way: "
                + taken.map { Shown.text($0.path, limit: 200) }.joined(separator: ", "),
            next: taken.contains { $0.path.ends(with: ".json") }
                ? "deployctl validate"
                : "move it away, then run deployctl init again")
    }

    /// Writes them in order, then asks `prove`; when anything fails, everything is as it was.
    func write(_ changes: [Change], prove: () throws(DeployError) -> Void) throws(DeployError) {
        try refuseThere(changes)
        var (made, before): ([String], [(path: String, data: Data?)]) = ([], [])
        do throws(DeployError) {
            for change in changes {
                if let code = interruption.requested() {
                    throw DeployError(
                        code, what: "Interrupted", why: "a signal arrived", next: "deployctl init")
                }
                let path = absolute(change.path)
                let old = change.adds ? try files.read(path) : nil
                guard change.adds || files.kind(of: path) == nil else { try refuseThere([change]); continue }
                for folder in missingFolders(of: path) {
                    made.append(folder)
                    try files.makeFolder(folder)
                }
                before.append((path, old))
                try files.publish((old ?? Data()) + Data(change.text.utf8), to: path)
            }
            try prove()
        } catch {
            interruption.shield()
            for (path, data) in before.reversed() {
                if let data { try? files.publish(data, to: path) } else { try? files.remove(path) }
            }
            for folder in made.reversed() where files.names(in: folder).isEmpty { try? files.remove(folder) }
            throw error
        }
    }

    /// Whether something on the way below the project is no folder: a link leads to where init has no business.
    private func isLedAway(_ path: String) -> Bool {
        var folder = Path.parent(absolute(path))
        while folder.begins(with: "\(project)/") {
            if let kind = files.kind(of: folder), kind != .folder { return true }
            folder = Path.parent(folder)
        }
        return false
    }

    /// Those on the way that are not there, outermost first.
    private func missingFolders(of path: String) -> [String] {
        var (folder, found): (String, [String]) = (Path.parent(path), [])
        while files.kind(of: folder) == nil, folder.utf8.count > 1 {
            found.append(folder)
            folder = Path.parent(folder)
        }
        return found.reversed()
    }

    private func absolute(_ path: String) -> String { path.begins(with: "/") ? path : "\(project)/\(path)" }
}
