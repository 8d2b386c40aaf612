import FoundationEssentials

/// Reads a folder of `.sql` migrations in order of their names.
struct MigrationFolder: Sendable {
    let files: any FileStore

    /// The `.sql` files of a folder of the release in `release`, in byte order of their names.
    func read(_ folder: String, beneath release: String) throws(DeployError) -> [MigrationFile] {
        var found: [MigrationFile] = []
        for name in try files.names(in: folder, beneath: release)
        where name.ends(with: ".sql") && !name.begins(with: ".") {
            guard let data = try files.read("\(folder)/\(name)", beneath: release) else { continue }
            found.append(MigrationFile(name: name, sql: String(decoding: data, as: UTF8.self)))
        }
        return found
    }
}
