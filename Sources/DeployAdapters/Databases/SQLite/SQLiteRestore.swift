import DeployCore

/// Makes a new database of a payload; one from before there was a compressor is a database itself.
struct SQLiteRestore {
    let payload: SQLitePayload
    /// Bytes of the database; nil where nobody knows.
    let most: Int64?
    /// What the payload must be; nil where that was seen to before.
    var digest: FileDigest?

    func run(to path: String) throws(DeployError) {
        if try isUnpacked(to: path) { try SQLiteFile(path: path).settle() }
    }

    /// Reads the rows while the file is brought to disk.
    func summary(at path: String) throws(DeployError) -> DatabaseSummary {
        guard try isUnpacked(to: path) else { return try SQLiteSummary.take(of: path) }
        let settling = WorkBeside { () throws(DeployError) in try SQLiteFile(path: path).settle() }
        let summary = try SQLiteSummary.take(of: path)
        try settling.value()
        return summary
    }

    /// False where it was copied, durably, because it was never packed.
    private func isUnpacked(to path: String) throws(DeployError) -> Bool {
        guard payload.isPacked else {
            if let digest { try payload.demand(LocalFileStore().digest(of: payload.path), is: digest) }
            try SQLiteCopy(source: payload.path, code: .backupFailed).run(to: path)
            return false
        }
        try SQLiteFile(path: path).makeFolder()
        try payload.unpack(to: path, atMost: most, being: digest)
        return true
    }
}
