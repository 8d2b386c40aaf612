import DeployCore
import FoundationEssentials

extension SQLiteStateStore {
    @discardableResult
    public func record(_ event: Event) throws(DeployError) -> Int64 {
        let connection = try writing()
        return try connection.transaction { () throws(DeployError) in try add(event, connection) }
    }

    private func add(_ event: Event, _ connection: SQLiteConnection) throws(DeployError) -> Int64 {
        try connection.run(
            "INSERT INTO event (environment, kind, subject, at, detail) VALUES (?, ?, ?, ?, ?) RETURNING sequence",
            [
                .text(event.environment), .text(event.kind.rawValue), .text(event.subject),
                .real(event.at.timeIntervalSince1970), .optional(event.detail),
            ]
        ).first?.first?.integer ?? 0
    }

    public func settle(
        _ present: [Event], of kinds: [Event.Kind], in environment: String, at now: Date
    ) throws(DeployError) {
        func names(_ events: [Event]) -> Set<[String]> { Set(events.map { [$0.kind.rawValue, $0.subject] }) }
        if names(try lasting(kinds, in: environment)) == names(present) { return }
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            let open = try lasting(kinds, in: environment, connection)
            for event in present
            where !open.contains(where: { ($0.kind, $0.subject) == (event.kind, event.subject) }) {
                _ = try add(event, connection)
            }
            for event in open
            where !present.contains(where: { ($0.kind, $0.subject) == (event.kind, event.subject) }) {
                try connection.run(
                    "UPDATE event SET over_at = ? WHERE sequence = ?",
                    [.real(now.timeIntervalSince1970), .integer(event.sequence)])
                let what = [event.kind.rawValue, event.subject].filter { !$0.isEmpty }
                _ = try add(
                    Event(
                        .recovered, in: environment, on: what.joined(separator: " "), at: now,
                        detail: "\(event.sequence)"), connection)
            }
        }
    }

    public func lasting(_ kinds: [Event.Kind], in environment: String) throws(DeployError) -> [Event] {
        try lasting(kinds, in: environment, try reading())
    }

    private func lasting(
        _ kinds: [Event.Kind], in environment: String, _ connection: SQLiteConnection
    ) throws(DeployError) -> [Event] {
        let marks = kinds.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try connection.run(
            Self.eventColumns + """
                FROM event WHERE environment = ? AND over_at IS NULL AND kind IN (\(marks)) ORDER BY sequence
                """, [.text(environment)]
        ).compactMap(Self.event)
    }

    public func unroutedEvents(limit: Int) throws(DeployError) -> [Event] {
        try reading().run(
            Self.eventColumns + "FROM event WHERE routed = 0 ORDER BY sequence LIMIT \(limit)"
        ).compactMap(Self.event)
    }

    public func route(_ deliveries: [(event: Int64, to: [Delivery])]) throws(DeployError) {
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            for (event, messages) in deliveries {
                try connection.run(
                    "UPDATE event SET routed = 1 WHERE sequence = ? AND routed = 0", [.integer(event)])
                guard connection.changes == 1 else { continue }
                for message in messages { try add(message, connection) }
            }
        }
    }

    private func add(_ delivery: Delivery, _ connection: SQLiteConnection) throws(DeployError) {
        try connection.run(
            """
            INSERT OR IGNORE INTO delivery (event, environment, route, severity, escalate_at, escalate_to, state, next_at)
            VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?)
            """,
            [
                .integer(delivery.event.sequence), .text(delivery.event.environment), .text(delivery.route),
                .text(delivery.severity.rawValue), .optional(delivery.escalateAt?.timeIntervalSince1970),
                .optional(delivery.escalateTo), .real(delivery.nextAt.timeIntervalSince1970),
            ])
    }

    /// The clock may have been ahead when it was said how long a message waits.
    private static let isDue = "(next_at <= ?1 OR next_at > ?1 + \(Delivery.longestPause * 2))"

    public func dueDeliveries(at now: Date) throws(DeployError) -> [Delivery] {
        try deliveries(
            """
            WHERE delivery.sequence IN (SELECT min(sequence) FROM delivery WHERE state = 'waiting'
            GROUP BY environment, route) AND \(Self.isDue) ORDER BY delivery.sequence
            """, [.real(now.timeIntervalSince1970)])
    }

    public func update(_ deliveries: [Delivery]) throws(DeployError) {
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            for one in deliveries {
                try connection.run(
                    """
                    UPDATE delivery SET state = ?, attempts = ?, next_at = ?, sent_at = ?, error = ? WHERE sequence = ?
                    """,
                    [
                        .text(one.state.rawValue), .integer(Int64(one.attempts)),
                        .real(one.nextAt.timeIntervalSince1970),
                        .optional(one.sentAt?.timeIntervalSince1970), .optional(one.error),
                        .integer(one.sequence),
                    ])
            }
        }
    }

    public func escalations(at now: Date) throws(DeployError) -> [Delivery] {
        try deliveries(
            "WHERE escalate_at <= ? ORDER BY delivery.sequence", [.real(now.timeIntervalSince1970)])
    }

    public func escalate(_ delivery: Int64, to next: Delivery?) throws(DeployError) {
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            try connection.run(
                "UPDATE delivery SET escalate_at = NULL WHERE sequence = ?", [.integer(delivery)])
            if let next { try add(next, connection) }
        }
    }

    public func answer(_ event: Int64, by performer: String, at now: Date) throws(DeployError) -> Bool {
        let connection = try writing()
        return try connection.transaction { () throws(DeployError) in
            try connection.run(
                """
                UPDATE event SET answered_at = coalesce(answered_at, ?), answered_by = coalesce(answered_by, ?)
                WHERE sequence = ?
                """, [.real(now.timeIntervalSince1970), .text(performer), .integer(event)])
            return connection.changes == 1
        }
    }

    public func deliveries(of environment: String?, limit: Int) throws(DeployError) -> [Delivery] {
        let filter = environment == nil ? "" : "WHERE delivery.environment = ? "
        return try deliveries(
            filter + "ORDER BY delivery.sequence DESC LIMIT \(limit)", environment.map { [.text($0)] } ?? [])
    }

    public func routes(toldOfTroubleSince event: Int64) throws(DeployError) -> [String] {
        try reading().run(
            """
            SELECT route FROM delivery WHERE event IN (
                SELECT other.sequence FROM event JOIN event AS other ON other.sequence = event.sequence
                    OR (other.environment = event.environment AND other.over_at = event.over_at
                        AND other.kind = event.kind
                        AND (other.kind <> 'schedule-failed' OR other.subject = event.subject))
                WHERE event.sequence = ?)
            GROUP BY route ORDER BY min(sequence)
            """, [.integer(event)]
        ).compactMap { $0[0].text }
    }

    public func pruneNotices(before limit: Date) throws(DeployError) {
        let find = """
            SELECT sequence FROM event WHERE at < ? AND routed = 1
                AND (over_at IS NOT NULL OR kind IN ('started', 'succeeded', 'recovered'))
                AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.event = event.sequence
                    AND (state = 'waiting' OR escalate_at IS NOT NULL))
            ORDER BY sequence LIMIT 1000
            """
        let old = try reading().run(find, [.real(limit.timeIntervalSince1970)])
        guard !old.isEmpty else { return }
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            for row in try connection.run(find, [.real(limit.timeIntervalSince1970)]) {
                try connection.run("DELETE FROM delivery WHERE event = ?", row)
                try connection.run("DELETE FROM event WHERE sequence = ?", row)
            }
        }
    }

    public func reviveDeliveries(at now: Date) throws(DeployError) -> Int {
        let connection = try writing()
        return try connection.transaction { () throws(DeployError) in
            try connection.run(
                "UPDATE delivery SET next_at = ?1 WHERE state = 'waiting' AND next_at > ?1",
                [.real(now.timeIntervalSince1970)])
            try connection.run(
                """
                UPDATE delivery SET state = 'over' WHERE state = 'dead' AND EXISTS (
                    SELECT 1 FROM event WHERE event.sequence = delivery.event AND over_at IS NOT NULL)
                """)
            try connection.run(
                "UPDATE delivery SET state = 'waiting', attempts = 0, next_at = ? WHERE state = 'dead'",
                [.real(now.timeIntervalSince1970)])
            return Int(connection.changes)
        }
    }

    public func noticeCounts(of environment: String) throws(DeployError) -> NoticeCounts {
        let row = try reading().run(
            """
            SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'dead') FROM delivery
            WHERE environment = ?
            """, [.text(environment)]
        ).first
        return NoticeCounts(waiting: Int(row?[0].integer ?? 0), dead: Int(row?[1].integer ?? 0))
    }

    public func hasNotices(at now: Date) throws(DeployError) -> Bool {
        try reading().run(
            """
            SELECT EXISTS (SELECT 1 FROM event WHERE routed = 0)
                OR EXISTS (SELECT 1 FROM delivery WHERE escalate_at <= ?1)
                OR EXISTS (SELECT 1 FROM delivery WHERE \(Self.isDue) AND sequence IN (
                    SELECT min(sequence) FROM delivery WHERE state = 'waiting' GROUP BY environment, route))
            """, [.real(now.timeIntervalSince1970)]
        ).first?.first?.integer == 1
    }
}

