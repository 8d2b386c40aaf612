import DeployCore
import Glibc

/// One database's file and the files SQLite keeps beside it.
struct SQLiteFile {
    /// Absolute.
    let path: String

    private static let suffixes = ["", "-journal", "-wal", "-shm"]

    /// Makes an empty database, and its folder where there is none.
    func create() throws(DeployError) {
        try makeFolder()
        let connection = try SQLiteFence.open(path, .create)
        try connection.execute("PRAGMA user_version = 0")
        try protect()
        try FileSync.file(path)
    }

    var isThere: Bool { access(path, F_OK) == 0 }

    /// Of the file alone.
    var bytes: Int64 {
        var info = stat()
        return stat(path, &info) == 0 ? Int64(info.st_size) : 0
    }

    /// Bytes, with what is not in the file itself yet.
    var size: Int64 {
        bytes + SQLiteFile(path: "\(path)-wal").bytes
    }

    /// Generations beside this file: `shop.db.20260101120000`.
    var siblings: [String] {
        let stem = "\(name)."
        return LocalFileStore().names(in: folder).compactMap { name in
            guard let digits = name.after(stem), Timestamp(digits: String(digits)) != nil else {
                return nil
            }
            return "\(folder)/\(name)"
        }
    }

    func remove() throws(DeployError) {
        for suffix in Self.suffixes where unlink(path + suffix) != 0 && errno != ENOENT {
            throw DeployError(
                .unexpected, what: "Cannot remove \(path)\(suffix)",
                why: String(cString: strerror(errno)),
                next: "check owner and permissions of its folder")
        }
    }

    /// Removes what may be removed.
    func discard() {
        for suffix in Self.suffixes { unlink(path + suffix) }
    }

    /// Removed rows stay in pages until they are written anew, and statistics may hold samples of what was there.
    func compact() throws(DeployError) {
        let connection = try SQLiteFence.open(path, .readWrite)
        for table in ["sqlite_stat3", "sqlite_stat4"]
        where try !connection.run("SELECT 1 FROM sqlite_schema WHERE name = ?", [.text(table)]).isEmpty {
            try connection.execute("DELETE FROM \(table)")
        }
        try connection.execute("VACUUM")
    }

    /// Leaves WAL mode, so that it is one file.
    func unite() throws(DeployError) {
        try SQLiteFence.open(path, .readWrite).execute("PRAGMA journal_mode = DELETE")
    }

    func makeFolder() throws(DeployError) { try LocalFileStore().makeFolder(folder) }

    func protect() throws(DeployError) {
        guard let file = Descriptor.open(path, O_RDONLY | O_NOFOLLOW), fchmod(file.number, 0o600) == 0,
            FolderOwner(of: path).takes(file)
        else {
            throw DeployError(
                .unexpected, what: "Cannot set the permissions of \(path)",
                why: String(cString: strerror(errno)),
                next: "check its owner")
        }
    }

    /// Makes a file that was just written private and durable.
    func settle() throws(DeployError) {
        try protect()
        try FileSync.file(path)
        try FileSync.folder(of: path)
    }

    private var name: Substring { path.cutLast(at: "/")?.after ?? path[...] }
    private var folder: String { path.cutLast(at: "/").map { String($0.before) } ?? "." }
}
