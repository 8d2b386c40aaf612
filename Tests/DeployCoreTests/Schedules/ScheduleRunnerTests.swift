import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What is due runs once, and what became of it stays on record.
final class ScheduleRunnerTests: XCTestCase {
    private let machine = SimulatedMachine()
    private var told: [String] = []

    private var site: Site {
        var environment = Environment(name: "production", project: "shop")
        environment.schedules = [
            .init(
                name: "nightly", when: .cron("0 3 * * *"), timezone: "UTC",
                words: ["backup", "create", "production"]),
            .init(
                name: "clear", when: .every(.seconds(3600)), timezone: "UTC",
                words: ["exec", "production", "web", "--", "./clear", "--all"]),
        ]
        return machine.workspace().site(environment)
    }

    private func runner() -> ScheduleRunner {
        ScheduleRunner(
            machine.workspace(), environment: "production", program: "/usr/bin/deployctl",
            definitions: "/srv/shop/environments")
    }

    private func look(_ runner: ScheduleRunner) throws {
        machine.clock.move(by: .seconds(2))
        try runner.look(at: site) { self.told.append($0.sentence) }
    }

    private var begun: [String] { machine.begunPrograms.map { "\($0.command)" } }

    private func endAll() {
        for entry in machine.processes.running { machine.processes.signal(entry.identity, .kill) }
    }

    func testEachRunsWhenItIsDueAndNeverTwiceAtOnce() throws {
        let runner = runner()
        try look(runner)
        XCTAssertEqual(begun, [], "what was never looked after has missed nothing")
        machine.clock.move(by: .seconds(3600))
        try look(runner)
        let clear =
            "/usr/bin/deployctl -C /srv/shop --environments /srv/shop/environments exec production web --lock-wait=3600 -- ./clear --all"
        XCTAssertEqual(begun, [clear])
        machine.clock.move(by: .seconds(7200))
        try look(runner)
        XCTAssertEqual(begun, [clear], "it still runs")
        endAll()
        try look(runner)
        try look(runner)
        XCTAssertEqual(begun, [clear, clear], "what was missed meanwhile runs once")
        machine.clock.move(by: .seconds(86_400))
        try look(runner)
        XCTAssertTrue(
            begun.contains(
                "/usr/bin/deployctl -C /srv/shop --environments /srv/shop/environments backup create production --lock-wait=3600"
            ))
    }

    func testAnotherKeeperGoesOnWhereAKilledOneStopped() throws {
        try look(runner())
        machine.clock.move(by: .seconds(3600))
        try look(runner())
        XCTAssertEqual(begun.count, 1)
        endAll()
        try look(runner())
        let last = try XCTUnwrap(
            machine.state.lastScheduleRuns(of: "production").first { $0.schedule == "clear" })
        XCTAssertNotNil(last.ended)
        XCTAssertNil(last.status, "nobody saw how it ended")
        XCTAssertFalse(last.hasFailed)
        XCTAssertEqual(begun.count, 1, "and it is not run again for that")
    }

    func testWhatCannotBeStartedHasFailed() throws {
        let runner = runner()
        try look(runner)
        machine.processes.breakProgram("/usr/bin/deployctl")
        machine.clock.move(by: .seconds(3600))
        try look(runner)
        let last = try XCTUnwrap(
            machine.state.lastScheduleRuns(of: "production").first { $0.schedule == "clear" })
        XCTAssertTrue(last.hasFailed)
        let log = try XCTUnwrap(machine.files.read(last.log))
        XCTAssertTrue(String(decoding: log, as: UTF8.self).contains("cannot be started"))
    }

    func testKilledAtAnyWriteNothingRunsTwiceForOneTime() throws {
        try look(runner())
        machine.clock.move(by: .seconds(3600))
        for changes in 0..<6 {
            let life = Life(changes: changes)
            let dying = ScheduleRunner(
                machine.workspace(life), environment: "production", program: "/usr/bin/deployctl",
                definitions: "/srv/shop/environments")
            machine.clock.move(by: .seconds(2))
            try? dying.look(at: machine.workspace(life).site(site.environment)) { _ in }
        }
        try look(runner())
        XCTAssertLessThanOrEqual(begun.count, 1, "what may have begun is not begun again")
        let last = try XCTUnwrap(
            machine.state.lastScheduleRuns(of: "production").first { $0.schedule == "clear" })
        XCTAssertNotNil(last.started)
        XCTAssertNotNil(last.ended)
    }

    func testAClockThatWasAheadHasEachRunOnceAndKeepsNoneWaiting() throws {
        let runner = runner()
        try look(runner)
        machine.clock.move(by: .seconds(400 * 86_400))
        try look(runner)
        endAll()
        try look(runner)
        XCTAssertEqual(begun.count, 2, "each once, however much it missed")
        machine.clock.move(by: .seconds(-400 * 86_400))
        try look(runner)
        try look(runner)
        XCTAssertEqual(begun.count, 2)
        machine.clock.move(by: .seconds(3600))
        try look(runner)
        XCTAssertEqual(begun.count, 3, "an hour is an hour again")
        machine.clock.move(by: .seconds(86_400))
        try look(runner)
        XCTAssertEqual(begun.suffix(1).filter { $0.contains("backup create") }.count, 1, "and a day a day")
    }

    func testWhatBeginsInTheSameMomentHasLogsOfItsOwn() throws {
        let runner = runner()
        try look(runner)
        machine.clock.move(by: .seconds(2 * 86_400))
        try look(runner)
        let logs = try machine.state.lastScheduleRuns(of: "production").map(\.log)
        XCTAssertEqual(Set(logs).count, 2, "\(logs)")
    }

    func testWhatGoesOnThoughItIsDueAgainIsSaid() throws {
        let runner = runner()
        try look(runner)
        machine.clock.move(by: .seconds(3600))
        try look(runner)
        func clear() throws -> ScheduleLook {
            try XCTUnwrap(
                ScheduleLook.all(in: site.environment, of: machine.workspace()).first {
                    $0.schedule.name == "clear"
                })
        }
        XCTAssertTrue(try clear().isRunning)
        XCTAssertNil(try clear().overlong(at: machine.clock.now()))
        machine.clock.move(by: .seconds(3 * 3600))
        let told = try XCTUnwrap(clear().overlong(at: machine.clock.now()))
        XCTAssertTrue(told.hasPrefix("began 3 h ago and goes on, though it was due again on "), told)
        XCTAssertTrue(told.contains(".log"), told)
    }

    func testWithoutAKeeperNothingIsSaidToRunNext() throws {
        try look(runner())
        let look = try XCTUnwrap(ScheduleLook.all(in: site.environment, of: machine.workspace()).first)
        XCTAssertFalse(look.isKept)
        let outlook = look.outlook(at: machine.clock.now())
        XCTAssertTrue(outlook.hasSuffix("but nobody runs it: deployctl boot install"), outlook)
    }
}
