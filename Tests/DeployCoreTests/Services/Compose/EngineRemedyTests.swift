import XCTest

@testable import DeployCore

final class EngineRemedyTests: XCTestCase {
    func testAFullDiskOfTheEngineIsSaid() {
        let full = CommandResult(
            .exited(1),
            errors: "Error response from daemon: write /var/lib/docker/x: no space left on device\n")
        XCTAssertTrue(full.engineRemedy.hasPrefix("make room on the engine's disk"), full.engineRemedy)
        let other = CommandResult(.exited(1), errors: "no such image")
        XCTAssertEqual(other.engineRemedy, "fix the cause, then run the same command again")
    }
}
