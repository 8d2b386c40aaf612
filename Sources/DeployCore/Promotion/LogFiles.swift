import FoundationEssentials

/// Finds again, in a log that may have been rotated, what was written since a place in it.
struct LogFiles {
    let files: any FileStore
    /// Absolute path of the log.
    let path: String

    /// A part of a file that was written since.
    struct Part: Hashable {
        var path: String
        var begin: Int64
    }

    private static let anchorLength: Int64 = 4096

    /// Where the log ends now.
    var end: LogPosition {
        guard let size = files.size(of: path) else { return LogPosition(bytes: 0) }
        return LogPosition(
            bytes: size, file: files.identity(of: path), anchor: anchor(of: path, at: size))
    }

    /// Oldest first; nil where it cannot be known what was written.
    func written(since position: LogPosition) -> [Part]? {
        let size = files.size(of: path) ?? 0
        guard position.file != nil else {
            return size >= position.bytes ? [Part(path: path, begin: position.bytes)] : nil
        }
        if holds(position, path) { return [Part(path: path, begin: position.bytes)] }
        let older = rotated
        guard let first = older.firstIndex(where: { holds(position, $0.path) }) else { return nil }
        let between = older[..<first]
        guard between.allSatisfy({ !$0.isPacked }) else { return nil }
        return [Part(path: older[first].path, begin: position.bytes)]
            + between.reversed().map { Part(path: $0.path, begin: 0) } + [Part(path: path, begin: 0)]
    }

    /// By what stands before the place; without anything there, by the file itself.
    private func holds(_ position: LogPosition, _ path: String) -> Bool {
        guard (files.size(of: path) ?? -1) >= position.bytes else { return false }
        guard let anchor = position.anchor else { return files.identity(of: path) == position.file }
        return self.anchor(of: path, at: position.bytes) == anchor
    }

    private func anchor(of path: String, at end: Int64) -> String? {
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
            guard let digits = parts.first.flatMap({ Int($0) }) else { return nil }
            return (digits, "\(folder)/\(file)", parts.count > 1)
        }
        let isDated = found.contains { $0.digits >= 1_000_000 }
        let sorted = found.sorted { isDated ? $0.digits > $1.digits : $0.digits < $1.digits }
        return sorted.map { Rotated(path: $0.path, isPacked: $0.isPacked) }
    }
}
