import CSQLite
import DeployCore
import FoundationEssentials
import Glibc
import StateSchema

/// The tool's state in one SQLite file.
///
/// `journal_mode=PERSIST` because releases of SQLite before 3.51.3 can corrupt a WAL that two
/// processes write and checkpoint at once, and a journal that stays spares two waits for the folder. Nothing is created until something is written.
public final class SQLiteStateStore: StateStore, @unchecked Sendable {
    let path: String
    private let traces: StateTraces
    private var opened: SQLiteConnection?
    private var isEmptyStandIn = false
    /// Why the safe copy is read in the place of the state; nil where it is not.
    private(set) var lost: DeployError?
    private var safeCopy: SQLiteConnection?
    /// Whether the state may be newer than its safe copy.
    var wrote = false
    /// When the opened file was read as a whole, in seconds since 1970, and which file it was.
    private(set) var readAt: Int64?
    private(set) var seen: StateSeal.Look?
    /// The epochs this process took, by environment; what it writes is refused once another took a later one.
    var epochs: [String: Int64] = [:]

    /// The state of a project.
    ///
    /// `backups`: absolute, where backups lie unless a definition says otherwise; nil where nobody knows.
    /// `patience`: how long a program that reads or writes the state is waited for.
    public init(path: String, backups: String? = nil, patience: Duration = .seconds(60)) {
        self.path = path
        self.patience = patience
        traces = StateTraces(path: path, backups: backups)
    }

    /// Number of the newest migration that is known.
    public static var schema: Int { StateSchema.migrations.count }
    public static var libraryVersion: String { String(cString: sqlite3_libversion()) }

    private let patience: Duration

    /// For reading: an empty state in memory while nothing was deployed, the safe copy where the state is lost.
    func reading() throws(DeployError) -> SQLiteConnection {
        if let opened, !isEmptyStandIn { return opened }
        if let safeCopy { return safeCopy }
        try refuseClosedFolder()
        if opened != nil, isAbsent { return try standIn() }
        do throws(DeployError) {
            return try isAbsent && !wasThere ? standIn() : open()
        } catch {
            guard isLost(error), let copy = try? openCopy() else { throw error }
            (lost, safeCopy) = (error, copy)
            return copy
        }
    }

    func writing() throws(DeployError) -> SQLiteConnection {
        let isFirst = !wrote
        wrote = true
        let connection: SQLiteConnection
        if let opened, !isEmptyStandIn { connection = opened } else { connection = try open() }
        if isFirst { StateReserve(connection: connection).keep() }
        return connection
    }

    /// What this account may not look at is not empty.
    private func refuseClosedFolder() throws(DeployError) {
        guard access(path, F_OK) != 0, errno == EACCES else { return }
        let folder = parentFolder(of: path)
        var status = stat()
        let owner =
            stat(folder, &status) == 0
            ? getpwuid(status.st_uid).map { String(cString: $0.pointee.pw_name) } : nil
        throw DeployError(
            .stepFailed, what: "\(folder) may not be read by this account",
            why: "it belongs to \(owner ?? "another one"), and holds what is known of the environments",
            next: "run it as \(owner ?? "the account that deploys")")
    }

    private var isAbsent: Bool { access(path, F_OK) != 0 }
    private var wasThere: Bool { access(copyPath, F_OK) == 0 || !traces.found.isEmpty }

    private func standIn() throws(DeployError) -> SQLiteConnection {
        if let opened { return opened }
        let empty = try SQLiteConnection(path: ":memory:", access: .create)
        try StateMigrator(connection: empty, path: path).migrate()
        (opened, isEmptyStandIn) = (empty, true)
        return empty
    }

    private func open() throws(DeployError) -> SQLiteConnection {
        if isAbsent {
            if wasThere { throw gone() }
            try create()
        }
        let connection = try SQLiteConnection(
            path: path, access: .readWrite, code: .stepFailed, damage: .needsPerson, patience: patience)
        readAt = try StateMigrator(connection: connection, path: path).prepare()
        seen = StateSeal(path: path).look
        (opened, isEmptyStandIn) = (connection, false)
        return connection
    }

    /// After another file took the place of the state.
    func forget() { (opened, isEmptyStandIn, lost, safeCopy) = (nil, false, nil, nil) }

    private func gone() -> DeployError {
        let found = access(copyPath, F_OK) == 0 ? [copyPath] : Array(traces.found.prefix(3))
        return DeployError(
            .needsPerson, what: "The state \(path) is gone",
            why: "\(found.joined(separator: ", ")) show that there was one; nothing was changed",
            next: StateMigrator.wayBack)
    }

    /// Whether the way back is the safe copy.
    func isLost(_ error: DeployError) -> Bool {
        error.code == .needsPerson && error.next == StateMigrator.wayBack
    }

    /// Made whole under another name first: a state that is there but empty was cut by something.
    private func create() throws(DeployError) {
        let fresh = "\(path).\(getpid()).new"
        defer { unlink(fresh) }
        try makeEmpty(fresh)
        guard link(fresh, path) == 0 || errno == EEXIST else {
            throw DeployError(
                .unexpected, what: "The state \(path) cannot be made", why: String(cString: strerror(errno)),
                next: "check owner and permissions of its folder")
        }
        try FileSync.folder(of: path)
    }

    func makeEmpty(_ path: String) throws(DeployError) {
        unlink(path)
        let connection = try SQLiteConnection(path: path, access: .create, damage: .needsPerson)
        try StateMigrator(connection: connection, path: path).create()
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
        try holds().first { ByteText($0.environment) == ByteText(environment) }
    }

    public func holds() throws(DeployError) -> [Hold] {
        try reading().run("SELECT environment, performer, reason, since FROM hold ORDER BY environment").map {
            Hold(
                environment: $0[0].text ?? "", performer: $0[1].text ?? "", reason: $0[2].text ?? "",
                since: Date(timeIntervalSince1970: $0[3].real ?? 0))
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
