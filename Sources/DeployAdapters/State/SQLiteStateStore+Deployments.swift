import DeployCore
import FoundationEssentials

extension SQLiteStateStore {
    public func begin(
        _ plan: Plan, origin: Origin, approval: Approval?, at now: Date
    ) throws(DeployError) -> Deployment {
        let connection = try writing()
        let text = try JSON.text(plan)
        let wish = try origin.idempotencyKey == nil ? nil : origin.wish.map(JSON.text)
        try connection.transaction { () throws(DeployError) in
            if let key = origin.idempotencyKey, let first = try deployment(idempotencyKey: key) {
                throw IdempotentRepeat.refusal(first)
            }
            try connection.run(
                """
                INSERT INTO deployment (timestamp, environment, kind, release, commit_id, performer, trigger, reason,
                    idempotency_key, plan_id, plan, started_at, wish, who)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(plan.timestamp.description), .text(plan.environment.name),
                    .text(plan.kind.rawValue),
                    .optional(plan.release?.description), .optional(plan.commit), .text(origin.performer),
                    .text(origin.trigger.rawValue), .optional(origin.reason),
                    .optional(origin.idempotencyKey),
                    .text(plan.id), .text(text), .real(now.timeIntervalSince1970), .optional(wish),
                    try .optional(origin.who),
                ])
            if let approval { try record(approval, of: plan.timestamp, connection) }
            try record(origin.overrides, of: plan.timestamp, connection)
            try takeEpoch(plan.environment.name, connection)
        }
        guard let deployment = try deployment(plan.timestamp) else {
            throw DeployError(
                .unexpected, what: "Deployment \(plan.timestamp) was not stored",
                why: "it cannot be read back",
                next: "deployctl doctor")
        }
        epochs[plan.environment.name] = try currentEpoch(plan.environment.name, connection)
        return deployment
    }

    func record(
        _ approval: Approval, of deployment: Timestamp, _ connection: SQLiteConnection
    ) throws(DeployError) {
        try connection.run(
            "INSERT INTO approval (deployment, plan_id, performer, means, approved_at) VALUES (?, ?, ?, ?, ?)",
            [
                .text(deployment.description), .text(approval.planID), .text(approval.performer),
                .text(approval.means.rawValue), .real(approval.approvedAt.timeIntervalSince1970),
            ])
    }

    public func adopt(_ deployment: Deployment) throws(DeployError) {
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            try takeEpoch(deployment.environment, connection)
        }
        epochs[deployment.environment] = try currentEpoch(deployment.environment, connection)
    }

    public func record(_ step: StepRecord, of deployment: Deployment) throws(DeployError) {
        try record([step], of: deployment)
    }

    public func record(_ steps: [StepRecord], of deployment: Deployment) throws(DeployError) {
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            try refuseStale(deployment.environment, connection)
            try put(steps, of: deployment.timestamp, connection)
        }
    }

    /// Whoever has taken over; that is the caller's to ask.
    func put(
        _ steps: [StepRecord], of deployment: Timestamp, _ connection: SQLiteConnection
    ) throws(DeployError) {
        for step in steps {
            let columns = step.columns.isEmpty ? nil : try JSON.text(step.columns)
            try connection.run(
                """
                INSERT OR REPLACE INTO step_record (deployment, position, step, title, state, note, started_at, finished_at,
                                                    columns)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(deployment.description), .integer(Int64(step.position)), .text(step.step),
                    .text(step.title), .text(step.state.rawValue), .text(step.note),
                    .real(step.startedAt.timeIntervalSince1970),
                    .optional(step.finishedAt?.timeIntervalSince1970), .optional(columns),
                ])
        }
    }

    public func finish(
        _ deployment: Deployment, outcome: Deployment.Outcome, error: DeployError?, at now: Date
    ) throws(DeployError) {
        let connection = try writing()
        let text = try error.map { error throws(DeployError) in try JSON.text(error) }
        try connection.transaction { () throws(DeployError) in
            try refuseStale(deployment.environment, connection)
            try connection.run(
                "UPDATE deployment SET outcome = ?, error = ?, finished_at = ? WHERE timestamp = ?",
                [
                    .text(outcome.rawValue), .optional(text), .real(now.timeIntervalSince1970),
                    .text(deployment.timestamp.description),
                ])
        }
    }

    public func deployments(of environment: String?, limit: Int) throws(DeployError) -> [Deployment] {
        let filter = environment == nil ? "" : "WHERE environment = ? "
        return try reading().run(
            Self.deploymentColumns + filter + "ORDER BY sequence DESC LIMIT \(limit)",
            environment.map { [.text($0)] } ?? []
        ).compactMap(Self.deployment)
    }

    public func releaseMoves(of environment: String, limit: Int) throws(DeployError) -> [Deployment] {
        try deployments(
            of: environment, kinds: Deployment.Kind.allCases.filter(\.movesRelease),
            and: "AND outcome = '\(Deployment.Outcome.succeeded.rawValue)' AND release IS NOT NULL", limit)
    }

    public func deployments(
        of environment: String, kinds: [Deployment.Kind], limit: Int
    ) throws(DeployError) -> [Deployment] {
        try deployments(of: environment, kinds: kinds, and: "", limit)
    }

    private func deployments(
        of environment: String, kinds: [Deployment.Kind], and condition: String, _ limit: Int
    ) throws(DeployError) -> [Deployment] {
        let marks = kinds.map { _ in "?" }.joined(separator: ", ")
        return try reading().run(
            Self.deploymentColumns
                + "WHERE environment = ? AND kind IN (\(marks)) \(condition) ORDER BY sequence DESC LIMIT \(limit)",
            ([environment] + kinds.map(\.rawValue)).map { .text($0) }
        ).compactMap(Self.deployment)
    }

    public func deployment(_ timestamp: Timestamp) throws(DeployError) -> Deployment? {
        try reading().run(Self.deploymentColumns + "WHERE timestamp = ?", [.text(timestamp.description)])
            .first
            .flatMap(Self.deployment)
    }

    public func deployment(idempotencyKey: String) throws(DeployError) -> Deployment? {
        try reading().run(Self.deploymentColumns + "WHERE idempotency_key = ?", [.text(idempotencyKey)]).first
            .flatMap(Self.deployment)
    }

    public func unfinished(in environment: String) throws(DeployError) -> Deployment? {
        try reading().run(
            Self.deploymentColumns
                + "WHERE environment = ? AND outcome IS NULL ORDER BY sequence DESC LIMIT 1",
            [.text(environment)]
        ).first.flatMap(Self.deployment)
    }

    public func plan(of deployment: Timestamp) throws(DeployError) -> Plan? {
        try stored(Plan.self, of: deployment)
    }

    public func definition(of deployment: Timestamp) throws(DeployError) -> Environment? {
        struct PlansDefinition: Decodable { let environment: Environment }
        return try stored(PlansDefinition.self, of: deployment)?.environment
    }

    private func stored<Value: Decodable>(
        _ type: Value.Type, of deployment: Timestamp
    ) throws(DeployError) -> Value? {
        let row = try reading().run(
            "SELECT plan FROM deployment WHERE timestamp = ?", [.text(deployment.description)]
        ).first
        guard let text = row?.first?.text, text != Self.noPlan else { return nil }
        do throws(DeployError) {
            return try JSON.value(
                type, from: Data(text.utf8), named: "the plan of deployment \(deployment)")
        } catch {
            throw error.recast(as: .needsPerson)
        }
    }

    public func approval(of deployment: Timestamp) throws(DeployError) -> Approval? {
        try reading().run(
            "SELECT plan_id, performer, means, approved_at FROM approval WHERE deployment = ?",
            [.text(deployment.description)]
        ).first.flatMap { row in
            Approval.Means(rawValue: row[2].text ?? "").map {
                Approval(
                    planID: row[0].text ?? "", performer: row[1].text ?? "", means: $0,
                    approvedAt: Date(timeIntervalSince1970: row[3].real ?? 0))
            }
        }
    }

    public func steps(of deployment: Timestamp) throws(DeployError) -> [StepRecord] {
        try reading().run(
            """
            SELECT position, step, title, state, note, started_at, finished_at, columns FROM step_record
            WHERE deployment = ? ORDER BY position
            """, [.text(deployment.description)]
        ).compactMap(Self.step)
    }

    private static func step(_ row: [SQLiteValue]) -> StepRecord? {
        guard let state = StepRecord.State(rawValue: row[3].text ?? "") else { return nil }
        let columns = row[7].text.flatMap {
            try? JSONDecoder().decode([ColumnChange].self, from: Data($0.utf8))
        }
        return StepRecord(
            position: Int(row[0].integer ?? 0), step: row[1].text ?? "", title: row[2].text ?? "",
            state: state, note: row[4].text ?? "",
            startedAt: Date(timeIntervalSince1970: row[5].real ?? 0),
            finishedAt: row[6].real.map(Date.init(timeIntervalSince1970:)), columns: columns ?? [])
    }
}

