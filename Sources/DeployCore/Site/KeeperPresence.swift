import FoundationEssentials

/// Whether somebody keeps what a project serves running.
struct KeeperPresence {
    let files: any FileStore
    let project: String

    private var path: String { Layout.keeper(project) }

    /// Who keeps it and since when; nil while nobody does.
    var holder: String? {
        files.isLocked(path) ? described ?? "a keeper that has only just begun" : nil
    }

    /// Who kept it last, where that one has ended and nobody told it to for good; nil while somebody does.
    var lost: String? { files.isLocked(path) ? nil : described }

    /// Whether whoever keeps it runs a program that was replaced since, or removed; nobody else may look.
    var isOutdated: Bool { holder?.holds(Self.outdated) == true }

    /// Whether nobody waits for whoever keeps it, and no manager started it.
    var isAlone: Bool { holder?.holds(Self.alone) == true }

    private static let outdated = ", with a program that was replaced or removed"
    private static let alone = ", with nobody behind it"

    /// How one describes itself; `since`: RFC 3339.
    static func description(_ process: String, since: String, isAlone: Bool, isOutdated: Bool) -> String {
        "process \(process) since \(since)\(isAlone ? alone : "")\(isOutdated ? outdated : "")"
    }

    private var described: String? {
        let data = ((try? files.read(path)) ?? nil) ?? Data()
        return data.isEmpty ? nil : String(decoding: data, as: UTF8.self)
    }
}
