import CSQLite
import DeployCore
import Glibc

/// One open database file; with `SQLiteStatement` the only type that sees a `sqlite3` pointer.
final class SQLiteConnection {
    let handle: OpaquePointer
    let path: String
    /// What unreadable content of this database means for the run.
    private let damage: ExitCode
    private let patience: Duration
    /// The instant of the monotonic clock at which a statement ends, whether it is done or not.
    private var end = Int64.max

    enum Access { case readOnly, readWrite, create }

    /// Opens the file.
    ///
    /// `code` is what a failure to do so means for the run, `damage` what later ones mean.
    /// `patience`: how long another program that has it locked is waited for.
    init(
        path: String, access: Access, code: ExitCode = .unexpected, damage: ExitCode = .stepFailed,
        patience: Duration = .seconds(10)
    ) throws(DeployError) {
        let flags =
            switch access {
            case .readOnly: SQLITE_OPEN_READONLY
            case .readWrite: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        var opened: OpaquePointer?
        let status = FolderOwner(of: path).acting {
            sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_EXRESCODE, nil)
        }
        guard status == SQLITE_OK, let opened else {
            let why = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            let cause = access == .create ? Self.causeOfNoFile(beside: path) : nil
            guard let cause, isMachineState(cause) else {
                throw DeployError(code, what: "Cannot open \(path)", why: why, next: Self.advice(path))
            }
            throw DeployError(
                code, what: "Cannot open \(path)", why: "\(why): \(String(cString: strerror(cause)))",
                next: systemAdvice(for: cause, path))
        }
        handle = opened
        self.path = path
        self.damage = damage
        self.patience = patience
        wait(patience)
    }

    private func wait(_ time: Duration) { sqlite3_busy_timeout(handle, Int32(time.seconds * 1000)) }

    /// Does `body` without waiting for another program that has the file locked.
    func withoutWaiting(_ body: () -> Void) {
        wait(.zero)
        defer { wait(patience) }
        body()
    }

    deinit { sqlite3_close_v2(handle) }

    /// What still runs after this time, or is begun then, fails.
    func end(in limit: Duration) {
        end = monotonicNow() + limit.nanoseconds
        let look: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { connection in
            guard let connection else { return 0 }
            let end = Unmanaged<SQLiteConnection>.fromOpaque(connection).takeUnretainedValue().end
            return monotonicNow() > end ? 1 : 0
        }
        let operationsBetweenLooks: Int32 = 10_000
        sqlite3_progress_handler(
            handle, operationsBetweenLooks, look, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Runs every statement of `sql`, ignoring rows.
    func execute(_ sql: String) throws(DeployError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    func prepare(_ sql: String) throws(DeployError) -> SQLiteStatement {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw failure()
        }
        return SQLiteStatement(statement, connection: self)
    }

    /// Runs one statement with `values` bound to its marks and returns every row.
    @discardableResult
    func run(_ sql: String, _ values: [SQLiteValue] = []) throws(DeployError) -> [[SQLiteValue]] {
        let statement = try prepare(sql)
        try statement.bind(values)
        var rows: [[SQLiteValue]] = []
        while try statement.step() { rows.append(statement.row) }
        return rows
    }

    /// One transaction around `body`, or a part of the one that is open.
    ///
    /// Nothing of it stays when it throws.
    func transaction<Value>(
        _ begin: String = "BEGIN IMMEDIATE", _ body: () throws(DeployError) -> Value
    ) throws(DeployError) -> Value {
        guard sqlite3_get_autocommit(handle) != 0 else { return try body() }
        try execute(begin)
        do throws(DeployError) {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    var changes: Int32 { sqlite3_changes(handle) }

    /// Whether the last call found content that is no database, or a broken one.
    var isDamaged: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(sqlite3_extended_errcode(handle) & 0xff) }

    /// Looked up again, because the library tries several ways and keeps the last error only, and refuses long paths
    /// before it asks the system.
    private static func advice(_ path: String) -> String {
        if path.utf8.count > 500 { return systemAdvice(for: ENAMETOOLONG, path) }
        for place in [parentFolder(of: path), path] where access(place, W_OK) != 0 && errno != ENOENT {
            return systemAdvice(for: errno, place)
        }
        return "check owner and permissions of \(path) and its folder"
    }

    private var look: String { "look at what is broken: sqlite3 \(path) 'PRAGMA integrity_check'" }

    /// A restore keeps a damaged file aside.
    private var wayBack: String {
        "\(look); an application's comes back with its code: deployctl rollback TIMESTAMP --environment ENV, or alone: deployctl backup restore ENV TIMESTAMP"
    }

    func failure() -> DeployError {
        let status = sqlite3_extended_errcode(handle) & 0xff
        let cause = cause(of: status)
        let next =
            switch status {
            case SQLITE_BUSY, SQLITE_LOCKED: "find the program that keeps \(path) locked, then run it again"
            case SQLITE_READONLY, SQLITE_PERM: Self.advice(path)
            case SQLITE_CANTOPEN where cause == nil: Self.advice(path)
            default:
                cause.map { systemAdvice(for: $0, path) } ?? (isDamaged ? wayBack : look)
            }
        let isBusy = [SQLITE_BUSY, SQLITE_LOCKED].contains(status)
        // The state's own statements fit its schema, unless somebody or something changed that.
        let isForeign = status == SQLITE_ERROR && damage == .needsPerson
        let code: ExitCode =
            isDamaged || isForeign
            ? damage : isBusy || cause.map(isMachineState) == true ? .stepFailed : .unexpected
        let reason = cause.map { ": \(String(cString: strerror($0)))" } ?? ""
        return DeployError(
            code, what: "\(path) refuses", why: String(cString: sqlite3_errmsg(handle)) + reason, next: next,
            isDamage: isDamaged)
    }

    /// Why no file can be made beside a database; the library tries several ways and keeps the last error only.
    private static func causeOfNoFile(beside path: String) -> Int32? {
        let trial = temporaryName(for: path)
        guard Descriptor.open(trial, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600) == nil else {
            unlink(trial)
            return nil
        }
        return errno
    }

    /// What the system said; nil where the library itself refuses.
    private func cause(of status: Int32) -> Int32? {
        switch status {
        case SQLITE_FULL: return ENOSPC
        case SQLITE_READONLY, SQLITE_PERM:
            return access(path, W_OK) == 0 ? Self.causeOfNoFile(beside: path) : errno
        case SQLITE_IOERR:
            var last: Int32 = 0
            sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &last)
            return [last, sqlite3_system_errno(handle)].first { $0 != 0 } ?? EIO
        case SQLITE_CANTOPEN: return Self.causeOfNoFile(beside: path)
        default: return nil
        }
    }
}

/// A value as SQLite stores it.
enum SQLiteValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    var text: String? { if case .text(let value) = self { value } else { nil } }
    var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    var real: Double? {
        switch self {
        case .real(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    static func optional(_ text: String?) -> SQLiteValue { text.map(SQLiteValue.text) ?? .null }
    static func optional(_ real: Double?) -> SQLiteValue { real.map(SQLiteValue.real) ?? .null }
}
