import DeployCore
import Glibc

/// A note on a large state's file that nothing but this tool changed it since it was last read as a whole.
///
/// It is an extended attribute, so that no copy of the file carries it. Where the file system keeps none, after each start
/// of the machine and after a day, the file counts as unread. No descriptor is opened: closing one would give up SQLite's
/// locks.
struct StateSeal {
    let path: String
    /// Bytes up to which a file is read as a whole each time, which is then a matter of a few milliseconds.
    var smallSize: Int64 = 4 << 20

    private static let attribute = "user.deployctl.whole"
    private static let validSeconds: Int64 = 86_400

    /// A file as it is at one moment.
    struct Look: Equatable {
        let file: String
        /// The part that stays while the same file is written to.
        let identity: String
    }

    /// nil where it cannot be told.
    var look: Look? {
        var file = stat()
        guard lstat(path, &file) == 0, !ProcFile.boot.isEmpty else { return nil }
        let identity = "\(ProcFile.boot) \(file.st_dev) \(file.st_ino)"
        let change = "\(file.st_size) \(file.st_mtim.tv_sec).\(file.st_mtim.tv_nsec)"
        return Look(file: "\(identity) \(change)", identity: identity)
    }

    /// Seconds since 1970 at which the file that lies there now was last read as a whole; nil where it is to be read.
    var readAt: Int64? {
        guard let look, let noted, noted.file == look.file, isLarge,
            (Self.now - Self.validSeconds...Self.now).contains(noted.readAt)
        else { return nil }
        return noted.readAt
    }

    /// Seals what lies there now, where it is still `seen`; nil where it is not.
    func note(_ seen: Look?) -> Int64? {
        guard let seen, seen == look else { return nil }
        let now = Self.now
        write(seen, readAt: now)
        return now
    }

    /// Seals what this process wrote into the file that it `opened` and that was read at `readAt`.
    func renew(_ opened: Look?, readAt: Int64?) {
        guard let readAt, let look, look.identity == opened?.identity else { return }
        write(look, readAt: readAt)
    }

    private var isLarge: Bool {
        var file = stat()
        return lstat(path, &file) == 0 && file.st_size > smallSize
    }

    private static var now: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec)
    }

    private func write(_ look: Look, readAt: Int64) {
        let text = Array("\(readAt) \(look.file)".utf8)
        _ = writeAttribute(path, Self.attribute, text, text.count, 0)
    }

    private var noted: (readAt: Int64, file: String)? {
        let text = withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer -> String? in
            guard let start = buffer.baseAddress,
                case let count = readAttribute(path, Self.attribute, start, buffer.count), count > 0
            else { return nil }
            return String(decoding: buffer[..<count], as: UTF8.self)
        }
        guard let parts = text?.cut(at: " "), let readAt = Int64(parts.before) else { return nil }
        return (readAt, String(parts.after))
    }
}
