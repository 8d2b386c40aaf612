import DeployCore

/// What stands in one MySQL database: its tables and their columns, and everything else by kind.
struct MySQLStructure {
    struct Table {
        var name: String
        /// The server's word: `BASE TABLE`, `VIEW`, `SEQUENCE`, `SYSTEM VERSIONED`.
        var type: String
        var engine: String
        /// Name and type of each column that is stored.
        var columns: [(name: String, type: String)] = []
        /// Name and type of the columns that say from when to when a row was true; empty where it keeps no history.
        var period: [(name: String, type: String)] = []

        var holdsRows: Bool { type == "BASE TABLE" || keepsHistory }
        var keepsHistory: Bool { type == "SYSTEM VERSIONED" }
        /// Whether it names transactions and not times, which only the server that ran them understands.
        var namesTransactions: Bool { period.contains { $0.type == "bigint" } }
        /// All rows that are or were in it, as `FROM` takes them.
        var everyRow: String { MySQLText.identifier(name) + (keepsHistory ? " FOR SYSTEM_TIME ALL" : "") }
    }

    var version = ""
    var characterSet = ""
    var collation = ""
    /// Sorted by the name's bytes, as everything here.
    var tables: [Table] = []
    var routines: [(kind: String, name: String)] = []
    /// Everything the server knows of each trigger.
    var triggers: [[String]] = []
    var events: [String] = []
    var indexes = 0

    /// Computed columns that take no room are left out: their values follow from the others.
    static func question(about database: String) -> String {
        let name = MySQLText.literal(database)
        return """
            SELECT 'version', VERSION();
            SELECT 'database', default_character_set_name, default_collation_name
                FROM information_schema.schemata WHERE schema_name = \(name);
            SELECT 'table', table_name, table_type, IFNULL(engine, '') FROM information_schema.tables
                WHERE table_schema = \(name);
            SELECT 'column', table_name, column_name, data_type FROM information_schema.columns
                WHERE table_schema = \(name) AND extra NOT LIKE '%VIRTUAL GENERATED%'
                AND IFNULL(generation_expression, '') NOT IN ('ROW START', 'ROW END')
                ORDER BY table_name, ordinal_position;
            SELECT 'period', table_name, column_name, data_type FROM information_schema.columns
                WHERE table_schema = \(name) AND IFNULL(generation_expression, '') IN ('ROW START', 'ROW END')
                ORDER BY table_name, ordinal_position;
            SELECT 'routine', routine_type, routine_name FROM information_schema.routines
                WHERE routine_schema = \(name);
            SELECT 'trigger', trigger_name, action_timing, event_manipulation, event_object_table, action_order,
                action_statement, definer, sql_mode, character_set_client, collation_connection
                FROM information_schema.triggers WHERE trigger_schema = \(name);
            SELECT 'event', event_name FROM information_schema.events WHERE event_schema = \(name);
            SELECT 'index', table_name, index_name FROM information_schema.statistics
                WHERE table_schema = \(name) GROUP BY table_name, index_name;
            """
    }

    init(_ rows: [[String]]) {
        // By bytes: to the server two names are different that Swift calls equal.
        var columns: [[UInt8]: [(name: String, type: String)]] = [:]
        var periods = columns
        for row in rows {
            switch (row[0], row.count) {
            case ("version", 2): version = row[1]
            case ("database", 3): (characterSet, collation) = (row[1], row[2])
            case ("table", 4): tables.append(Table(name: row[1], type: row[2], engine: row[3]))
            case ("column", 4): columns[Array(row[1].utf8), default: []].append((row[2], row[3].lowered))
            case ("period", 4): periods[Array(row[1].utf8), default: []].append((row[2], row[3].lowered))
            case ("routine", 3): routines.append((row[1], row[2]))
            case ("trigger", 11): triggers.append(Array(row.dropFirst()))
            case ("event", 2): events.append(row[1])
            case ("index", 3): indexes += 1
            default: break
            }
        }
        for index in tables.indices {
            let name = Array(tables[index].name.utf8)
            tables[index].columns = columns[name] ?? []
            if tables[index].keepsHistory { tables[index].period = periods[name] ?? Self.unnamedPeriod }
        }
        tables.removeAll { $0.name == MySQLSwap.marker }
        tables.sort { $0.name.precedes($1.name) }
        routines.sort { ($0.kind, $0.name) < ($1.kind, $1.name) }
        triggers.sort { ($0[3], $0[1], $0[2], Int($0[4]) ?? 0) < ($1[3], $1[1], $1[2], Int($1[4]) ?? 0) }
        events.sort { $0.precedes($1) }
    }

    /// The columns of a table that keeps history without naming them, which no list of columns shows.
    private static let unnamedPeriod = [("row_start", "timestamp"), ("row_end", "timestamp")]

    /// How many there are of each kind.
    var objects: [String: Int] {
        var counts: [String: Int] = ["trigger": triggers.count, "event": events.count, "index": indexes]
        for table in tables where !table.holdsRows { counts[table.type.lowered, default: 0] += 1 }
        for routine in routines { counts[routine.kind.lowered, default: 0] += 1 }
        return counts.filter { $0.value > 0 }
    }

    var isEmpty: Bool { tables.isEmpty && routines.isEmpty && events.isEmpty }

    /// Asks for everything's definition in an order that is always the same.
    var definitions: String {
        let tables = tables.map { "SHOW CREATE TABLE \(MySQLText.identifier($0.name));" }
        let routines = routines.map { "SHOW CREATE \($0.kind) \(MySQLText.identifier($0.name));" }
        let events = events.map { "SHOW CREATE EVENT \(MySQLText.identifier($0));" }
        return (tables + routines + events).joined(separator: "\n")
    }
}

extension MySQLServer {
    func structure(of database: String) throws(DeployError) -> MySQLStructure {
        MySQLStructure(try query(MySQLStructure.question(about: database)))
    }
}

extension String {
    func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
