import FoundationEssentials

/// Whether somebody keeps what a project serves running.
struct KeeperPresence {
    let files: any FileStore
    let project: String

    /// Who keeps it and since when; nil while nobody does.
    var holder: String? {
        let path = Layout.keeper(project)
        guard files.isLocked(path) else { return nil }
        let data = (try? files.read(path)) ?? nil
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "a keeper that has only just begun"
    }
}
