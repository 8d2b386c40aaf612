import CSQLite
import DeployCore
import Glibc

extension SQLiteApplicationDatabase {
    /// A file may have transactions of its own, as those have that the library's shell writes.
    public func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError) {
        let connection = try SQLiteConnection(path: location.name, access: .readWrite, code: .stepFailed)
        // Whatever happens before the end, the database is made anew.
        try connection.execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
        guard !file.sql.utf8.contains(0) else { throw failure(file, "it contains a NUL byte") }
        do throws(DeployError) { try connection.execute(file.sql) } catch {
            let number = sqlite3_extended_errcode(connection.handle)
            throw failure(
                file,
                file.isDiscreet
                    ? "SQLite error \(number); what else it says may hold values and is not repeated"
                    : error.why)
        }
        guard sqlite3_get_autocommit(connection.handle) != 0 else {
            throw failure(file, "a transaction it begins is not ended")
        }
        if let broken = try connection.run("PRAGMA foreign_key_check").first {
            throw failure(
                file,
                "after it table \(broken[0].text ?? "") refers to a missing row of \(broken[2].text ?? "")")
        }
        try FileSync.file(location.name)
    }

    public func survivors(
        of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation
    ) throws(DeployError) -> MaskingProof {
        for location in [original, masked] where try !exists(location) {
            throw DeployError(
                .stepFailed, what: "There is no database \(location.name)", why: "it cannot be compared",
                next: "run deployctl staging again")
        }
        return try SQLiteMasking(masked: masked.name, original: original.name).compare(columns)
    }

    /// Removed rows stay in pages until they are written anew, and statistics may hold samples of what was there.
    public func compact(_ location: DatabaseLocation) throws(DeployError) {
        let connection = try SQLiteConnection(path: location.name, access: .readWrite, code: .stepFailed)
        for table in ["sqlite_stat3", "sqlite_stat4"]
        where try !connection.run("SELECT 1 FROM sqlite_schema WHERE name = ?", [.text(table)]).isEmpty {
            try connection.execute("DELETE FROM \(table)")
        }
        try connection.execute("VACUUM")
    }

    private func failure(_ file: SQLFile, _ why: String) -> DeployError {
        DeployError(
            .stepFailed, what: "\(file.name) fails", why: why, next: "fix the file, commit, and run it again")
    }
}
