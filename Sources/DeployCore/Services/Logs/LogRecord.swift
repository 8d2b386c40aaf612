import FoundationEssentials

/// What was taken off the beginning of a log, as a file beside the log tells.
///
/// Places in a log are counted in bytes from the first one ever written to it, whatever was taken off since.
struct LogRecord: Hashable, Codable, Sendable {
    /// A part of the log that lies in a file of its own.
    struct Piece: Hashable, Codable, Sendable {
        /// Name of the file in the folder of the log, before it was packed.
        var name: String
        /// Places in the log.
        var begin: Int64
        var end: Int64
        /// When it was taken off.
        var closed: Date
        /// Of all up to its end; nil where that was not counted when it was taken off.
        var tally: Tally?

        var bytes: Int64 { end - begin }
    }

    /// Lines with forbidden texts in what is no longer kept.
    struct Tally: Hashable, Codable, Sendable {
        /// Places in the log: from where to where was counted.
        var begin: Int64
        var end: Int64
        /// How many lines hold each text.
        var counts: [String: Int]
        /// The line in which the counting ended; nil where it ended with a line.
        var unfinished: LineTally.Unfinished?
    }

    /// What is given up of the log's own file without becoming a piece first.
    struct Head: Hashable, Codable, Sendable {
        var bytes: Int64
        /// Digest of what it begins with.
        var anchor: String?
    }

    /// What was given up in that way, whole lines.
    struct GivenUp: Hashable, Codable, Sendable {
        var lines: Int
        var bytes: Int64

        static func + (one: Self, other: Self) -> Self {
            Self(lines: one.lines + other.lines, bytes: one.bytes + other.bytes)
        }
    }

    /// Oldest first, without a gap between them.
    var pieces: [Piece] = []
    /// The place at which the log's own file begins.
    var base: Int64 = 0
    /// Bytes of the log's own file before the last piece, or the head, was taken off; nil once that is known to be done.
    var pending: Int64?
    var head: Head?
    /// All in all.
    var givenUp: GivenUp?
    /// When the file that is there now was first looked at, or last had something taken off; nil in no record.
    var since: Date?
    var tally: Tally?

    /// Each ends where something begins that is kept; the one that counted most first.
    var tallies: [Tally] {
        pieces.reversed().compactMap(\.tally) + [tally].compactMap(\.self).filter { $0.end == kept }
    }

    /// The first place that is kept.
    var kept: Int64 { pieces.first?.begin ?? base }

    /// Bytes a log may have at most to be believed.
    static let longest: Int64 = 1 << 50

    /// Whether a piece is named by these digits, and not by those of another program.
    static func isOwn(_ digits: Substring) -> Bool {
        digits.utf8.count == 17 && digits.utf8.allSatisfy(\.isDigit)
    }

    /// The file that tells of a log.
    static func path(of log: String) -> String { "\(Path.parent(log))/.\(Path.name(log)).pieces" }

    /// Name of the log that a file of this name tells of; nil where it is no such file.
    static func log(of name: String) -> Substring? { name.after(".")?.before(".pieces") }

    /// That of a log; of one that nothing was taken off, an empty one.
    static func read(of log: String, _ files: any FileStore) throws(DeployError) -> LogRecord {
        guard let data = try files.read(path(of: log)) else { return LogRecord() }
        let record = try JSON.value(LogRecord.self, from: data, named: path(of: log))
        let isSound = record.pieces.allSatisfy { piece in
            piece.bytes >= 0 && piece.name.after("\(Path.name(log))-").map(isOwn) == true
        }
        guard isSound, record.base >= 0, record.base <= longest else {
            throw DeployError(
                .unexpected, what: "\(path(of: log)) cannot be read", why: "it was not written by deployctl",
                next: "remove it; pieces that lie beside the log stay")
        }
        return record
    }

    /// As the file is now: what is not yet taken off still belongs to it.
    static func inForce(of log: String, _ files: any FileStore) throws(DeployError) -> LogRecord {
        var record = try read(of: log, files)
        guard let before = record.pending, (files.size(of: log) ?? 0) >= before else { return record }
        if let head = record.head {
            record.base -= head.bytes
        } else if let last = record.pieces.popLast() {
            record.base = last.begin
        }
        return record
    }

    func write(of log: String, _ files: any FileStore) throws(DeployError) {
        try files.publish(try JSON.data(self), to: Self.path(of: log))
    }
}
