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

    func testWhatCouldNotBeAskedBeforeARunSaysThatNothingWasChanged() throws {
        let shop = try Shop()
        func why(_ code: ExitCode, _ words: String) -> String {
            Aftermath.added(
                toRefusal: DeployError(code, what: "It", why: words, next: ""), at: shop.site
            ).why
        }
        XCTAssertEqual(why(.stepFailed, "no answer"), "no answer\nnothing was changed")
        XCTAssertEqual(why(.stepFailed, "no answer; nothing was changed"), "no answer; nothing was changed")
        XCTAssertEqual(why(.needsPerson, "no answer"), "no answer")
    }

    func testLinesThatSayAnEarlierMomentAreNotQuoted() throws {
        let files = MemoryFileStore()
        files.write(
            """
            2026-11-28T13:14:49.639927393Z no licence file
            no moment at all
            2026-11-28T13:14:56.548032711Z listening

            """, to: "/logs/web.log")
        let since = try XCTUnwrap(UTC.date(rfc3339: "2026-11-28T13:14:54Z"))
        XCTAssertEqual(
            LogTail(files: files).quotable(of: "/logs/web.log", since: since),
            ["no moment at all", "2026-11-28T13:14:56.548032711Z listening"])
        XCTAssertEqual(LogTail(files: files).quotable(of: "/logs/web.log").count, 3)
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