extension SQLiteStateStore {
    private func takeEpoch(_ environment: String, _ connection: SQLiteConnection) throws(DeployError) {
        try connection.run(
            "INSERT INTO environment (name, epoch) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET epoch = epoch + 1",
            [.text(environment)])
    }

    private func currentEpoch(_ environment: String, _ connection: SQLiteConnection) throws(DeployError)
        -> Int64
    {
        try connection.run("SELECT epoch FROM environment WHERE name = ?", [.text(environment)]).first?.first?
            .integer ?? 0
    }

    /// A run that was suspended while another took over may write nothing any more.
    private func refuseStale(_ environment: String, _ connection: SQLiteConnection) throws(DeployError) {
        guard try currentEpoch(environment, connection) == epochs[environment] ?? 0 else {
            throw DeployError(
                .needsPerson, what: "Another run has taken over \(environment)",
                why: "this one was suspended; it stops without touching anything more",
                next: "deployctl status \(environment)")
        }
    }

    /// One write that belongs to no deployment, refused like all others once a run of this process is stale.
    func writeFenced(_ body: (SQLiteConnection) throws(DeployError) -> Void) throws(DeployError) {
        let connection = try writing()
        try connection.transaction { () throws(DeployError) in
            for environment in epochs.keys.sorted() { try refuseStale(environment, connection) }
            try body(connection)
        }
    }

