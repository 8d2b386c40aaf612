import DeployTestSupport
import Foundation
import XCTest

/// The project's own programs around a run: with what they know, and with what becomes of the run when they fail.
final class HookTests: XCTestCase {
    private func world(_ hooks: String) throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.write(
            ".deployctl/\nbackups/\nlogs/\nsaid\nslow\n", to: ".gitignore")
        try world.write(
            """
            #!/bin/sh
            echo "$DEPLOYCTL_STEP $DEPLOYCTL_COMMAND $DEPLOYCTL_ENVIRONMENT $DEPLOYCTL_DRY_RUN" >> said
            test ! -e slow || { echo $$ > slow; exec sleep 60; }
            exit "$1"
            """, to: "tell")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: "\(world.project)/tell")
        try world.replace(
            "\"drain\"", with: "\"hooks\": \(hooks), \"drain\"", in: "environments/base.json")
        try world.commit("Hook")
        return world
    }

    private func said(_ world: DeployctlFixture) -> [String] {
        ((try? String(contentsOfFile: "\(world.project)/said", encoding: .utf8)) ?? "")
            .split(separator: "\n").map(String.init)
    }

    func testTheyRunInThePlanWithWhatTheyNeedToKnow() throws {
        let world = try world(
            #"{"pre-deploy": [["./tell", "0"]], "pre-cutover": [["./tell", "0"]], "post-deploy": [["./tell", "3"]]}"#
        )
        let plan = try world.run("plan", "staging").expect(0).output
        XCTAssertTrue(plan.contains("Run pre-cutover") && plan.contains("./tell 0"), plan)
        XCTAssertEqual(said(world), [], "a plan runs nothing")
        let run = try world.run("staging").expect(0)
        XCTAssertTrue(run.errors.contains("post-deploy failed"), "what fails afterwards is a warning")
        XCTAssertEqual(
            said(world),
            ["pre-deploy", "pre-cutover", "post-deploy"].map { "\($0) deploy staging false" })
        XCTAssertEqual(try world.version("staging"), "one")
    }

    func testWhatFailsBeforehandEndsTheRunAndTheOldReleaseServes() throws {
        let world = try world(#"{"pre-cutover": [["./tell", "0"]]}"#)
        try world.run("staging").expect(0)
        try world.replace(#""./tell", "0""#, with: #""./tell", "4""#, in: "environments/base.json")
        try world.commit(version: "two")
        let run = try world.run("staging").expect(15).expectExplained()
        XCTAssertTrue(run.errors.contains("pre-cutover failed"), run.errors)
        XCTAssertEqual(try world.version("staging"), "one")
    }

    func testOneThatTakesTooLongIsEnded() throws {
        let world = try world(#"{"pre-deploy": [["sleep", "60"]], "timeout": "1s"}"#)
        let run = try world.run("staging").expect(15).expectExplained()
        XCTAssertTrue(run.errors.contains("deadline"), run.errors)
    }

    func testKilledAtAHookTheNextRunFinishes() throws {
        let world = try world(#"{"pre-cutover": [["./tell", "0"]]}"#)
        try world.write("", to: "slow")
        let run = try world.start([world.binary, "staging"])
        func waiting() -> pid_t? {
            (try? String(contentsOfFile: "\(world.project)/slow", encoding: .utf8))
                .flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        XCTAssertTrue(eventually(within: 30) { waiting() != nil })
        let hook = try XCTUnwrap(waiting())
        kill(run.pid, SIGKILL)
        _ = try? run.wait()
        XCTAssertTrue(eventually(within: 10) { kill(hook, 0) != 0 }, "it ends with its run")
        try FileManager.default.removeItem(atPath: "\(world.project)/slow")
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.version("staging"), "one")
        XCTAssertGreaterThanOrEqual(said(world).count, 2, "it ran again")
    }
}
