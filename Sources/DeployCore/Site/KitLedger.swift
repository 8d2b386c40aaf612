import FoundationEssentials

/// What is known of the newest kit of a project: where it lies, and how it did when it was tried.
struct KitLedger {
    let files: any FileStore
    let project: String

    struct Entry: Hashable, Codable, Sendable {
        /// Absolute.
        var path: String
        var sha256: String
        var createdAt: Date
        /// nil: it was never tried.
        var drilledAt: Date?
        /// Why the last trial failed; nil where it went well.
        var failure: String?
        /// Absolute: where a trial began that has no end yet.
        var trial: String?
        /// What it holds; nil from a version that does not say.
        var environments: [String]?
        /// What the last trial did not start, with why; nil where it was not tried, or by such a version.
        var unstarted: [String]?

        private enum CodingKeys: String, CodingKey {
            case path, sha256, failure, trial, environments, unstarted
            case createdAt = "created_at"
            case drilledAt = "drilled_at"
        }
    }

    private var path: String { "\(Layout.tool(project))/kit.json" }

    /// nil where none was made, or what is written of it is damaged.
    var entry: Entry? {
        guard let data = (try? files.read(path)) ?? nil else { return nil }
        return try? JSON.value(Entry.self, from: data, named: path)
    }

    func write(_ entry: Entry) throws(DeployError) { try files.publish(try JSON.data(entry), to: path) }
}
