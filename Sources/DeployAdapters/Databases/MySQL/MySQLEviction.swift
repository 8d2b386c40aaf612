import DeployCore
import Glibc

/// Ends what others do in a server's databases.
struct MySQLEviction {
    let server: MySQLServer

    /// Ends every other connection to a database, whatever it does.
    func endSessions(in database: String) throws(DeployError) {
        let found = try sessions(in: database)
        guard !found.isEmpty else { return }
        // Those that connect after it are not waited for: the next question may meet them.
        let ended = Set(found)
        try untilGone("connections to \(database)") { () throws(DeployError) in
            try sessions(in: database).filter(ended.contains)
        }
    }

    private func sessions(in database: String) throws(DeployError) -> [String] {
        try server.query(
            "SELECT id FROM information_schema.processlist WHERE db = \(MySQLText.literal(database)) AND id <> CONNECTION_ID();"
        ).compactMap(\.first)
    }

    /// Kills the connections with these numbers until none of them is there.
    func untilGone(
        _ what: String, _ find: () throws(DeployError) -> [String]
    ) throws(DeployError) {
        let end = monotonicNow() + 30_000_000_000
        var numbers = try find()
        while !numbers.isEmpty {
            guard monotonicNow() < end else {
                throw DeployError(
                    .stepFailed, what: "\(what) do not end", why: "30 s after KILL \(numbers.count) are left",
                    next: "look at SHOW PROCESSLIST on the server, then run this again")
            }
            // One that ended meanwhile is no failure.
            let kills = numbers.map { "KILL \($0);" }.joined(separator: "\n")
            _ = try server.execute(kills, in: nil, forced: true, within: .seconds(30))
            numbers = try find()
            if !numbers.isEmpty { usleep(20_000) }
        }
    }
}
