import CSQLite
import DeployCore

/// Keeps SQL that others wrote inside the one file it is for.
///
/// A file's schema is such SQL too: triggers, views, defaults, generated columns and indexes run where they are used.
enum SQLiteFence {
    /// Opens an application's database: nothing in it may load code, reach another file or write what the library
    /// keeps for itself.
    static func open(
        _ path: String, _ access: SQLiteConnection.Access, code: ExitCode = .stepFailed
    ) throws(DeployError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, access: access, code: code)
        let settings: [(option: Int32, value: Int32)] = [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
            (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0), (SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0),
        ]
        for (option, value) in settings
        where csqlite_configure(connection.handle, option, value) != SQLITE_OK {
            throw DeployError(
                code, what: "Cannot open \(path) safely", why: "SQLite knows no setting \(option)",
                next: "install SQLite 3.31 or newer")
        }
        return connection
    }

    /// Runs a text of a commit; what leads out of the file is refused before it begins.
    ///
    /// The text stays watched to the end of the connection, for it may have left triggers.
    /// `transactions`: whether it may begin and end some of its own.
    static func run(
        _ sql: String, on connection: SQLiteConnection, transactions: Bool
    ) throws(DeployError) {
        guard !sql.utf8.contains(0) else {
            throw refusal("it contains a NUL byte, after which nothing would run")
        }
        // The watch sees triggers too, which could not write to older libraries' FTS5 otherwise.
        csqlite_configure(connection.handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1)
        // VACUUM attaches an unnamed file.
        sqlite3_limit(connection.handle, SQLITE_LIMIT_ATTACHED, 1)
        let watch = Watch(transactions: transactions)
        sqlite3_set_authorizer(
            connection.handle, Watch.decide, Unmanaged.passUnretained(watch).toOpaque())
        defer {
            sqlite3_set_authorizer(connection.handle, Watch.decideForUs, nil)
            withExtendedLifetime(watch) {}
        }
        do throws(DeployError) { try connection.execute(sql) } catch {
            throw watch.refused.map(refusal) ?? error
        }
    }

    private static func refusal(_ why: String) -> DeployError {
        DeployError(.stepFailed, what: "The file cannot run", why: why, next: "remove it from the file")
    }
}

/// Decides about each action of a statement while the library compiles it.
private final class Watch {
    private let transactions: Bool
    /// What was refused last, in words.
    private(set) var refused: String?

    init(transactions: Bool) { self.transactions = transactions }

    typealias Decision =
        @convention(c) (
            UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?, UnsafePointer<CChar>?
        ) -> Int32

    static let decide: Decision = { watch, action, first, second, _, _ in
        guard let watch else { return SQLITE_DENY }
        let words = [first, second].map { $0.map { String(cString: $0) } }
        return Unmanaged<Watch>.fromOpaque(watch).takeUnretainedValue().decide(action, words[0], words[1])
    }

    /// For statements of our own that may wake up what a text left behind.
    static let decideForUs: Decision = { _, action, first, second, _, _ in
        let words = [first, second].map { $0.map { String(cString: $0) } }
        return Watch(transactions: true).decide(action, words[0], words[1])
    }

    private func decide(_ action: Int32, _ first: String?, _ second: String?) -> Int32 {
        guard let complaint = complaint(action, first, second) else { return SQLITE_OK }
        refused = complaint
        return SQLITE_DENY
    }

    private func complaint(_ action: Int32, _ first: String?, _ second: String?) -> String? {
        switch action {
        case SQLITE_TRANSACTION:
            transactions
                ? nil : "it contains BEGIN, COMMIT, END or ROLLBACK; every migration runs in one transaction"
        case SQLITE_ATTACH:
            first == "" ? nil : "it reaches for another database file, with ATTACH or VACUUM INTO"
        case SQLITE_DETACH: "it contains DETACH"
        case SQLITE_FUNCTION:
            Self.dangerous.contains { $0 == second?.lowered } ? "it calls \(second ?? "")" : nil
        case SQLITE_PRAGMA:
            Self.isAllowed(first?.lowered ?? "", second?.lowered) ? nil : "it sets PRAGMA \(first ?? "")"
        case SQLITE_CREATE_VTABLE:
            Self.modules.contains { $0 == second?.lowered } ? nil : "it uses the module \(second ?? "")"
        case SQLITE_CREATE_INDEX...SQLITE_RECURSIVE, SQLITE_COPY: nil
        default: "it does something this version does not know (action \(action))"
        }
    }

    private static let dangerous = ["load_extension", "fts3_tokenizer"]

    /// Kinds of virtual tables that keep what they hold in the file itself.
    private static let modules = [
        "fts3", "fts4", "fts4aux", "fts3tokenize", "fts5", "fts5vocab", "rtree", "rtree_i32", "geopoly",
    ]

    /// Those that show something or concern this file alone.
    private static let pragmas = [
        "analysis_limit", "application_id", "auto_vacuum", "automatic_index", "busy_timeout", "cache_size",
        "cache_spill", "case_sensitive_like", "collation_list", "compile_options", "count_changes",
        "data_version", "database_list", "defer_foreign_keys", "encoding", "foreign_key_check",
        "foreign_key_list", "foreign_keys", "freelist_count", "full_column_names", "function_list",
        "ignore_check_constraints", "incremental_vacuum", "index_info", "index_list", "index_xinfo",
        "integrity_check", "journal_size_limit", "legacy_alter_table", "legacy_file_format", "locking_mode",
        "max_page_count", "module_list", "optimize", "page_count", "page_size", "pragma_list", "quick_check",
        "recursive_triggers", "reverse_unordered_selects", "secure_delete", "short_column_names",
        "synchronous", "table_info", "table_list", "table_xinfo", "temp_store", "user_version",
        "wal_autocheckpoint", "wal_checkpoint",
    ]

    private static func isAllowed(_ pragma: String, _ value: String?) -> Bool {
        guard pragma != "journal_mode" else {
            return value.map { ["wal", "delete", "truncate", "persist"].contains($0) } ?? true
        }
        return pragmas.contains { $0 == pragma }
    }
}
