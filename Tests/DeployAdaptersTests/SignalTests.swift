import DeployAdapters
import Foundation
import XCTest

@testable import DeployCore

/// Real signals to this very process.
final class SignalTests: XCTestCase {
    func testTheFirstSignalDecidesTheCode() {
        for (number, code) in [(SIGINT, ExitCode.interrupted), (SIGTERM, .terminated), (SIGHUP, .hungUp)] {
            signal(number, SIG_DFL)
            let watcher = SignalWatcher()
            XCTAssertNil(watcher.requested())
            kill(getpid(), number)
            XCTAssertEqual(watcher.requested(), code)
            kill(getpid(), SIGINT)
            XCTAssertEqual(watcher.requested(), code)
        }
    }

    func testLeavesAHangUpIgnoredThatNohupIgnored() {
        signal(SIGHUP, SIG_IGN)
        defer { signal(SIGHUP, SIG_DFL) }
        let watcher = SignalWatcher()
        kill(getpid(), SIGHUP)
        XCTAssertNil(watcher.requested())
    }

    func testWakesASleeper() {
        let watcher = SignalWatcher()
        let clock = SystemClock(interruption: watcher)
        let began = Date()
        interruptSoon()
        clock.sleep(for: .seconds(30))
        XCTAssertLessThan(Date().timeIntervalSince(began), 15, "half of what it would sleep")
        XCTAssertEqual(watcher.requested(), .interrupted)
    }

    func testSleepsForTheWholeTimeWhenNothingHappens() {
        let clock = SystemClock(interruption: SignalWatcher())
        let began = Date()
        clock.sleep(for: .milliseconds(120))
        XCTAssertGreaterThanOrEqual(Date().timeIntervalSince(began), 0.119)
    }

    func testEndsARunningCommandAndShieldsTheNext() {
        let watcher = SignalWatcher()
        let runner = ProcessCommandRunner(interruption: watcher)
        let began = Date()
        interruptSoon()
        XCTAssertEqual(runner.run(CommandRequest(Command("sleep", ["30"]))).ending, .interrupted)
        XCTAssertLessThan(Date().timeIntervalSince(began), 15, "half of what it would sleep")
        watcher.shield()
        XCTAssertNil(watcher.requested())
        interruptSoon()
        XCTAssertEqual(runner.run(CommandRequest(Command("sleep", ["0.5"]))).ending, .exited(0))
    }

    private func interruptSoon() {
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.1) { kill(getpid(), SIGINT) }
    }
}
