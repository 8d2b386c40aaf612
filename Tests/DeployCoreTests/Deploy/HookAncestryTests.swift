import XCTest

@testable import DeployCore

final class HookAncestryTests: XCTestCase {
    /// deployctl below processes with these arguments, the nearest first.
    private func lineage(_ above: [[String]], program: String? = nil) -> [Relative] {
        ([["deployctl", "production"]] + above).enumerated().map { index, arguments in
            let name = arguments.first?.split(separator: "/").last.map(String.init) ?? ""
            return Relative(
                pid: Int32(100 - index), parent: Int32(99 - index), session: 50,
                program: index == 1 ? program ?? name : name, arguments: arguments)
        }
    }

    func testAHookIsKnownByTheProcessesAboveIt() {
        let hooks: [[[String]]] = [
            [["/bin/sh", ".git/hooks/post-commit"], ["git", "commit", "-m", "x"], ["bash"]],
            [["sh", "-c", "run"], ["/bin/sh", "/srv/app.git/hooks/post-receive"], ["sshd"]],
            [["python3", "deploy.py"], ["git-receive-pack", "/srv/app.git"]],
            [["/usr/lib/git-core/git", "receive-pack", "/srv/app.git"]],
            [["bash", "hooks/update", "refs/heads/main"]],
        ]
        for above in hooks { XCTAssertTrue(HookAncestry.isHook(lineage(above)), "\(above)") }
        XCTAssertTrue(HookAncestry.isHook(lineage([["innocent"]], program: "git")), "by the file that runs")
    }

    func testAPersonACIRunnerOrAGitShellIsNoHook() {
        let others: [[[String]]] = [
            [], [["-bash"], ["sshd: deploy@pts/0"]], [["node", "runner.js"], ["/sbin/init"]],
            [["git-shell", "-c", "deploy"]], [["vim", "hooks/post-commit.md"]], [["apt", "update"]],
            [["sh", "/srv/hooks/nightly"]], [["/opt/gitlab-runner", "run"]], [[]],
        ]
        for above in others { XCTAssertFalse(HookAncestry.isHook(lineage(above)), "\(above)") }
    }

    func testAServiceAndWhatItStartedAreKnownByTheirMarker() {
        let person = lineage([["-bash"]])
        var service = lineage([["sh", "-c", "run"], ["shopserver"]])
        service[2].servesInstance = true
        for variables in [[:], ["CI": "1"], ["GIT_DIR": ".git"], ["DEPLOYCTL_TRIGGER": "terminal"]] {
            XCTAssertEqual(TriggerFinder.trigger(variables, lineage: service, canAsk: true), .service)
        }
        let own = ["DEPLOYCTL_INSTANCE": "/srv/shop/.deployctl/staging/run/1"]
        XCTAssertEqual(TriggerFinder.trigger(own, lineage: person, canAsk: true), .service)
    }

    func testNoVariableMakesAHookAPerson() {
        let hook = lineage([["git", "commit"]])
        let person = lineage([["-bash"]])
        for variables in [[:], ["CI": "1"], ["DEPLOYCTL_TRIGGER": "ci"], ["DEPLOYCTL_TRIGGER": "terminal"]] {
            XCTAssertEqual(TriggerFinder.trigger(variables, lineage: hook, canAsk: true), .hook)
        }
        for variables in [["GIT_DIR": ".git"], ["GIT_INDEX_FILE": "x"], ["DEPLOYCTL_TRIGGER": "hook"]] {
            XCTAssertEqual(TriggerFinder.trigger(variables, lineage: person, canAsk: true), .hook)
        }
        XCTAssertEqual(TriggerFinder.trigger(["CI": "1"], lineage: [], canAsk: true), .detached)
    }

    /// What runs a request of another machine says what set it off there.
    func testWhatNobodyStandsBehindMayBeToldAndNothingBetter() {
        let person = lineage([["-bash"]])
        for told in [Trigger.hook, .service, .detached, .agent] {
            let variables = ["DEPLOYCTL_TRIGGER": told.rawValue, "CI": "1"]
            XCTAssertEqual(TriggerFinder.trigger(variables, lineage: person, canAsk: true), told)
        }
        let variables = ["DEPLOYCTL_TRIGGER": "detached"]
        XCTAssertEqual(
            TriggerFinder.trigger(variables, lineage: lineage([["git", "commit"]]), canAsk: true), .hook)
    }
}
