import FoundationEssentials

/// Finds again, in a log that may have been rotated, what was written since a place in it.
struct LogFiles {
    let files: any FileStore
    let commands: any CommandRunner
    /// Absolute path of the log.
    let path: String

    init(ports: Ports, path: String) { self.init(files: ports.files, commands: ports.commands, path: path) }

    init(files: any FileStore, commands: any CommandRunner, path: String) {
        (self.files, self.commands, self.path) = (files, commands, path)
    }

    /// A part of a file that was written since.
    struct Part: Hashable {
        /// Absolute; one that ends in `.zst` is packed.
        var path: String
        /// Bytes of what it holds, unpacked, that were written before.
        var begin: Int64
    }

    private static let anchorLength: Int64 = 4096
    /// Bytes at a time: what the processor's own memory holds with its copies.
    private static let portion = 128 << 10

    /// Where the log ends now.
    var end: LogPosition {
        let base = base
        guard let size = files.size(of: path).map({ min($0, LogRecord.longest) }) else {
            return LogPosition(bytes: base)
        }
        return LogPosition(
            bytes: base + size, file: files.identity(of: path), anchor: anchor(of: path, at: size))
    }

    /// The first place that is kept.
    var beginning: LogPosition {
        LogPosition(bytes: (try? LogRecord.inForce(of: path, files))?.kept ?? 0)
    }

    /// The place at which the log's own file begins.
    var base: Int64 { (try? LogRecord.inForce(of: path, files))?.base ?? 0 }

    /// Oldest first; nil where it cannot be known what was written.
    func written(since position: LogPosition) -> [Part]? {
        guard let record = try? LogRecord.inForce(of: path, files) else { return nil }
        guard position.bytes >= record.kept else { return nil }
        if position.bytes < record.base {
            let pieces = record.pieces.filter { $0.end > position.bytes }
            return pieces.map {
                Part(path: Self.file(of: $0, path, files), begin: max(0, position.bytes - $0.begin))
            } + [Part(path: path, begin: 0)]
        }
        var inFile = position
        inFile.bytes -= record.base
        return writtenByOthers(since: inFile, afterRotation: record.base > 0)
    }

    /// The same where somebody else may rotate the log, by copying, renaming or with dates.
    private func writtenByOthers(since position: LogPosition, afterRotation: Bool) -> [Part]? {
        let size = files.size(of: path) ?? 0
        guard position.file != nil else {
            return size >= position.bytes ? [Part(path: path, begin: position.bytes)] : nil
        }
        if holds(position, path) { return [Part(path: path, begin: position.bytes)] }
        if afterRotation, position.bytes < Self.anchorLength, position.bytes <= size,
            files.identity(of: path) == position.file
        {
            return [Part(path: path, begin: position.bytes)]
        }
        let older = rotated
        guard let first = older.firstIndex(where: { holds(position, $0.path) }) else { return nil }
        let between = older[..<first]
        guard between.allSatisfy({ !$0.isPacked }) else { return nil }
        return [Part(path: older[first].path, begin: position.bytes)]
            + between.reversed().map { Part(path: $0.path, begin: 0) } + [Part(path: path, begin: 0)]
    }

    /// The file that holds a piece now, packed or not.
    static func file(of piece: LogRecord.Piece, _ log: String, _ files: any FileStore) -> String {
        let path = "\(Path.parent(log))/\(piece.name)"
        return files.kind(of: path) == nil ? "\(path).zst" : path
    }

    /// Counts in a part, portion by portion; what it ends with may go on in the next.
    func feed(_ lines: inout LineTally, with part: Part) throws(DeployError) {
        try read(part) { lines.feed($0) }
    }

    /// Hands over a part, portion by portion, and returns how many bytes that were.
    @discardableResult
    func read(_ part: Part, atMost limit: Int64 = .max, _ take: (Data) -> Void) throws(DeployError) -> Int64 {
        let plain = try plain(part.path)
        defer { if plain != part.path { try? files.remove(plain) } }
        var taken: Int64 = 0
        while taken < limit,
            let data = try files.read(
                plain, from: part.begin + taken, limit: Int(min(Int64(Self.portion), limit - taken))),
            !data.isEmpty
        {
            take(data)
            taken += Int64(data.count)
        }
        return taken
    }

    /// What a part holds, its last bytes where it is long; up to a place of the part, or to its end.
    func text(of part: Part, upTo end: Int64? = nil, atMost limit: Int64) throws(DeployError) -> Data {
        let plain = try plain(part.path)
        defer { if plain != part.path { try? files.remove(plain) } }
        let size = min(files.size(of: plain) ?? 0, end ?? .max)
        let begin = max(part.begin, size - limit)
        guard begin < size else { return Data() }
        return try files.read(plain, from: begin, limit: Int(size - begin)) ?? Data()
    }

    /// Where a file's content can be read; a new file where it was packed.
    private func plain(_ path: String) throws(DeployError) -> String {
        guard path.ends(with: ".zst") else {
            guard files.kind(of: path) == .file else { throw missing(path) }
            return path
        }
        let unpacked = "\(Path.parent(path))/.\(Path.name(path)).\(UInt64.random(in: 0...UInt64.max)).plain"
        try files.remove(unpacked)
        var request = CommandRequest(ZstdCommands.unpacking(path), deadline: .seconds(120))
        request.outputFile = unpacked
        let result = commands.run(request)
        guard result.succeeded else {
            try files.remove(unpacked)
            throw result.ending == .interrupted ? Self.interrupted(path) : missing(path)
        }
        return unpacked
    }

    private static func interrupted(_ path: String) -> DeployError {
        DeployError(
            .interrupted, what: "A part of a log was not read", why: "\(path): asked to end",
            next: "run it again")
    }

    private func missing(_ path: String) -> DeployError {
        DeployError(
            .stepFailed, what: "A part of a log cannot be read",
            why: "\(path) is gone, or zstd cannot unpack it",
            next: "deployctl doctor")
    }

    /// By what stands before the place; without anything there, by the file itself.
    private func holds(_ position: LogPosition, _ path: String) -> Bool {
        guard (files.size(of: path) ?? -1) >= position.bytes else { return false }
        guard let anchor = position.anchor else { return files.identity(of: path) == position.file }
        return self.anchor(of: path, at: position.bytes) == anchor
    }

    func anchor(of path: String, at end: Int64) -> String? {
        let length = min(Self.anchorLength, end)
        guard length > 0, let data = try? files.read(path, from: end - length, limit: Int(length)),
            data.count == Int(length)
        else { return nil }
        return SHA256.hexadecimal(of: data)
    }

    private struct Rotated {
        var path: String
        var isPacked: Bool
    }

    /// What logrotate made of the log, newest first: `web.log.1`, `web.log.2.gz`, or with dates in place of numbers.
    private var rotated: [Rotated] {
        let (folder, name) = (Path.parent(path), Path.name(path))
        let found = files.names(in: folder).compactMap {
            file -> (digits: Int, path: String, isPacked: Bool)? in
            guard let rest = file.after("\(name).") ?? file.after("\(name)-") else { return nil }
            let parts = rest.split(at: ".")
            guard let text = parts.first, !LogRecord.isOwn(text), let digits = Int(text) else { return nil }
            return (digits, "\(folder)/\(file)", parts.count > 1)
        }
        let isDated = found.contains { $0.digits >= 1_000_000 }
        let sorted = found.sorted { isDated ? $0.digits > $1.digits : $0.digits < $1.digits }
        return sorted.map { Rotated(path: $0.path, isPacked: $0.isPacked) }
    }
}
