import DeployCore

/// Makes a new database of a payload; one from before there was a compressor is a database itself.
struct SQLiteRestore {
    let payload: SQLitePayload
    /// Bytes of the database; nil where nobody knows.
    let most: Int64?

    func run(to path: String) throws(DeployError) {
        guard payload.isPacked else {
            return try SQLiteCopy(source: payload.path, code: .backupFailed).run(to: path)
        }
        let file = SQLiteFile(path: path)
        try file.makeFolder()
        try payload.unpack(to: path, atMost: most)
        try file.settle()
    }
}
