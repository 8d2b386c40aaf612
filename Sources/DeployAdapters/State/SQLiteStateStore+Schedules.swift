import DeployCore
import FoundationEssentials

extension SQLiteStateStore {
    public func record(_ run: ScheduleRun) throws(DeployError) {
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            try connection.run(
                """
                INSERT OR REPLACE INTO schedule_run (environment, schedule, due, started, ended, status, log, process)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(run.environment), .text(run.schedule), .real(run.due.timeIntervalSince1970),
                    .optional(run.started?.timeIntervalSince1970),
                    .optional(run.ended?.timeIntervalSince1970),
                    run.status.map { .integer(Int64($0)) } ?? .null,
                    .text(run.log), try .optional(run.process),
                ])
            try connection.run(
                """
                DELETE FROM schedule_run WHERE environment = ?1 AND schedule = ?2 AND due NOT IN
                (SELECT due FROM schedule_run WHERE environment = ?1 AND schedule = ?2 ORDER BY due DESC LIMIT 100)
                """,
                [.text(run.environment), .text(run.schedule)])
        }
    }

    public func moveLastScheduleRun(
        of schedule: String, in environment: String, to due: Date
    ) throws(DeployError) {
        let connection = try writing()
        let values: [SQLiteValue] = [
            .text(environment), .text(schedule), .real(due.timeIntervalSince1970),
        ]
        try connection.transaction { () throws(DeployError) in
            try connection.run(
                """
                UPDATE OR REPLACE schedule_run SET due = ?3 WHERE environment = ?1 AND schedule = ?2 AND due =
                (SELECT max(due) FROM schedule_run WHERE environment = ?1 AND schedule = ?2)
                """, values)
            try connection.run(
                "DELETE FROM schedule_run WHERE environment = ?1 AND schedule = ?2 AND due > ?3", values)
        }
    }

    public func lastScheduleRuns(of environment: String) throws(DeployError) -> [ScheduleRun] {
        try reading().run(
            """
            SELECT schedule, due, started, ended, status, log, process FROM schedule_run AS one
            WHERE environment = ?1 AND due = (SELECT max(due) FROM schedule_run
            WHERE environment = ?1 AND schedule = one.schedule) ORDER BY schedule
            """,
            [.text(environment)]
        ).map { row in
            ScheduleRun(
                environment: environment, schedule: row[0].text ?? "",
                due: Date(timeIntervalSince1970: row[1].real ?? 0),
                started: row[2].real.map(Date.init(timeIntervalSince1970:)),
                ended: row[3].real.map(Date.init(timeIntervalSince1970:)),
                status: row[4].integer.map(Int32.init(truncatingIfNeeded:)),
                log: row[5].text ?? "", process: row[6].decoded())
        }
    }
}
