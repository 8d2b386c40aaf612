import DeployCore
import Glibc

/// What lies around a state and shows that there was one.
struct StateTraces {
    /// Absolute path of the state.
    let path: String
    /// Absolute: where backups lie unless a definition says otherwise; nil where nobody knows.
    let backups: String?

    private var files: LocalFileStore { LocalFileStore() }
    private var folder: String { parentFolder(of: path) }

    /// In words; empty where nothing was ever deployed.
    var found: [String] {
        let places = files.names(in: folder).map { "\(folder)/\($0)" }
        let log = "\(folder)/audit.log"
        return ((files.size(of: log) ?? 0) > 0 ? [log] : [])
            + places.flatMap { named("releases", in: "\($0)/releases") }
            + (backups.map(named) ?? [])
    }

    private func named(_ backups: String) -> [String] {
        files.names(in: backups).flatMap { named("backups", in: "\(backups)/\($0)") }
    }

    private func named(_ what: String, in folder: String) -> [String] {
        files.names(in: folder).contains { Timestamp(digits: $0) != nil } ? ["\(what) in \(folder)"] : []
    }
}
