import CSQLite
import DeployCore

/// Runs a file without recording it.
///
/// It may have transactions of its own, as those have that the library's shell writes.
struct SQLiteScript {
    let path: String

    func run(_ file: SQLFile) throws(DeployError) {
        let connection = try SQLiteFence.open(path, .readWrite)
        // Whatever happens before the end, the database is made anew.
        try connection.execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
        do throws(DeployError) {
            try SQLiteFence.run(file.sql, on: connection, transactions: true)
        } catch {
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
        if let broken = try Self.brokenReference(connection) { throw failure(file, "after it \(broken)") }
        try FileSync.file(path)
    }

    /// The first row that refers to none, in words; nil where there is no such row.
    static func brokenReference(_ connection: SQLiteConnection) throws(DeployError) -> String? {
        try connection.run("PRAGMA foreign_key_check").first.map {
            "table \($0[0].text ?? "") refers to a missing row of \($0[2].text ?? "")"
        }
    }

    private func failure(_ file: SQLFile, _ why: String) -> DeployError {
        DeployError(
            .stepFailed, what: "\(file.name) fails", why: why, next: "fix the file, commit, and run it again")
    }
}
