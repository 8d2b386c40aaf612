/// Disks on which nothing more of an environment can be written.
struct FullDisks {
    let site: Site

    /// Less than this is no room.
    private static let least: Int64 = 1_000_000

    /// nil where every disk has room, or is not there to be asked.
    var sentence: String? {
        let full = site.roomByPlace.filter { $0.bytes < Self.least }.map(\.path)
        return full.first.map { "no room is left on the disk of \($0): free some" }
    }
}

extension Site {
    /// What is free where the environment writes; a place that is not there is left out.
    var roomByPlace: [(place: String, path: String, bytes: Int64)] {
        [("project", layout.project), ("backups", layout.backups), ("logs", layout.logs)]
            .compactMap { place, path in ports.files.freeBytes(at: path).map { (place, path, $0) } }
    }
}
