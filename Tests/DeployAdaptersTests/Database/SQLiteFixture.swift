import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A folder with databases that another program (python's sqlite3) writes.
class SQLiteFixture: XCTestCase {
    let database = SQLiteApplicationDatabase(
        commands: ProcessCommandRunner(interruption: FakeInterruption()), packingDeadline: .seconds(5))
    private(set) var folder = ""
    var live: DatabaseLocation { location("live.db") }

    override func setUpWithError() throws { folder = try makeTestFolder() }

    func location(_ name: String) -> DatabaseLocation { DatabaseLocation("\(folder)/\(name)") }

    func start(_ script: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        try process.run()
        return process
    }

    /// Opens the live database as an application, does `script` with `db`, says so and stays; ended at the end of the test.
    func application(_ script: String) throws {
        let (path, ready) = (live.name, "\(live.name).ready")
        let process = try start(
            """
            import sqlite3, sys, time
            db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0.2)
            \(script)
            open(sys.argv[1] + ".ready", "w").close()
            time.sleep(60)
            """, [path])
        addTeardownBlock {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        XCTAssertTrue(eventually { FileManager.default.fileExists(atPath: ready) })
        try FileManager.default.removeItem(atPath: ready)
    }

    /// Runs SQL on a database as the application would.
    func write(_ sql: String, to location: DatabaseLocation) throws {
        let process = try start(
            "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); db.executescript(sys.argv[2])",
            [location.name, sql])
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0, sql)
    }
}
