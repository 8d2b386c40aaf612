import XCTest

@testable import DeployCore

final class ProofObstacleTests: XCTestCase {
    private func obstacle(_ why: String) -> String? {
        ProofObstacle(DeployError(.backupFailed, what: "Database a cannot be restored", why: why, next: ""))?
            .words
    }

    func testWhatTheMachineOrTheServerLacksIsToldFromWhatIsInTheDatabase() {
        XCTAssertEqual(
            obstacle("ERROR:  could not extend file \"base/5/1259\": No space left on device"),
            "for want of room")
        XCTAssertEqual(obstacle("was not started: zstd is not installed"), "because a program is missing")
        XCTAssertEqual(obstacle("was ended by signal 9"), "because something was ended")
        XCTAssertEqual(
            obstacle("ERROR 2013 (HY000): Lost connection to server during query"),
            "because the server could not be used")
        for own in [
            "ERROR:  function total() does not exist",
            "restored, it is not what was taken: table a has other content",
            "ERROR:  invalid input\nCONTEXT:  COPY note, line 3: \"Lost connection, out of memory\"",
            "ERROR 1227 (42000): Access denied; you need (at least one of) the SUPER privilege(s)",
        ] {
            XCTAssertNil(obstacle(own), own)
        }
    }
}
