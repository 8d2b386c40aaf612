import DeployTestSupport
import XCTest

@testable import DeployCore

/// After a failure a person reads what users have now, and where it is written down.
final class AftermathTests: XCTestCase {
    func testAFailureSaysWhatServesOnAndWhereTheLogIs() throws {
        let shop = try Shop { $0.migrations = nil }
        let draft = try shop.promotion(of: 30)
        shop.machine.processes.breakProgram(shop.environment.appServices[0].command[0])
        let left = try XCTUnwrap(try shop.failure(draft, named: 200)?.aftermath)
        XCTAssertEqual(left.serving, "release \(Sample.timestamp(20)), unchanged")
        XCTAssertEqual(left.log, shop.layout.runLog(Sample.timestamp(200)))
    }

    func testOnlyLinesOfTheNewReleaseAreQuoted() throws {
        let files = MemoryFileStore()
        files.write("old one\nold two\nnew one\n", to: "/logs/web.log")
        let tail = LogTail(files: files)
        XCTAssertEqual(tail.last(10, of: "/logs/web.log", from: 16), ["new one"])
        XCTAssertEqual(tail.last(10, of: "/logs/web.log").count, 3)
        XCTAssertEqual(tail.last(10, of: "/logs/web.log", from: 999).count, 3, "it was rotated")
    }
}