extension SQLiteStateStore {
    private static let eventColumns = """
        SELECT event.sequence, event.environment, kind, subject, at, detail, answered_by, over_at
        """ + " "

    private static func event(_ row: [SQLiteValue]) -> Event? {
        guard let kind = Event.Kind(rawValue: row[2].text ?? "") else { return nil }
        var event = Event(
            kind, in: row[1].text ?? "", on: row[3].text ?? "",
            at: Date(timeIntervalSince1970: row[4].real ?? 0), detail: row[5].text)
        event.sequence = row[0].integer ?? 0
        event.answeredBy = row[6].text
        event.overAt = row[7].real.map(Date.init(timeIntervalSince1970:))
        return event
    }

    private func deliveries(_ condition: String, _ values: [SQLiteValue]) throws(DeployError) -> [Delivery] {
        try reading().run(
            Self.eventColumns
                + """
                , delivery.sequence, route, severity, escalate_at, escalate_to, state, attempts, next_at, sent_at,
                error FROM delivery JOIN event ON event.sequence = delivery.event \(condition)
                """, values
        ).compactMap(Self.delivery)
    }

    private static func delivery(_ row: [SQLiteValue]) -> Delivery? {
        guard let event = event(row), let severity = Event.Severity(rawValue: row[10].text ?? ""),
            let state = Delivery.State(rawValue: row[13].text ?? "")
        else { return nil }
        var delivery = Delivery(
            event, to: row[9].text ?? "", severity: severity,
            at: Date(timeIntervalSince1970: row[15].real ?? 0))
        delivery.sequence = row[8].integer ?? 0
        delivery.escalateAt = row[11].real.map(Date.init(timeIntervalSince1970:))
        (delivery.escalateTo, delivery.state) = (row[12].text, state)
        delivery.attempts = Int(row[14].integer ?? 0)
        delivery.sentAt = row[16].real.map(Date.init(timeIntervalSince1970:))
        delivery.error = row[17].text
        return delivery
    }
}
