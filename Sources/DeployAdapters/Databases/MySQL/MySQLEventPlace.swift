import DeployCore

/// Where a definition of an event stands, which decides what its state means.
///
/// In copies beside the live database nothing may run. There an event that runs where the database is live is
/// disabled as on a replica, which nobody else writes there, and one that does not run is just disabled.
enum MySQLEventPlace {
    case live
    case copy

    /// The words for one that runs where the database is live.
    var running: String { self == .live ? "ENABLE" : "DISABLE ON SLAVE" }

    func runs(_ state: String) -> Bool { self == .live ? state == "ENABLE" : state != "DISABLE" }
}

extension MySQLServer {
    /// Names the definition's own database live, and what was made beside it a copy.
    func place(of database: String) -> MySQLEventPlace {
        guard let live = access.layout.database(.live) else { return .live }
        return SiblingName.matches(database, of: live.name) ? .copy : .live
    }

    /// What a dump goes through on its way into a database.
    func loading(from source: MySQLEventPlace, to target: MySQLEventPlace) -> any StreamFilter {
        let events: [any StreamFilter] =
            source == target ? [] : [MySQLEventFilter(from: source, to: target)]
        return StreamFilterChain(filters: events + [MySQLDefinerFilter()])
    }

    /// Lets no event run in a copy that a file of the project has just changed.
    func pauseEvents(in database: String) throws(DeployError) {
        guard place(of: database) == .copy, try runsEvents(database) else { return }
        let statements = try definitions(of: database).eventsPaused(in: database)
        _ = try query(statements.joined(separator: "\n"), as: .application, within: .seconds(600))
    }

    func runsEvents(_ database: String) throws(DeployError) -> Bool {
        try !query(
            "SELECT 1 FROM information_schema.events WHERE event_schema = \(MySQLText.literal(database)) AND status = 'ENABLED' LIMIT 1;"
        ).isEmpty
    }
}
