import FoundationEssentials

/// A shared folder that gets the content of a backup: the other content waits beside it and changes places with it.
struct SharedFolder {
    let name: String
    /// The deployment that replaces it.
    let deployment: Timestamp
    let context: StepContext

    private var files: any FileStore { context.ports.files }

    /// The folder itself where a link of that name leads to another disk.
    var live: String { Self.place(of: name, in: context.layout, files) }

    static func place(of name: String, in layout: Layout, _ files: any FileStore) -> String {
        var path = "\(layout.shared)/\(name)"
        for _ in 0..<8 {
            guard let link = files.linkTarget(path) else { break }
            let target = link.split(at: "/").joined(separator: "/")
            path = link.begins(with: "/") ? "/\(target)" : "\(Path.parent(path))/\(target)"
        }
        return path
    }

    /// Before the swap what comes, after it what was replaced.
    var beside: String { "\(live).\(deployment)" }
    /// Which of the two the restored one is.
    private var mark: String { "\(live).\(deployment).restored" }

    /// Writes down which folder the restored one is.
    func markRestored() throws(DeployError) {
        try files.publish(Data((files.identity(of: beside) ?? "").utf8), to: mark)
    }

    /// Whether the restored content has the live name.
    func isSwapped() throws(DeployError) -> Bool {
        guard let data = try files.read(mark) else { return false }
        return files.identity(of: live) == String(decoding: data, as: UTF8.self)
    }

    /// Whether this deployment replaces it.
    var isReplaced: Bool { files.kind(of: mark) != nil }
    /// Whether the other content is still there.
    var isWaiting: Bool { isReplaced && files.kind(of: beside) == .folder }

    /// - Throws: `.stepFailed` where a disk is mounted under the live name, which cannot be given to another folder.
    func refuseMount() throws(DeployError) {
        try files.makeFolder(live)
        let disks = [live, Path.parent(live)].map { files.identity(of: $0)?.split(at: ":").first }
        guard disks[0] != disks[1] else { return }
        throw DeployError(
            .stepFailed, what: "\(live) cannot be exchanged with its backup",
            why: "a disk is mounted there, and a mounted folder cannot be renamed",
            next: "mount the disk elsewhere and make \(name) a link to a folder on it")
    }

    func swap() throws(DeployError) {
        if let account = try context.site.account() { try files.grant(.ownership(account), at: beside) }
        try files.exchange(live, with: beside)
    }

    /// Removes whatever stands beside.
    func forget() throws(DeployError) {
        try files.remove(beside)
        try files.remove(mark)
    }
}

extension StepContext {
    /// Where shared folders really lie, for a backup.
    func liveFolders(_ names: [String]) -> [(name: String, path: String)] {
        sharedFolders(names, by: plan.timestamp).map { ($0.name, $0.live) }
    }

    /// The folders of a backup, as one deployment replaces them.
    func sharedFolders(_ names: [String], by deployment: Timestamp) -> [SharedFolder] {
        names.map { SharedFolder(name: $0, deployment: deployment, context: self) }
    }
}
