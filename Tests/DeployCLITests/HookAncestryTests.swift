import XCTest

@testable import DeployCLI

final class HookAncestryTests: XCTestCase {
    func testAHookIsKnownByTheProcessesAboveIt() {
        let hooks: [[[String]]] = [
            [["/bin/sh", ".git/hooks/post-commit"], ["git", "commit", "-m", "x"], ["bash"]],
            [["sh", "-c", "run"], ["/bin/sh", "/srv/app.git/hooks/post-receive"], ["sshd"]],
            [["python3", "deploy.py"], ["git-receive-pack", "/srv/app.git"]],
            [["/usr/lib/git-core/git", "receive-pack", "/srv/app.git"]],
            [["bash", "hooks/update", "refs/heads/main"]],
        ]
        for ancestors in hooks { XCTAssertTrue(HookAncestry.isHook(ancestors), "\(ancestors)") }
    }

    func testAPersonACIRunnerOrAGitShellIsNoHook() {
        let others: [[[String]]] = [
            [], [["-bash"], ["sshd: deploy@pts/0"]], [["node", "runner.js"], ["/sbin/init"]],
            [["git-shell", "-c", "deploy"]], [["vim", "hooks/post-commit.md"]], [["apt", "update"]],
            [["sh", "/srv/hooks/nightly"]], [["/opt/gitlab-runner", "run"]], [[]],
        ]
        for ancestors in others { XCTAssertFalse(HookAncestry.isHook(ancestors), "\(ancestors)") }
    }
}
