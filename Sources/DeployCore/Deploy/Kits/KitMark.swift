import FoundationEssentials

/// Says which kit is being adopted in a project, from before the first file is placed until all serves.
struct KitMark: Hashable, Codable, Sendable {
    /// Of the kit's file.
    var sha256: String
    var manifest: KitManifest
    /// Whether everything is where it belongs, the state included.
    var isPlaced = false

    private enum CodingKeys: String, CodingKey {
        case manifest, sha256
        case isPlaced = "is_placed"
    }

    private static func path(_ project: String) -> String { "\(KitRoom.path(project))/adopting.json" }

    /// nil where none is.
    static func read(in project: String, _ files: any FileStore) throws(DeployError) -> KitMark? {
        let path = path(project)
        guard let data = try files.read(path) else { return nil }
        return try JSON.value(KitMark.self, from: data, named: path)
    }

    /// - Throws: `.unfinishedRun` while a kit is not brought up to its end: what serves may not have its data yet.
    static func refuse(in project: String, _ files: any FileStore) throws(DeployError) {
        guard let mark = try read(in: project, files) else { return }
        throw DeployError(
            .unfinishedRun, what: "A kit is being adopted here",
            why:
                "it was made \(UTC.rfc3339(mark.manifest.createdAt)), and not all of it was seen to serve yet; nothing was changed",
            next: "deployctl kit adopt again, with the same file, to its end")
    }

    func write(in project: String, _ files: any FileStore) throws(DeployError) {
        try files.publish(try JSON.data(self), to: Self.path(project))
    }
}
