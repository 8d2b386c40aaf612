/// Disks on which nothing more of an environment can be written.
struct FullDisks {
    let site: Site

    /// Less than this is no room.
    private static let least: Int64 = 1_000_000
    /// A release of a few files, and what a run makes besides.
    private static let fewest: Int64 = 100

    /// nil where every disk has room, or is not there to be asked.
    var sentence: String? {
        let places = site.roomByPlace
        if let full = places.first(where: { $0.bytes < Self.least }) {
            return "no room is left on the disk of \(full.path): free some"
        }
        return places.lazy.map(\.path).first(where: lacksFiles).map {
            "no more files can be made on the disk of \($0): remove some; df -i \(ShellText.quoted($0))"
        }
    }

    /// Where there is room for bytes and none for names.
    private func lacksFiles(_ path: String) -> Bool {
        site.ports.files.freeFiles(at: path).map { $0 < Self.fewest } ?? false
    }
}

extension Site {
    /// What is free where the environment writes; a place that is not there is left out.
    var roomByPlace: [(place: String, path: String, bytes: Int64)] {
        [("project", layout.project), ("backups", layout.backups), ("logs", layout.logs)]
            .compactMap { place, path in ports.files.freeBytes(at: path).map { (place, path, $0) } }
    }
}
