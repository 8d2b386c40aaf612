import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// When the machine goes down, what does not hear is killed after its time, and the machine waits for nobody.
final class LastMomentsTests: XCTestCase {
    private let machine = SimulatedMachine()

    private func running(_ name: String, isDeaf: Bool) -> RunningService {
        let process = machine.processes.add(name, marker: "/\(name)")
        if isDeaf { machine.processes.deafen(process) }
        return RunningService(
            name: name, body: .process(process), address: nil, since: machine.clock.now())
    }

    private func secondsToEnd(_ serving: [(RunningService, Duration)]) -> Double {
        let began = machine.clock.now()
        LastMoments(ports: machine.workspace().ports).end(serving.map { (service: $0.0, limit: $0.1) })
        XCTAssertEqual(machine.processes.running.map(\.program), [])
        return machine.clock.now().timeIntervalSince(began)
    }

    func testWhoHearsIsNotWaitedFor() {
        XCTAssertLessThan(secondsToEnd([(running("web", isDeaf: false), .seconds(20))]), 1)
    }

    func testWhoDoesNotHearIsKilledAfterItsTime() {
        let seconds = secondsToEnd([
            (running("deaf", isDeaf: true), .seconds(5)), (running("web", isDeaf: false), .seconds(20)),
        ])
        XCTAssertEqual(seconds, 5, accuracy: 0.2)
    }

    func testAllHaveTheirTimeTogetherAndHalfAMinuteAtMost() {
        let seconds = secondsToEnd([
            (running("one", isDeaf: true), .seconds(20)), (running("two", isDeaf: true), .seconds(20)),
            (running("three", isDeaf: true), .seconds(600)),
        ])
        XCTAssertEqual(seconds, 30, accuracy: 0.2)
    }

    func testNobodyToEndIsNoWait() {
        XCTAssertEqual(secondsToEnd([]), 0)
    }
}
