import FoundationEssentials

/// Reads a folder of `.sql` migrations in order of their names.
struct MigrationFolder: Sendable {
    let files: any FileStore

    /// The `.sql` files of a folder in byte order of their names.
    func read(_ folder: String) throws(DeployError) -> [MigrationFile] {
        var found: [MigrationFile] = []
        for name in files.names(in: folder) where name.ends(with: ".sql") && !name.begins(with: ".") {
            guard let data = try files.read("\(folder)/\(name)") else { continue }
            found.append(MigrationFile(name: name, sql: String(decoding: data, as: UTF8.self)))
        }
        return found
    }
}
