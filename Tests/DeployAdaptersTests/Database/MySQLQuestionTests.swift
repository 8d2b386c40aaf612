import Glibc
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// What a server is asked, without one.
final class MySQLQuestionTests: XCTestCase {
    private func question(_ version: String) throws -> String {
        try MySQLSummary(of: "shop", .live) { sql in
            guard sql.hasPrefix("SELECT 'version'") else { return [["item", "CREATE TABLE item"]] }
            return [
                ["version", version], ["table", "item", "BASE TABLE", "InnoDB"],
                ["column", "item", "id", "int"], ["column", "item", "name", "varchar"],
            ]
        }.question
    }

    func testRowsAreHashedByWhatTheServerHas() throws {
        for version in ["8.0.36", "9.5.0", "10.11.6-MariaDB-log", "12.1.2-MariaDB"] {
            let question = try question(version)
            XCTAssertTrue(question.contains("MD5(CONCAT_WS") && question.contains("MD5(`name`)"), version)
        }
        for version in ["9.6.0", "9.7.4-debug", "10.0.1"] {
            let question = try question(version)
            XCTAssertFalse(question.contains("MD5("), "\(version): \(question)")
            XCTAssertTrue(question.contains("SHA2(`name`, 256)"), "\(version): \(question)")
        }
    }

    func testWhatIsPipedIntoAConsoleNeedsNoTerminalInTheContainer() {
        let isTyped = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        let request = ClientLocation.container("c").place(
            CommandRequest(Command("psql", ["-A"])), terminal: true)
        XCTAssertEqual(
            request.command.vector, ["docker", "exec", isTyped ? "-it" : "-i", "c", "psql", "-A"])
    }
}
