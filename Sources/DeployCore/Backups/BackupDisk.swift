import FoundationEssentials

/// That the folder of backups lies on the disk it lay on when the last one was proved.
///
/// Where a disk is not mounted, its folder is an empty one of the disk below, which a backup would fill, and protects nothing.
struct BackupDisk {
    let site: Site

    private var files: any FileStore { site.ports.files }
    private var backups: String { site.layout.backups }
    /// Holds the folder's path while that lies on a disk of its own.
    private var record: String { "\(site.layout.root)/backups-disk" }

    /// - Throws: `.backupFailed` where the folder had a disk of its own and now has that of the project.
    func check() throws(DeployError) {
        guard let noted = try files.read(record), String(decoding: noted, as: UTF8.self) == backups, !isOwn
        else { return }
        throw DeployError(
            .backupFailed, what: "The disk of the backups is not mounted",
            why:
                "\(backups) was on a disk of its own when the last backup was proved, and is on the project's now",
            next: "mount it; or remove \(record), where backups are to lie on this disk from now on")
    }

    /// Remembers where a proved backup lies.
    func note() throws(DeployError) {
        guard isOwn else { return try files.remove(record) }
        try files.publish(Data(backups.utf8), to: record)
    }

    private var isOwn: Bool { disk(of: backups) != disk(of: site.layout.root) }

    /// The disk that holds the folder, or would hold it; what a link leads to counts.
    private func disk(of folder: String) -> Substring? {
        var place = folder
        while files.identity(of: "\(place)/.") == nil, place.utf8.count > 1 { place = Path.parent(place) }
        return files.identity(of: "\(place)/.")?.cut(at: ":")?.before
    }
}