    private static let deploymentColumns = """
        SELECT sequence, timestamp, environment, kind, release, commit_id, outcome, performer, trigger, reason,
            plan_id, error, started_at, finished_at, wish, who FROM deployment
        """ + " "

    private static func deployment(_ row: [SQLiteValue]) -> Deployment? {
        guard let timestamp = Timestamp(digits: row[1].text ?? ""),
            let kind = Deployment.Kind(rawValue: row[3].text ?? "")
        else { return nil }
        let error = row[11].text.flatMap { try? JSONDecoder().decode(DeployError.self, from: Data($0.utf8)) }
        var deployment = Deployment(
            sequence: row[0].integer ?? 0, timestamp: timestamp, environment: row[2].text ?? "", kind: kind,
            release: row[4].text.flatMap { Timestamp(digits: $0) }, commit: row[5].text,
            outcome: row[6].text.flatMap(Deployment.Outcome.init(rawValue:)), performer: row[7].text ?? "",
            trigger: Trigger(rawValue: row[8].text ?? ""), reason: row[9].text, planID: row[10].text ?? "",
            error: error,
            startedAt: Date(timeIntervalSince1970: row[12].real ?? 0),
            finishedAt: row[13].real.map(Date.init(timeIntervalSince1970:)))
        (deployment.wish, deployment.who) = (row[14].decoded(), row[15].decoded())
        return deployment
    }
}
