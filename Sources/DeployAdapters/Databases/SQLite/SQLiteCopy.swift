import CSQLite
import DeployCore

/// Makes a second database with the content of one.
struct SQLiteCopy {
    let source: String
    /// How it fails where the source cannot be read.
    let code: ExitCode

    func run(to copy: String) throws(DeployError) {
        let connection = try SQLiteFence.open(source, .readOnly, code: code)
        let file = SQLiteFile(path: copy)
        try file.makeFolder()
        try Self.pages(of: connection, to: file)
        try file.settle()
    }

    /// Copies all pages in one call; the copy is one file, which nobody has brought to disk yet.
    static func pages(of source: SQLiteConnection, to file: SQLiteFile) throws(DeployError) {
        let target = try SQLiteFence.open(file.path, .create, code: .unexpected)
        try file.protect()
        try target.execute("PRAGMA synchronous = OFF")
        try pages(of: source, into: target)
    }

    static func pages(of source: SQLiteConnection, into target: SQLiteConnection) throws(DeployError) {
        guard let backup = sqlite3_backup_init(target.handle, "main", source.handle, "main") else {
            throw target.failure()
        }
        let status = sqlite3_backup_step(backup, -1)
        let finished = sqlite3_backup_finish(backup)
        guard status == SQLITE_DONE, finished == SQLITE_OK else { throw target.failure() }
        try target.execute("PRAGMA journal_mode = DELETE")
    }
}
