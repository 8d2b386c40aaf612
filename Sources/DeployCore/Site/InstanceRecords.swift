import FoundationEssentials

/// Reads and writes `instance.json`, and says which instance has the traffic.
struct InstanceRecords: Sendable {
    let files: any FileStore
    let layout: Layout

    /// The record of one instance; nil when it is gone or damaged.
    func read(_ id: String) -> Instance? {
        guard let data = try? files.read(path(id)) else { return nil }
        return try? JSONDecoder().decode(Instance.self, from: data)
    }

    /// Replaces the record of an instance.
    func write(_ instance: Instance) throws(DeployError) {
        try files.publish(JSON.data(instance), to: path(instance.id))
    }

    /// The instance the traffic link names, even when its record is gone.
    var currentID: String? { files.linkTarget(layout.currentInstance) }

    /// The serving instance; while writes are held, the one behind the hold.
    var current: Instance? {
        guard let id = currentID, let instance = read(id) else { return nil }
        guard let behind = instance.holds else { return instance }
        return read(behind)
    }

    /// Every instance with a folder, oldest first.
    var all: [String] { files.names(in: layout.run).filter { $0.utf8.first?.isDigit == true } }

    /// Removes an instance's folder; where that is cut short, what is left is no instance's any more.
    func remove(_ id: String) throws(DeployError) {
        let folder = layout.instance(id)
        let leftover = "\(layout.run)/\(Self.ended)\(id)"
        try files.remove(leftover)
        guard files.kind(of: folder) == .folder else { return try files.remove(folder) }
        try files.rename(folder, to: leftover)
        try files.remove(leftover)
    }

    /// Removes what is left of instances whose removal was cut short.
    func sweep() throws(DeployError) {
        for name in files.names(in: layout.run) where name.begins(with: Self.ended) {
            try files.remove("\(layout.run)/\(name)")
        }
    }

    private static let ended = "ended-"

    private func path(_ id: String) -> String { "\(layout.instance(id))/instance.json" }
}
