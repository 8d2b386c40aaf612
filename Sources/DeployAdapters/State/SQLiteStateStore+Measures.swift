import DeployCore
import FoundationEssentials

extension SQLiteStateStore {
    /// Hours that are kept apart; what is older is kept as one sum, so that counters never fall.
    private static let keptHours = 24 * 400

    public func trafficPosition(of environment: String) throws(DeployError) -> LogPosition? {
        try position(of: environment, try reading())
    }

    private func position(
        of environment: String, _ connection: SQLiteConnection
    ) throws(DeployError) -> LogPosition? {
        try connection.run(
            "SELECT bytes, file, anchor FROM traffic_position WHERE environment = ?", [.text(environment)]
        ).first.map { LogPosition(bytes: $0[0].integer ?? 0, file: $0[1].text, anchor: $0[2].text) }
    }

    public func add(
        _ traffic: [Traffic], of environment: String, from begin: LogPosition?, to end: LogPosition,
        at now: Date
    ) throws(DeployError) -> Bool {
        let connection = try writing()
        return try connection.transaction { () throws(DeployError) in
            guard try position(of: environment, connection) == begin else { return false }
            try connection.run(
                "INSERT OR REPLACE INTO traffic_position (environment, bytes, file, anchor) VALUES (?, ?, ?, ?)",
                [.text(environment), .integer(end.bytes), .optional(end.file), .optional(end.anchor)])
            for one in traffic { try add(one, of: environment, connection) }
            try fold(environment, at: now, connection)
            return true
        }
    }

    private func add(
        _ one: Traffic, of environment: String, _ connection: SQLiteConnection
    ) throws(DeployError) {
        try connection.run(
            """
            INSERT INTO traffic (environment, hour, class, slot, requests, seconds) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, seconds = seconds + excluded.seconds
            """,
            [
                .text(environment), .integer(Int64(one.hour)), .integer(Int64(one.statusClass)),
                .integer(Int64(one.slot)), .integer(Int64(one.requests)), .real(one.seconds),
            ])
    }

    /// By the newest hour that has come, so that neither this clock nor that of a line makes old what is not.
    private func fold(
        _ environment: String, at now: Date, _ connection: SQLiteConnection
    ) throws(DeployError) {
        let hour = Int((now.timeIntervalSince1970 / 3600).rounded(.down))
        let old = """
            environment = ?1 AND hour > 0 AND hour < (SELECT max(hour) FROM traffic WHERE environment = ?1 \
            AND hour <= \(hour)) - \(Self.keptHours)
            """
        try connection.run(
            """
            INSERT INTO traffic SELECT environment, 0, class, slot, sum(requests), sum(seconds) FROM traffic
            WHERE \(old) GROUP BY environment, class, slot
            ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, seconds = seconds + excluded.seconds
            """, [.text(environment)])
        try connection.run("DELETE FROM traffic WHERE \(old)", [.text(environment)])
    }

    public func traffic(of environment: String) throws(DeployError) -> [Traffic] {
        try reading().run(
            """
            SELECT hour, class, slot, requests, seconds FROM traffic WHERE environment = ?
            ORDER BY hour, class, slot
            """, [.text(environment)]
        ).map { row in
            Traffic(
                hour: Int(row[0].integer ?? 0), statusClass: Int(row[1].integer ?? 0),
                slot: Int(row[2].integer ?? 0), requests: Int(row[3].integer ?? 0), seconds: row[4].real ?? 0)
        }
    }

    public func stepTimes(of environment: String) throws(DeployError) -> [StepTimes] {
        try reading().run(
            """
            SELECT step, count(*), sum(step_record.finished_at - step_record.started_at) FROM step_record
            JOIN deployment ON deployment.timestamp = step_record.deployment
            WHERE environment = ? AND state = 'finished' AND step_record.finished_at IS NOT NULL
            GROUP BY step ORDER BY step
            """, [.text(environment)]
        ).map { row in
            StepTimes(
                step: row[0].text ?? "", count: Int(row[1].integer ?? 0), seconds: max(0, row[2].real ?? 0))
        }
    }

    public func runTimes(of environment: String) throws(DeployError) -> [RunTimes] {
        try reading().run(
            """
            SELECT kind, outcome, count(*), total(finished_at - started_at) FROM deployment
            WHERE environment = ? GROUP BY kind, outcome ORDER BY kind, outcome
            """, [.text(environment)]
        ).compactMap { row in
            Deployment.Kind(rawValue: row[0].text ?? "").map {
                RunTimes(
                    kind: $0, outcome: row[1].text.flatMap(Deployment.Outcome.init(rawValue:)),
                    count: Int(row[2].integer ?? 0), seconds: max(0, row[3].real ?? 0))
            }
        }
    }
}
