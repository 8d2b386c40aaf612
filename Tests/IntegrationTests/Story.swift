import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// One project's life, every command asked for JSON; told once and looked at by several tests.
struct Story: Sendable {
    /// The normalised JSON of each answer, by the name of its golden file.
    private(set) var answers: [String: String] = [:]

    static let told = Result { try Story.tell() }

    private static func tell() throws -> Story {
        let world = try QuickstartWorld(for: nil)
        defer { world.end() }
        var teller = Teller(world: world)
        try teller.beginning()
        try teller.firstRelease()
        try teller.secondRelease()
        try teller.backups()
        try teller.rollback()
        try teller.operating()
        try teller.secrets()
        return Story(answers: teller.answers)
    }
}

private struct Teller {
    let world: QuickstartWorld
    var answers: [String: String] = [:]

    init(world: QuickstartWorld) { self.world = world }

    mutating func beginning() throws {
        try withoutWatching()
        try ask("status-empty", "status")
        try ask("version", "version")
        try ask("validate", "validate")
        try ask("doctor", "doctor")
        try ask("lock-show-free", "lock", "show")
        try ask("gates-empty", "gates", code: 12)
        try ask("error-usage", "status", "--colour", code: 2)
        try ask("error-not-found", "status", "moon", code: 17)
    }

    mutating func firstRelease() throws {
        try ask("plan-staging", "plan", "staging")
        try ask("staging", "staging")
        try ask("plan-staging-up-to-date", "plan", "staging")
        try ask("up-to-date", "staging")
        try ask("plan-production-first", "plan", "production")
        try ask("error-not-confirmed", "production", code: 13)
        try ask("production-first", "production", "--confirm", "CONFIRM")
    }

    mutating func secondRelease() throws {
        try world.commitMigration(named: "V0003_pinned.sql", "ALTER TABLE notes ADD COLUMN pinned INTEGER;\n")
        try ask("staging-second", "staging")
        try ask("gates", "gates")
        try ask("diff", "diff")
        try ask("plan-production", "plan", "production")
        let agent = ["DEPLOYCTL_TRIGGER": "agent", "DEPLOYCTL_PERFORMER": "robot"]
        try ask("production-proposed", "production", code: 13, environment: agent)
        try ask("approvals-proposed", "approvals")
        try ask("production", "production", "--confirm", "CONFIRM", "--reason", "pinned notes")
        try ask("status-healthy", "status")
        let deployment = try ask("history", "history")["deployments"]
        guard case .list(let all) = deployment, case .text(let newest) = all.first?["timestamp"] else {
            return XCTFail("the history is empty")
        }
        try ask("show", "show", newest)
    }

    mutating func backups() throws {
        try ask("backup-create", "backup", "create", "production")
        guard case .list(let all) = try ask("backup-list", "backup", "list")["backups"],
            case .text(let newest) = all.first?["timestamp"]
        else { return XCTFail("there is no backup") }
        try ask("show-backup", "show", newest)
        try ask("backup-verify", "backup", "verify", "production")
        try ask("backup-pin", "backup", "pin", "production", newest, "-m", "before the audit")
        try ask("backup-list-pinned", "backup", "list")
        try ask("backup-unpin", "backup", "unpin", "production", newest)
        try ask("backup-prune", "backup", "prune", "production")
        try ask("backup-restore", "backup", "restore", "production", newest, "--confirm", "CONFIRM")
    }

    mutating func rollback() throws {
        try ask("rollback-candidates", "rollback")
        try ask("plan-rollback", "plan", "rollback", "previous")
        try ask("rollback-rehearsal", "rollback", "previous", "--dry-run", "--rehearse")
        try ask("rollback", "rollback", "previous", "--confirm", "CONFIRM")
    }

    mutating func operating() throws {
        try world.run("lock", "acquire", "staging", "-m", "stocktaking")
        try ask("lock-show-held", "lock", "show")
        try ask("error-locked", "staging", code: 11)
        try world.run("lock", "release", "staging")
        try ask("restart", "restart", "staging")
        try ask("restart-service", "restart", "staging", "web")
        try ask("stop", "stop", "staging")
        try ask("status-stopped", "status", "staging")
        try ask("error-gate-refused", "production", "--confirm", "CONFIRM", code: 12)
        try ask("start", "start", "staging")
        for environment in ["staging", "production"] { try world.run("stop", environment) }
    }

    mutating func secrets() throws {
        try ask("secret-list", "secret", "list")
        try ask("secret-set", "secret", "set", "staging", "SESSION_KEY", input: "another value\n")
        try ask("error-secret-kept", "secret", "remove", "staging", "SESSION_KEY", code: 13)
        try ask("secret-remove", "secret", "remove", "staging", "SESSION_KEY", "--confirm", "SESSION_KEY")
        try ask("secret-list-missing", "secret", "list", "staging", code: 10)
        try ask("error-secret-unknown", "secret", "set", "staging", "SESSION", code: 17, input: "x\n")
    }

    /// The last line of what a command answers, on standard error for a refusal; the answer as it came.
    @discardableResult
    private mutating func ask(
        _ name: String, _ arguments: String..., code: Int32 = 0, input: String? = nil,
        environment: [String: String] = [:]
    ) throws -> JSONField {
        let answer = try world.run(arguments + ["--json"], input: input, environment: environment)
        XCTAssertEqual(answer.status, code, "\(name): \(answer.output)\(answer.errors)")
        let text = answer.output.isEmpty ? answer.errors : answer.output
        let line = text.split(separator: "\n").last.map(String.init) ?? ""
        let value = try JSONField(parsing: line)
        answers[name] = try Normaliser(world: world).value(value).rendered()
        return value
    }

    /// The story need not wait while a release is watched.
    private func withoutWatching() throws {
        try world.replace(
            "\"project\": \"quickstart\",", with: "\"project\": \"quickstart\", \"watch\": \"0s\",",
            in: "environments/base.json")
        try world.commit("Do not watch")
    }
}
