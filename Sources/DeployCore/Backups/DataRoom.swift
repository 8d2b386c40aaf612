/// How much room an environment's data takes, and how much is left for copies of it.
struct DataRoom {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var ports: Ports { site.ports }
    private var layout: Layout { site.layout }

    /// Where backups go; nil when the system does not say.
    var free: Int64? { ports.files.freeBytes(at: layout.backups) }

    func bytes(of database: DatabaseLocation?) -> Int64 {
        let folders = layout.environment.backup.folders.map { folder in
            let place = SharedFolder.place(of: folder, in: layout, ports.files)
            return (try? ports.files.content(of: place, hashing: false).bytes) ?? 0
        }
        return folders.reduce(database.map { ports.databases.engine(for: layout).size($0) } ?? 0, +)
    }

    /// Backup, scratch copy of the proof and of what comes after it, a tenth more for growth.
    static func needed(for bytes: Int64) -> Int64 { bytes * 33 / 10 + 16 * 1_048_576 }

    /// What a person is told before data is replaced; nil when there is room, or nobody knows.
    func shortage(of database: DatabaseLocation?) -> String? {
        let needed = Self.needed(for: bytes(of: database))
        guard let free, free < needed else { return nil }
        return "\(free.wholeMegabytes) free at \(layout.backups), about \(needed.megabytes) needed: "
            + "when the disk fills up, what was begun is taken back"
    }
}

extension Int64 {
    /// Whole megabytes, rounded down, for what is free.
    var wholeMegabytes: String { "\(self / 1_000_000) MB" }
    /// Whole megabytes, rounded up, for what is needed.
    var megabytes: String { "\(self / 1_000_000 + (self % 1_000_000 > 0 ? 1 : 0)) MB" }
}
