import DeployTestSupport
import Foundation
import XCTest

/// T19 and T01 on a real engine: what hands and kills leave behind is said and settled.
final class ComposeDriftTests: ComposeTestCase {
    func testEachHandEditIsReportedAndRepaired_T19() throws {
        try world.run("staging").expect(0)
        let name = world.name
        let edits: [(said: String, edit: (ComposeWorld) throws -> Void)] = [
            (
                "the container of service web is exited",
                { try $0.docker(["stop", "-t", "1", $0.container("web")]) }
            ),
            ("the container of service web is gone", { try $0.docker(["rm", "-f", $0.container("web")]) }),
            (
                "the container of service keeper is exited",
                { try $0.docker(["stop", "-t", "1", $0.container("keeper")]) }
            ),
            (
                "data service keeper has no container",
                { try $0.docker(["rm", "-f", $0.container("keeper")]) }
            ),
        ]
        for (said, edit) in edits {
            try edit(world)
            let status = try world.run("status", "staging").expect(19).output
            XCTAssertTrue(status.contains(said), "\(said):\n\(status)")
            try world.run("start", "staging").expect(0)
            XCTAssertTrue(try world.status().contains("healthy"), said)
            XCTAssertEqual(try world.version(), "one", said)
            XCTAssertEqual(try world.containers().count, 2, said)
        }
        XCTAssertNoThrow(try world.docker(["volume", "inspect", "\(name)_kept"]))
    }

    func testAReleaseWhoseImageIsGoneIsNoWayBack() throws {
        try world.run("staging").expect(0)
        let first = try XCTUnwrap(world.run("status", "staging").output.firstMatch(of: /\d{14}/)).0
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        XCTAssertTrue(try world.status().contains("back to"), "the image is there")
        try world.docker(["image", "rm", "--force", "\(world.name)-web:\(first)"])
        let status = try world.run("status", "staging", "--json").expect(0).output
        XCTAssertTrue(status.contains("release \(first) cannot run: image sha256:"), status)
        let refused = try world.run("rollback", "previous", "-e", "staging", "--confirm", "CONFIRM").expect(
            12)
        XCTAssertTrue(refused.errors.contains("is gone from the engine; nothing was changed"), refused.errors)
        let list = try world.run("rollback", "-e", "staging").expect(0).output
        XCTAssertTrue(list.contains("No earlier release can be gone back to."), list)
        XCTAssertEqual(try world.version(), "two")
    }

    func testASetOfAnotherDeploymentIsReported_T19() throws {
        try world.run("staging").expect(0)
        let image = try world.docker(["inspect", "--format", "{{.Image}}", world.container("web")])
        let labels = [
            "project=\(world.name)", "environment=staging", "service=web", "role=app",
            "colour=20200101000000",
        ]
        let stray = try world.docker(
            ["run", "-d", "--entrypoint", "sleep"] + labels.flatMap { ["--label", "deployctl.\($0)"] }
                + [image, "1000"])
        let status = try world.run("status", "staging").expect(19).output
        XCTAssertTrue(status.contains("service web of deployment 20200101000000 still runs"), status)
        try world.docker(["rm", "-f", stray])
        try world.run("status", "staging").expect(0)
    }

    func testAKillWhileContainersStartIsSettledByTheNextRun_T01() throws {
        try world.run("staging").expect(0)
        let first = try world.container("web")
        try world.commit(version: "two")
        let marks = ["build/compose.json", "compose.json", "instance.json"]
        for mark in marks {
            try killed(when: mark)
            XCTAssertEqual(try world.version(), "one", "killed at \(mark): the old release serves")
        }
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.version(), "two")
        XCTAssertEqual(try world.containers().count, 2, "nothing is left of the killed runs")
        XCTAssertFalse(try world.containers().contains(first))
        XCTAssertTrue(try world.status().contains("healthy"))
    }

    /// Starts a deployment and kills it when a new file of this name appears.
    private func killed(when mark: String) throws {
        let state = "\(world.project)/.deployctl/staging"
        let before = Set(files(below: state, named: mark))
        let run = try world.start([world.binary, "staging"])
        let appeared = eventually(within: 60) {
            run.ended() != nil || !before.isSuperset(of: self.files(below: state, named: mark))
        }
        XCTAssertTrue(appeared && run.ended() == nil, "\(mark) appears while it runs")
        kill(run.pid, SIGKILL)
        try run.wait(upTo: 10).expect(-SIGKILL)
    }

    /// With the moment of their last change, so that a file written anew counts as new.
    private func files(below folder: String, named mark: String) -> [String] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix("/\(mark)") || $0 == mark }.map { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return "\(name) \(attributes?[.modificationDate] ?? "")"
        }
    }
}
