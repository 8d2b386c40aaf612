import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class FileLockTests: XCTestCase {
    private let files = LocalFileStore()
    private let processes = LinuxProcessTable()

    func testAnotherProcessExcludesUsUntilItIsKilled() throws {
        let folder = try makeTestFolder()
        let script = """
            import fcntl, os, time
            held = open("lock", "a"); fcntl.flock(held, fcntl.LOCK_EX); open("holds", "w").close(); time.sleep(60)
            """
        let holder = try processes.start(
            ServiceLaunch(
                command: Command("python3", ["-c", script]), directory: folder, environment: [:],
                log: "\(folder)/log"))
        XCTAssertTrue(eventually { files.kind(of: "\(folder)/holds") != nil })
        XCTAssertNil(try files.lock("\(folder)/lock"))
        processes.signal(holder, .kill)
        XCTAssertTrue(eventually { (try? files.lock("\(folder)/lock")) != nil })
    }

    func testWeExcludeAnotherProcess() throws {
        let folder = try makeTestFolder()
        let runner = ProcessCommandRunner(interruption: FakeInterruption())
        let attempt = CommandRequest(Command("flock", ["--nonblock", "\(folder)/lock", "true"]))
        var held = try files.lock("\(folder)/lock")
        XCTAssertNotNil(held)
        XCTAssertEqual(runner.run(attempt).ending, .exited(1))
        held = nil
        XCTAssertEqual(runner.run(attempt).ending, .exited(0))
    }

    func testNoChildKeepsTheLockAlive() throws {
        let folder = try makeTestFolder()
        var held = try files.lock("\(folder)/lock")
        XCTAssertNotNil(held)
        let service = try processes.start(
            ServiceLaunch(
                command: Command("sleep", ["60"]), directory: folder, environment: [:], log: "\(folder)/log"))
        held = nil
        XCTAssertNotNil(try files.lock("\(folder)/lock"))
        XCTAssertTrue(processes.isRunning(service))
        processes.signal(service, .kill)
    }

    func testAPipeIsNoLock() throws {
        let folder = try makeTestFolder()
        XCTAssertEqual(mkfifo("\(folder)/lock", 0o600), 0)
        expectError(.unexpected, "a pipe") { _ = try files.lock("\(folder)/lock") }
    }
}
