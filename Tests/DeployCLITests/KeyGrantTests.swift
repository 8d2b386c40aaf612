import DeployCore
import DeployTestSupport
import XCTest

@testable import DeployCLI

/// What a key was given, and nothing else.
final class KeyGrantTests: XCTestCase {
    private func refusal(_ line: String, by allowed: String, bringing commit: String? = nil) throws
        -> DeployError?
    {
        let grant = try KeyGrant(allowed, table: .deployctl)
        let invocation = try ArgumentParser().parse(line.split(separator: " ").map(String.init))
        do throws(DeployError) {
            try grant.check(invocation, bringing: commit)
            return nil
        } catch { return error }
    }

    func testAKeyDoesWhatItWasGiven() throws {
        let rows: [(String, String, String?)] = [
            ("staging,status,propose", "staging", "c0ffee"), ("staging,status,propose", "status --json", nil),
            ("staging,status,propose", "plan staging", "c0ffee"),
            ("staging,status,propose", "production", nil),
            ("staging,status,propose", "production --confirm CONFIRM", nil),
            ("staging,status,propose", "plan production", nil),
            ("staging,status,propose", "rollback previous", nil),
            ("staging,status,propose", "rollback previous -e staging", nil),
            ("staging,status,propose", "backup restore production 20261121021530", nil),
            ("staging,secret-list", "secret list staging", "c0ffee"), ("read", "logs production", nil),
            ("read", "gates", nil),
            ("read", "audit verify", nil), ("read", "secret list production", nil),
            ("read", "lock show", nil),
            ("lock-show, exec", "lock show", nil), ("lock-show,exec", "exec staging web -- sh -c id", nil),
            ("status", "help", nil), ("status", "version", nil),
            ("staging,secret-set", "secret set staging A", "c0ffee"),
        ]
        for (allowed, line, commit) in rows {
            XCTAssertNil(try refusal(line, by: allowed, bringing: commit), "\(allowed): \(line)")
        }
    }

    func testAKeyDoesNothingElse() throws {
        let rows: [(String, String, String?)] = [
            ("staging,status,propose", "exec staging web -- id", nil),
            ("staging,status,propose", "db staging", nil),
            ("staging,status,propose", "restart staging", nil),
            ("staging,status,propose", "logs staging", nil),
            ("staging,status,propose", "approve release", nil),
            ("staging,status,propose", "lock release production", nil),
            ("staging,read,propose", "secret set production A", nil),
            ("staging,read,propose", "veto 2026 -m x", nil),
            ("staging,read,propose", "clear 2026 -m x", nil), ("staging,read,propose", "boot install", nil),
            ("staging,read,propose", "init", nil), ("staging,read,propose", "adopt --state", nil),
            ("staging,read,propose", "gate-keeper --allow read", nil),
            ("staging,read,propose", "far-program -- a b", nil),
            ("staging,read,propose", "hooks install", nil),
            ("staging,read,propose", "database prepare staging", nil), ("staging,read,propose", "ack 1", nil),
            ("read", "staging", nil), ("read", "production", nil), ("read", "plan staging", "c0ffee"),
            ("read", "secret list staging", "c0ffee"), ("staging,read", "status", "c0ffee"),
            ("staging,read,propose", "production", "c0ffee"),
            ("propose", "rollback previous -e staging", nil),
            ("propose", "backup restore staging 2026", nil), ("staging", "production", nil),
            ("status", "gates", nil), ("propose", "feature payme on", nil),
            ("propose", "feature payme staging on", nil), ("staging", "feature payme production on", nil),
            ("staging,read,propose", "status -C /srv/other", nil),
            ("staging,read,propose", "-C /x staging", nil),
            ("staging,read,propose", "status --project=/x", nil),
            ("staging,read,propose", "-H other status", nil),
            ("staging,read,propose", "status --host other", nil),
            ("staging,read,propose", "staging --environments /tmp/x", nil),
            ("staging,read,propose", "report --output /home/deploy/.ssh/authorized_keys", nil),
            ("staging,read,propose", "metrics --output .git/hooks/post-commit", nil),
        ]
        for (allowed, line, commit) in rows {
            XCTAssertEqual(
                try refusal(line, by: allowed, bringing: commit)?.code, .notConfirmed, "\(allowed): \(line)")
        }
    }

    func testWhatNoKeyCanBeGivenIsRefused() {
        for allowed in [
            "", ",", "all", "*", "production", "rollback", "backup-restore", "approve", "clear", "veto",
            "init",
            "state-restore", "boot-install", "gate-keeper", "far-run", "far-program", "staging;read", "plan",
            "lock",
        ] {
            expectError(.usage, "--allow is wrong") { () throws(DeployError) in
                _ = try KeyGrant(allowed, table: .deployctl)
            }
        }
    }

    /// A new command is a person's until somebody decides otherwise; what shows nothing must not pass for reading.
    func testEveryCommandHasItsStanding() {
        var found: [AgentRule.Standing: [String]] = [:]
        for verb in CommandTable.deployctl.verbs + CommandTable.deployctl.unlisted {
            found[AgentRule.standing(of: verb), default: []].append(verb.name)
        }
        XCTAssertEqual(found[.proposing]?.count, 4)
        XCTAssertEqual(found[.settingUp]?.count, 2)
        XCTAssertEqual(
            found[.personal]?.sorted(),
            [
                "ack", "adopt", "approve", "boot install", "boot remove", "boot run", "clear",
                "database prepare", "far-ending",
                "far-greet",
                "far-program", "far-run", "gate-keeper", "kit adopt", "kit create", "kit drill",
                "notifications retry", "notifications send",
                "notifications test", "server check", "server prepare", "veto",
            ])
        XCTAssertEqual(found[.changing]?.count, 21)
        for verb in CommandTable.deployctl.verbs where AgentRule.standing(of: verb) == .changing {
            let isOfAnEnvironment =
                verb.name == "staging" || verb.operands.contains { $0.kind == .environment }
            XCTAssertTrue(isOfAnEnvironment, "\(verb.name) names no environment that could be guarded")
        }
    }
}
