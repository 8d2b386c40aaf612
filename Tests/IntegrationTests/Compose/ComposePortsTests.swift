import DeployTestSupport
import Foundation
import XCTest

/// A port that somebody else holds is found before anything is built, migrated or started.
final class ComposePortsTests: ComposeTestCase {
    func testAFrontPortThatAProgramHoldsIsFoundBeforeAnythingChanges() throws {
        let holder = try PortHolder(port: world.port)
        let refused = try world.run("staging").expect(12).expectExplained()
        withExtendedLifetime(holder) {}
        XCTAssertTrue(refused.errors.contains("port \(world.port) is held by process"), refused.errors)
        XCTAssertEqual(try world.containers(), [], "nothing was started")
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(world.project)/.deployctl/staging/releases"))
    }

    func testADataPortThatAContainerHoldsIsFoundBeforeAnythingChanges() throws {
        let other = "\(world.name)-other"
        try world.docker([
            "run", "-d", "--name", other, "--label", "deployctl.project=\(world.name)",
            "-p", "127.0.0.1:\(world.dataPort):7000", "busybox", "sleep", "1000",
        ])
        let refused = try world.run("staging").expect(12).expectExplained()
        XCTAssertTrue(
            refused.errors.contains("port \(world.dataPort) is held by container"), refused.errors)
        XCTAssertEqual(try world.containers("environment=staging"), [], "nothing was started")
        try world.docker(["rm", "-f", "-v", other])
        try world.run("staging").expect(0)
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.version(), "two", "its own ports are nobody else's")
    }
}
