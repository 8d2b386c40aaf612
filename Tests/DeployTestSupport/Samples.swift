import Foundation

@testable import DeployCore

/// Small valid values for tests that do not care which.
public enum Sample {
    /// A name of the first minutes of 2026, one second per number.
    public static func timestamp(_ number: Int) -> Timestamp {
        Timestamp(Date(timeIntervalSince1970: 1_767_225_600 + Double(number)))
    }

    public static func release(
        _ number: Int, branch: String = "main", digest: String? = nil
    ) -> Release {
        Release(
            timestamp: timestamp(number), commit: String(repeating: "\(number % 10)", count: 40),
            branch: branch,
            subject: "Change \(number)", digest: digest ?? SHA256.hexadecimal(of: "release \(number)"),
            performer: "ada", who: who, createdAt: timestamp(number).date)
    }

    public static func backup(
        _ number: Int, of environment: String = "production", release: Timestamp? = nil,
        verified: Backup.Verified = .restored, bytes: Int64 = 100
    ) -> Backup {
        Backup(
            timestamp: timestamp(number), environment: environment, deployment: timestamp(1),
            release: release,
            bytes: bytes, sha256: SHA256.hexadecimal(of: "backup \(number)"), verified: verified,
            restoreSeconds: verified == .restored ? 0.5 : nil, createdAt: timestamp(number).date)
    }

    /// A plan with one step, for stores that only keep it.
    public static func plan(_ number: Int, environment name: String = "production") -> Plan {
        plan(
            named: PlanNames(
                deployment: timestamp(number), backup: timestamp(number + 1), retired: timestamp(number + 2)),
            environment: name)
    }

    public static func plan(named names: PlanNames, environment name: String = "production") -> Plan {
        var environment = Environment(name: name, project: "shop")
        environment.services = [Service(name: "web", role: .app, command: ["bin/web", "--flag"])]
        let facts = EnvironmentFacts(
            project: "/srv/shop", environment: environment, release: release(1),
            database: DatabaseLocation("/srv/shop/data.db"))
        return PlanDraft(kind: .backup, facts: facts, goal: .backUp).plan(named: names)
    }

    public static func step(
        _ position: Int, _ state: StepRecord.State = .started, note: String = "", finished: Date? = nil
    ) -> StepRecord {
        StepRecord(
            position: position, step: "prune", title: "Prune", state: state, note: note,
            startedAt: timestamp(0).date, finishedAt: finished)
    }

    public static let who = Who(account: Who.Account(uid: 1000, name: "ada"))
    public static let origin = Origin(performer: "ada", who: who, trigger: .terminal)
}
