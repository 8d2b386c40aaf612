import CSQLite
import DeployCore
import FoundationEssentials
import Glibc

/// The tool's state in one SQLite file.
///
/// `journal_mode=DELETE` because releases of SQLite before 3.51.3 can corrupt a WAL that two
/// processes write and checkpoint at once. Nothing is created until something is written.
public final class SQLiteStateStore: StateStore, @unchecked Sendable {
    let path: String
    private var opened: SQLiteConnection?
    private var isEmptyStandIn = false
    /// The epochs this process took, by environment; what it writes is refused once another took a later one.
    var epochs: [String: Int64] = [:]

    public init(path: String) { self.path = path }

    public static var libraryVersion: String { String(cString: sqlite3_libversion()) }

    /// For reading: an empty state in memory while there is no file.
    func reading() throws(DeployError) -> SQLiteConnection {
        if let opened, !isEmptyStandIn { return opened }
        guard access(path, F_OK) == 0 else {
            if let opened { return opened }
            let empty = try SQLiteConnection(path: ":memory:", access: .create)
            try StateMigrator(connection: empty, path: path).migrate()
            (opened, isEmptyStandIn) = (empty, true)
            return empty
        }
        return try open()
    }

    func writing() throws(DeployError) -> SQLiteConnection {
        if let opened, !isEmptyStandIn { return opened }
        return try open()
    }

    private func open() throws(DeployError) -> SQLiteConnection {
        if access(path, F_OK) != 0 { try create() }
        let connection = try SQLiteConnection(path: path, access: .readWrite, damage: .needsPerson)
        try StateMigrator(connection: connection, path: path).prepare()
        (opened, isEmptyStandIn) = (connection, false)
        return connection
    }

    /// Made whole under another name first: a state that is there but empty was cut by something.
    private func create() throws(DeployError) {
        let fresh = "\(path).\(getpid()).new"
        unlink(fresh)
        defer { unlink(fresh) }
        let connection = try SQLiteConnection(path: fresh, access: .create, damage: .needsPerson)
        try StateMigrator(connection: connection, path: fresh).create()
        guard link(fresh, path) == 0 || errno == EEXIST else {
            throw DeployError(
                .unexpected, what: "The state \(path) cannot be made", why: String(cString: strerror(errno)),
                next: "check owner and permissions of its folder")
        }
        try FileSync.folder(of: path)
    }

    public func nextTimestamp(at now: Date) throws(DeployError) -> Timestamp {
        let names = try nextTimestamps(1, at: now)
        return names[0]
    }

    public func nextTimestamps(_ count: Int, at now: Date) throws(DeployError) -> [Timestamp] {
        let connection = try writing()
        return try connection.transaction { () throws(DeployError) in
            let last = try connection.run("SELECT last_timestamp FROM project").first?.first?.text ?? ""
            var next = Timestamp(now)
            if let known = Timestamp(digits: last), known >= next { next = known.successor }
            var names = [next]
            while names.count < count { names.append(names[names.count - 1].successor) }
            try connection.run(
                "UPDATE project SET last_timestamp = ?", [.text(names[names.count - 1].description)])
            return names
        }
    }

    public func hold(on environment: String) throws(DeployError) -> Hold? {
        try reading().run(
            "SELECT performer, reason, since FROM hold WHERE environment = ?", [.text(environment)]
        ).first
            .map {
                Hold(
                    environment: environment, performer: $0[0].text ?? "", reason: $0[1].text ?? "",
                    since: Date(timeIntervalSince1970: $0[2].real ?? 0))
            }
    }

    public func take(_ hold: Hold) throws(DeployError) -> Bool {
        let connection = try writing()
        try connection.run(
            "INSERT OR IGNORE INTO hold (environment, performer, reason, since) VALUES (?, ?, ?, ?)",
            [
                .text(hold.environment), .text(hold.performer), .text(hold.reason),
                .real(hold.since.timeIntervalSince1970),
            ])
        return connection.changes == 1
    }

    public func releaseHold(on environment: String) throws(DeployError) {
        try writing().run("DELETE FROM hold WHERE environment = ?", [.text(environment)])
    }
}
