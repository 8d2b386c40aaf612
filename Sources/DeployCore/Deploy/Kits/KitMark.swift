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

    func write(in project: String, _ files: any FileStore) throws(DeployError) {
        try files.publish(try JSON.data(self), to: Self.path(project))
    }
}

/// Where a project's kits are made and opened; nothing here outlives the command.
enum KitRoom {
    static func path(_ project: String) -> String { "\(Layout.tool(project))/.kits" }

    /// Nobody else makes or adopts one meanwhile.
    ///
    /// - Throws: `.locked` while somebody does.
    static func lock(_ project: String, _ files: any FileStore) throws(DeployError) -> any HeldLock {
        try files.makeFolder(path(project))
        guard let lock = try files.lock("\(path(project))/lock") else {
            throw DeployError(
                .locked, what: "Another command is at the kits of this project",
                why: "it makes, adopts or tries one", next: "wait for it, then run this again")
        }
        return lock
    }
}
