import DeployTestSupport
import Foundation
import XCTest

/// What staging proved is what production gets, whatever is tried in between.
final class ArtefactTrustTests: XCTestCase {
    private func staged(_ world: DeployctlFixture) throws -> String {
        "\(world.project)/.deployctl/staging/releases/\(try world.stagedRelease())"
    }

    func testAChangedByteAnEditedManifestAndARebuildAreRefused() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        try world.pass("an untouched release")
        let folder = try staged(world)
        let file = "\(folder)/app/version"
        try "onf".write(toFile: file, atomically: false, encoding: .utf8)
        try world.refuses("staged", "app/version")
        try "one".write(toFile: file, atomically: false, encoding: .utf8)
        try world.pass("the byte is back")
        let manifest = try String(contentsOfFile: "\(folder).manifest", encoding: .utf8)
        try "onf".write(toFile: file, atomically: false, encoding: .utf8)
        let edited = manifest.replacingOccurrences(
            of: try digest(of: "one", world), with: try digest(of: "onf", world))
        XCTAssertNotEqual(edited, manifest)
        try edited.write(toFile: "\(folder).manifest", atomically: false, encoding: .utf8)
        let refusal = try world.refuses("staged", "digest")
        XCTAssertTrue(refusal.measured.contains("built was"), refusal.measured)
        XCTAssertEqual(world.get("/version", from: "production").status, 0, "nothing was deployed")
    }

    func testAnotherReleaseANewCommitAndAStaleApprovalAreRefused() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask(#""approvals": 1"#)
        let old = try world.stagedRelease()
        try world.run("approve", "release").expect(0)
        try world.pass("approved")
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        try world.refuses("approvals", "0 of 1")
        let run = try world.run("production", "--release", old, "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(run.errors.contains("staged: staging runs"), run.errors)
        XCTAssertTrue(run.errors.contains("asked is \(old)"), "both digests are named")
    }

    func testAChangedDefinitionAndAnUnwellStagingVoidThePass() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        try world.pass("as deployed")
        try world.replace("\"drain\": \"2s\"", with: "\"drain\": \"3s\"", in: "environments/base.json")
        try world.git("commit", "--quiet", "--all", "--message", "Drain")
        try world.refuses("staged", "definition changed after the deployment: drain")
        try world.run("staging").expect(0)
        try world.pass("deployed under the new definition")
        try world.run("stop", "staging").expect(0)
        try world.refuses("health", "nothing runs")
    }

    func testARollbackVetoesTheReleaseItLeft() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        try world.promote()
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        try world.promote()
        let left = try world.stagedRelease()
        try world.run("rollback", "previous", "--environment", "production", "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try world.version("production"), "one")
        try world.refuses("veto", "production was rolled back from it")
        try world.run("clear", left, "-m", "fixed the proxy").expect(0)
        try world.promote()
        XCTAssertEqual(try world.version("production"), "two")
    }

    private func digest(of text: String, _ world: DeployctlFixture) throws -> String {
        try world.write(text, to: "logs/sample")
        let output = try world.runProgram(["sha256sum", "logs/sample"]).expect(0).output
        return String(output.prefix(64))
    }
}
