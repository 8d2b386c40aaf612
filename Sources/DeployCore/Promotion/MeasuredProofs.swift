import FoundationEssentials

/// What was measured last, so that looking at `status` again and again puts no load on the source.
///
/// Only ever shown; a promotion measures anew.
struct MeasuredProofs: Codable, Sendable {
    /// Of release, definitions and running instance; another one makes the measurement void.
    var key: String
    var measuredAt: Date
    var checks: [CheckOutcome]?
    var load: LoadMeasurement?
    var commands: [CommandOutcome]?

    static func read(_ path: String, key: String, notBefore moment: Date, _ files: any FileStore) -> Self? {
        guard let data = try? files.read(path), let found = try? JSONDecoder().decode(Self.self, from: data),
            found.key == key, found.measuredAt >= moment
        else { return nil }
        return found
    }

    /// What cannot be kept is measured again.
    func write(_ path: String, _ files: any FileStore) {
        guard let data = try? JSON.data(self) else { return }
        try? files.makeFolder(Path.parent(path))
        try? files.publish(data, to: path)
    }
}
