/// Whether a kit can be made without taking the room that what serves needs.
struct KitSpace {
    let workspace: Workspace

    private var files: any FileStore { workspace.ports.files }

    /// - Throws: `.backupFailed` where the disk would run full.
    func demand(for environments: [Environment]) throws(DeployError) {
        var bytes: Int64 = 0
        for environment in environments { bytes += try size(of: environment) }
        let needed = Self.needed(for: bytes)
        let place = Layout.tool(workspace.project)
        guard let free = files.freeBytes(at: place), free < needed else { return }
        throw DeployError(
            .backupFailed, what: "There is no room for a kit",
            why:
                "\(free.wholeMegabytes) free at \(place), about \(needed.megabytes) needed while it is made; nothing was changed",
            next: "make room there, or keep fewer releases and backups")
    }

    /// A copy, what it is packed to, and all of it once more when that is opened again.
    static func needed(for bytes: Int64) -> Int64 { bytes * 3 + 64 * 1_048_576 }

    /// What serves, and the newest backup of what it has.
    private func size(of environment: Environment) throws(DeployError) -> Int64 {
        let layout = workspace.site(environment).layout
        let state = workspace.ports.state
        let release = try state.releaseMoves(of: environment.name, limit: 1).first?.release
        let backup = try state.backups(of: environment.name).first?.timestamp
        let folders = [release.map(layout.release), backup.map(layout.backup)].compactMap(\.self)
        var bytes: Int64 = 0
        for folder in folders where files.kind(of: folder) == .folder {
            bytes += try files.content(of: folder, hashing: false).bytes
        }
        return bytes
    }
}
