import DeployCore
import Glibc

/// A database file in a backup: packed by zstd, or plain as it was before there was a compressor.
struct SQLitePayload {
    let path: String
    let runner: any CommandRunner
    /// How long the compressor may take, one way.
    var deadline: Duration

    /// With less time for the compressor where that is less.
    func limited(to limit: Duration) -> SQLitePayload {
        var payload = self
        payload.deadline = min(deadline, limit)
        return payload
    }

    /// Where the copy lies until it is packed; in the folder of the backup, which is removed when it does not count.
    var plain: String { "\(path).plain" }

    private static let header = Array("SQLite format 3\0".utf8)

    /// Packs a database's file, which this process must not open.
    ///
    /// What a compressor says about itself proves nothing: unless it is restored next, it is read back.
    func pack(_ file: String, readingBack: Bool) throws(DeployError) {
        unlink(path)
        do throws(DeployError) {
            var packing = request(ZstdCommands.packing)
            packing.outputFile = path
            let (source, sink) = runner.runPiped(request(Command("cat", ["--", file])), into: packing)
            guard sink.succeeded else { throw failure("zstd \(sink.complaint)") }
            guard source.succeeded else { throw failure("cat \(source.complaint)") }
            guard try begins(path, with: Zstd.magic) else { throw failure("zstd wrote something else") }
            if readingBack { try compare(with: file) }
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Brings what was packed to disk; the digest of it.
    func settle() throws(DeployError) -> FileDigest {
        do throws(DeployError) {
            let syncing = WorkBeside { [path] () throws(DeployError) in try FileSync.file(path) }
            let digest = try LocalFileStore().digest(of: path)
            try syncing.value()
            return digest
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Makes a new database file of it, which counts only when this returns.
    ///
    /// `most`: bytes it has; nil where nobody knows. More than that, or than there is room for, ends it. `digest`: of the
    /// payload, as it must be; nil where that was seen to before.
    func unpack(to file: String, atMost most: Int64?, being digest: FileDigest? = nil) throws(DeployError) {
        unlink(file)
        do throws(DeployError) {
            let room = UnpackingRoom(free: LocalFileStore().freeBytes(at: parentFolder(of: file)))
            try room.demand(most ?? 0, for: path)
            var (reading, unpacking) = (request(Command("cat")), request(ZstdCommands.unpacking))
            reading.inputFile = path
            unpacking.outputFile = file
            unpacking.writesAtMost = min(most ?? .max, room.bytes)
            let passed = StreamDigest()
            let (source, result) = runner.runPiped(reading, into: unpacking, watching: passed.take)
            if result.ending == .signalled(SIGXFSZ) {
                try room.demand(most ?? room.bytes + 1, for: path)
                throw unusable(StreamBound.complaint)
            }
            guard result.succeeded else { throw unusable("zstd \(result.complaint)") }
            guard source.succeeded else { throw unusable("cat \(source.complaint)") }
            if let digest { try demand(passed.value, is: digest) }
            guard try begins(file, with: Self.header) else {
                throw unusable("what is packed in it is no database")
            }
            guard isWhole(file) else { throw unusable("what is packed in it is not all of a database") }
            // Where the folder is an account's, it is opened as that account.
            try SQLiteFile(path: file).protect()
            try SQLiteFile(path: file).unite()
        } catch {
            SQLiteFile(path: file).discard()
            throw error.recast(as: .backupFailed)
        }
    }

    func demand(_ found: FileDigest, is digest: FileDigest) throws(DeployError) {
        guard found != digest else { return }
        throw unusable("it has SHA-256 \(found.sha256.prefix(16)), taken was \(digest.sha256.prefix(16))")
    }

    /// Whether the file has as many pages as its header says.
    private func isWhole(_ file: String) -> Bool {
        var header = [UInt8](repeating: 0, count: 100)
        guard let descriptor = Descriptor.open(file, O_RDONLY), let size = descriptor.information?.st_size,
            header.withUnsafeMutableBytes({ descriptor.read(into: $0) }) == header.count
        else { return false }
        let number = { (bytes: Range<Int>) in header[bytes].reduce(0) { $0 << 8 | Int64($1) } }
        let page = number(16..<18) == 1 ? 65_536 : number(16..<18)
        // As the library reads it: what a very old one wrote last has no count of pages.
        guard number(24..<28) == number(92..<96) else { return Int64(size) % page == 0 }
        return number(28..<32) * page == Int64(size)
    }

    /// By its name, which the manifest has: what a file holds is not asked what it is.
    var isPacked: Bool { path.ends(with: ".zst") }

    private func compare(with file: String) throws(DeployError) {
        let (source, sink) = runner.runPiped(
            request(ZstdCommands.unpacking(path)), into: request(Command("cmp", ["--", file, "-"])))
        guard source.succeeded || source.wasLeft(by: sink) else { throw failure("zstd \(source.complaint)") }
        guard sink.ending != .exited(1) else { throw failure("what was packed reads back as something else") }
        guard sink.succeeded else { throw failure("cmp \(sink.complaint)") }
    }

    private func request(_ command: Command) -> CommandRequest {
        CommandRequest(command, deadline: deadline, outputLimit: 1 << 14, diesWithParent: true)
    }

    private func begins(_ file: String, with bytes: [UInt8]) throws(DeployError) -> Bool {
        guard let descriptor = Descriptor.open(file, O_RDONLY) else {
            throw unusable("\(file): \(String(cString: strerror(errno)))")
        }
        var found = [UInt8](repeating: 0, count: bytes.count)
        let count = found.withUnsafeMutableBytes { descriptor.read(into: $0) }
        return count == bytes.count && found == bytes
    }

    private func failure(_ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "The copy of the database cannot be packed", why: why,
            next: "deployctl doctor, then run it again")
    }

    private func unusable(_ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "The copy \(path) cannot be used", why: why,
            next: "take another backup: deployctl backup create ENV")
    }
}
