import DeployTestSupport
import Foundation
import XCTest

/// Staging follows git; production follows nobody but a person.
final class TriggerTests: XCTestCase {
    func testACommitDeploysStagingByItselfAndDoesNotWait() throws {
        let world = try DeployctlFixture(for: self)
        let go = try world.waitInBuilds()
        try world.run("staging").expect(0)
        try world.run("hooks", "install").expect(0)
        try world.run("hooks", "install").expect(0, "twice is fine")
        try FileManager.default.removeItem(atPath: go)
        try world.commit(version: "two")
        let seen = eventually(within: 30) {
            world.names(in: "logs/staging/deployctl").contains { $0.hasPrefix("detached-") }
        }
        XCTAssertTrue(seen, "a run began, and the commit did not wait for its end")
        try Data().write(to: URL(fileURLWithPath: go))
        XCTAssertTrue(eventually(within: 60) { (try? world.version("staging")) == "two" })
        XCTAssertTrue(
            eventually(within: 30) {
                (try? world.run("lock", "show", "staging").output.contains("free")) ?? false
            })
        let history = try world.run("history", "staging", "--json").expect(0).output
        XCTAssertTrue(history.contains("\"trigger\":\"hook\""), history)
    }

    func testAForeignHookIsNeverOverwritten() throws {
        let world = try DeployctlFixture(for: self)
        let hook = "\(world.project)/.git/hooks/post-commit"
        try "#!/bin/sh\necho mine\n".write(toFile: hook, atomically: true, encoding: .utf8)
        let run = try world.run("hooks", "install").expect(15)
        XCTAssertTrue(run.errors.contains("staging --detach"), "the line to add is shown")
        XCTAssertEqual(try String(contentsOfFile: hook, encoding: .utf8), "#!/bin/sh\necho mine\n")
        for kind in ["github", "gitlab"] {
            let text = try world.run("hooks", "install", "--ci", kind).expect(0).output
            XCTAssertTrue(text.contains("deployctl staging") && text.contains("--confirm \"$WORD\""), text)
        }
        try world.run("hooks", "install", "--server").expect(2, "nobody pushes to a working tree")
    }

    func testAPushToABareRepositoryDeploysStaging() throws {
        let world = try DeployctlFixture(for: self)
        let bare = "\(world.folder)/far.git"
        try world.git("clone", "--quiet", "--bare", world.project, bare)
        try world.replace(
            "\"project\": \"shop\",",
            with: "\"project\": \"shop\", \"source\": {\"repository\": \"\(bare)\"},",
            in: "environments/base.json")
        try world.run("hooks", "install", "--server").expect(0)
        try world.git("remote", "add", "origin", bare)
        try world.commit(version: "pushed")
        try world.git("push", "--quiet", "origin", "main")
        XCTAssertTrue(eventually(within: 60) { (try? world.version("staging")) == "pushed" })
        XCTAssertTrue(
            eventually(within: 30) {
                (try? world.run("lock", "show", "staging").output.contains("free")) ?? false
            })
        try world.run("gates").expect(0, "a bare repository has nothing uncommitted")
    }

    /// Whatever a hook passes, sets or unsets.
    func testAHookNeverReachesProduction() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        let calls = [
            "\(world.binary) production --confirm CONFIRM",
            "DEPLOYCTL_TRIGGER=terminal CI=1 \(world.binary) production --confirm CONFIRM --reason x",
            "env -i PATH=\"$PATH\" HOME=\"$HOME\" \(world.binary) -C \(world.project) production --confirm CONFIRM",
            "unset GIT_DIR GIT_INDEX_FILE; (cd / && \(world.binary) -C \(world.project) production --confirm CONFIRM)",
            "env -i PATH=\"$PATH\" setsid -w \(world.binary) -C \(world.project) production --confirm CONFIRM",
            "python3 -c 'import subprocess, sys; sys.exit(subprocess.call([\"env\", \"-i\", \"PATH=/usr/bin:/bin:/usr/sbin\", \"\(world.binary)\", \"-C\", \"\(world.project)\", \"production\", \"--confirm\", \"CONFIRM\"]))'",
        ]
        for (number, call) in calls.enumerated() {
            let result = "\(world.folder)/hook\(number)"
            let hook = "\(world.project)/.git/hooks/post-commit"
            try "#!/bin/sh\n\(call) > \(result).log 2>&1; echo $? > \(result)\n".write(
                toFile: hook, atomically: true, encoding: .utf8)
            chmod(hook, 0o755)
            try world.git("commit", "--quiet", "--allow-empty", "--message", "Hook \(number)")
            let code = try String(contentsOfFile: result, encoding: .utf8).trimmingCharacters(in: .newlines)
            let said = try String(contentsOfFile: "\(result).log", encoding: .utf8)
            XCTAssertEqual(code, "13", said)
        }
        XCTAssertEqual(world.get("/version", from: "production").status, 0)
    }

    func testPoliciesAreOneKey() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "{\"from\": \"staging\"}", with: "{\"from\": \"staging\", \"trigger\": \"automatic\"}",
            in: "environments/production.json")
        try world.run("staging").expect(10, "the risk has to be accepted")
        try world.replace(
            "\"automatic\"", with: "\"automatic\", \"acceptRisk\": true", in: "environments/production.json")
        try world.commit("Automatic")
        let run = try world.run("staging", "--idempotency-key", "build 7").expect(0)
        XCTAssertTrue(run.errors.contains("promoted automatically"), run.errors)
        XCTAssertEqual(try world.version("production"), "one")
        XCTAssertTrue(try world.run("status").output.contains("AUTOMATIC"), "status marks it")

        try world.replace(
            "{\"from\": \"staging\", \"trigger\": \"automatic\", \"acceptRisk\": true}",
            with: "{\"from\": null}",
            in: "environments/production.json")
        try world.commit(version: "direct")
        try world.run("production").expect(13, "a person is asked all the same")
        let direct = try world.run("production", "--confirm", "CONFIRM").expect(0)
        XCTAssertTrue(direct.errors.contains("nothing proved this release"), direct.errors)
        XCTAssertEqual(try world.version("production"), "direct")
    }
}
