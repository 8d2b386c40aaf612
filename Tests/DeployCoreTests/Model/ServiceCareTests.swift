import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// When a service that ended is started again, and when that is a loop.
final class ServiceCareTests: XCTestCase {
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)

    func testTheFirstEndCostsNoTime() {
        var care = ServiceCare()
        care.ended("by signal 9", since: noon - 3600, at: noon)
        XCTAssertEqual(care.next, noon)
        XCTAssertFalse(care.isLooping(at: noon))
    }

    /// A program that ends at once, each time it is started.
    private func instantEnds(_ count: Int) -> (care: ServiceCare, pauses: [Double]) {
        var (care, pauses, now) = (ServiceCare(), [Double](), noon)
        for _ in 0..<count {
            care.ended("with exit status 1", since: now, at: now)
            let next = care.next ?? now
            pauses.append(next.timeIntervalSince(now))
            care.started()
            now = next
        }
        return (care, pauses)
    }

    func testWhatEndsAtOnceIsTriedLessAndLessOften() {
        let pauses = instantEnds(12).pauses
        XCTAssertEqual(Array(pauses.prefix(4).map { ($0 * 10).rounded() / 10 }), [0.1, 0.2, 0.4, 0.8])
        XCTAssertEqual(pauses.suffix(2).map { $0.rounded() }, [30, 30])
        XCTAssertEqual(pauses, pauses.sorted())
    }

    func testFourEndsInARowAreALoopWithinThirtySeconds() throws {
        let (care, pauses) = instantEnds(4)
        XCTAssertLessThan(pauses.reduce(0, +), 30)
        let last = try XCTUnwrap(care.lastEnd)
        XCTAssertTrue(care.isLooping(at: last))
        XCTAssertFalse(instantEnds(3).care.isLooping(at: last))
    }

    func testALoopIsOverOnceALifeLasts() throws {
        let care = instantEnds(6).care
        let last = try XCTUnwrap(care.lastEnd)
        XCTAssertTrue(care.isLooping(at: last + 5))
        XCTAssertFalse(care.isLooping(at: last + 11))
    }

    func testALoopThatWaitsIsStillOne() throws {
        var care = instantEnds(20).care
        let last = try XCTUnwrap(care.lastEnd)
        care.ended(nil, since: last + 30, at: last + 30)
        XCTAssertTrue(care.isLooping(at: last + 59))
    }

    func testAClockThatIsSetBackPutsTheNextStartOffNoFurther() throws {
        var care = instantEnds(9).care
        let last = try XCTUnwrap(care.lastEnd)
        care.ended("by signal 9", since: last, at: last)
        XCTAssertFalse(care.isDue(at: last))
        XCTAssertTrue(care.isDue(at: last - 400 * 86_400))
        XCTAssertTrue(ServiceCare().isDue(at: noon))
    }

    func testALoopSaysSinceWhen() {
        let (care, pauses) = instantEnds(6)
        let now = noon + pauses.reduce(0, +)
        let said = care.loopSentence(at: now)
        XCTAssertTrue(said.hasPrefix("ends again and again since \(UTC.rfc3339(noon)): ended 6 times"), said)
        var later = care
        later.ended(nil, since: now, at: now + 3600)
        XCTAssertTrue(
            later.loopSentence(at: now).contains("since \(UTC.rfc3339(now + 3600)): "), "another trouble")
    }

    func testWhatLivedAWhileWaitsASecondAtMost() {
        var (care, now) = (ServiceCare(), noon)
        for _ in 0..<50 {
            care.ended("by signal 9", since: now - 2, at: now)
            XCTAssertLessThanOrEqual(care.next?.timeIntervalSince(now) ?? 99, 1)
            care.started()
            now += 2
        }
    }

    func testEndsThatAreFarApartAreNoLoop() {
        var (care, now) = (ServiceCare(), noon)
        for _ in 0..<9 {
            care.ended("by signal 9", since: now - 600, at: now)
            XCTAssertEqual(care.next, now)
            XCTAssertFalse(care.isLooping(at: now))
            now += 600
        }
    }

    func testAMachineThatRestartsIsNobodysFault() {
        var care = ServiceCare()
        for hour in 0..<9 {
            let now = noon + Double(hour)
            care.endedWithTheMachine(at: now)
            XCTAssertEqual(care.next, now)
            care.started()
            XCTAssertFalse(care.isLooping(at: now))
        }
        XCTAssertEqual(care.ends, 0)
        XCTAssertEqual(care.sentence(at: noon), "")
    }

    func testWhatEndedBeforeTheMachineDidCountsForNoLoopAfterIt() {
        var (care, now) = (ServiceCare(), noon)
        for _ in 0..<3 {
            care.ended("by signal 9", since: now - 60, at: now)
            care.started()
            now += 1
        }
        care.endedWithTheMachine(at: now)
        care.started()
        care.ended("by signal 9", since: now, at: now + 1)
        XCTAssertFalse(care.isLooping(at: now + 1))
        XCTAssertEqual(care.ends, 4)
    }

    func testWhatCannotBeStartedIsSaid() {
        var care = ServiceCare()
        care.ended(nil, since: noon - 60, at: noon)
        care.refused("no such program", at: noon)
        XCTAssertEqual(
            care.sentence(at: noon),
            "ended once, just now, cannot be started: no such program, tried again in 1 s")
        care.started()
        XCTAssertEqual(care.sentence(at: noon), "ended once, just now")
    }
}
