import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What a run left to finish what it holds ends once, within one deadline, and nothing waits for it meanwhile.
final class DrainingInstanceTests: XCTestCase {
    private let machine = SimulatedMachine()
    private let id = "20260101000000"
    private var began = Date.distantPast

    private var site: Site {
        var environment = Environment(name: "production", project: "shop")
        environment.drain = .seconds(30)
        environment.services = ["web", "jobs"].map { Service(name: $0, role: .app, command: [$0]) }
        environment.services[0].after = ["jobs"]
        return machine.workspace().site(environment)
    }

    private func process(_ name: String, isDeaf: Bool = false) -> ProcessIdentity {
        let process = machine.processes.add(name, marker: site.layout.instance(id))
        if isDeaf { machine.processes.deafen(process) }
        return process
    }

    private func leave(visitors: Int, deaf: Set<String> = []) throws {
        let folder = site.layout.instance(id)
        machine.files.write("", to: "\(folder)/front.sock")
        machine.processes.hold("\(folder)/front.sock", by: visitors)
        began = machine.clock.now()
        var instance = Instance(id: id, release: Sample.timestamp(20))
        instance.services = ["web", "jobs"].map { name in
            RunningService(
                name: name, body: .process(process(name, isDeaf: deaf.contains(name))), address: .port(1),
                since: began)
        }
        instance.front = process("nginx")
        try site.records.write(instance)
        try site.records.write(
            Draining(run: Sample.timestamp(100), for: .seconds(30), at: began), of: id)
    }

    private func context() -> StepContext {
        let plan = Plan(
            id: "keeper", timestamp: Sample.timestamp(1), kind: .stop, environment: site.environment,
            release: nil, commit: nil, previousRelease: nil, steps: [], loss: nil)
        return StepContext(machine.workspace(), plan: plan, origin: Sample.origin)
    }

    /// Looks until it has gone, as its keeper does; what it says then, and after how many seconds.
    private func end() throws -> (cut: Int?, seconds: Double) {
        for _ in 0..<1000 {
            if let draining = try DrainingInstance(context: context(), id: id).goOn() {
                XCTAssertEqual(machine.processes.running.map(\.program), [])
                XCTAssertEqual(site.records.all, [])
                return (draining.cut, machine.clock.now().timeIntervalSince(began))
            }
            machine.clock.sleep(for: .milliseconds(200))
        }
        throw Unexpected("it never ends")
    }

    func testNothingIsAskedToEndWhileVisitorsHoldIt() throws {
        try leave(visitors: 2)
        for _ in 0..<100 {
            XCTAssertNil(try DrainingInstance(context: context(), id: id).goOn())
            machine.clock.sleep(for: .milliseconds(200))
        }
        XCTAssertEqual(machine.processes.running.map(\.program), ["web", "jobs", "nginx"])
        machine.processes.hold("\(site.layout.instance(id))/front.sock", by: 0)
        let (cut, seconds) = try end()
        XCTAssertEqual(cut, 0)
        XCTAssertLessThan(seconds, 22)
    }

    func testWhoStaysIsCutAtTheDeadline() throws {
        try leave(visitors: 2)
        let (cut, seconds) = try end()
        XCTAssertEqual(cut, 2)
        XCTAssertEqual(seconds, 30.5, accuracy: 1)
    }

    /// Its visitors had their time; what it still does without them has two seconds.
    func testWhoDoesNotHearIsKilledSoonAfter() throws {
        try leave(visitors: 1, deaf: ["web"])
        XCTAssertEqual(try end().seconds, 32.5, accuracy: 1)
    }

    func testWhoDoesNotHearAndNeverHadVisitorsGetsTheWholeTime() throws {
        try leave(visitors: 0, deaf: ["jobs"])
        XCTAssertEqual(try end().seconds, 30.5, accuracy: 1)
    }

    /// A keeper that dies leaves the next one what it had begun.
    func testItIsGoneOnWithAfterEachLook() throws {
        try leave(visitors: 0)
        XCTAssertNil(try DrainingInstance(context: context(), id: id).goOn())
        XCTAssertEqual(site.records.draining(id)?.cut, 0)
        XCTAssertNotNil(site.records.draining(id)?.asked)
        XCTAssertEqual(try end().cut, 0)
    }

    func testAClockThatIsSetBackMakesNothingLonger() {
        let draining = Draining(run: Sample.timestamp(1), for: .seconds(30), at: machine.clock.now())
        XCTAssertFalse(draining.isOver(at: machine.clock.now().addingTimeInterval(29)))
        XCTAssertTrue(draining.isOver(at: machine.clock.now().addingTimeInterval(-1)))
        XCTAssertTrue(draining.isOver(at: machine.clock.now().addingTimeInterval(30)))
    }

    /// It is no stray while somebody ends it in time, and one when nobody did.
    func testOneThatNobodyEndsIsAStrayAfterItsTime() throws {
        try leave(visitors: 2)
        XCTAssertEqual(StrayInstances(site).found, [])
        machine.clock.sleep(for: .seconds(31))
        XCTAssertEqual(StrayInstances(site).found, [id])
    }

    /// A keeper of an earlier version knows nothing of it.
    func testOneThatAKeeperForgetsIsAStrayInTheEnd() throws {
        try leave(visitors: 2)
        let keeper = try machine.files.lock(Layout.keeper(machine.project))
        defer { withExtendedLifetime(keeper) {} }
        machine.clock.sleep(for: .seconds(31))
        XCTAssertEqual(StrayInstances(site).found, [], "it may be at it")
        machine.clock.sleep(for: .seconds(300))
        XCTAssertEqual(StrayInstances(site).found, [id])
    }

    func testOneWhoseRecordIsDamagedIsAStray() throws {
        try leave(visitors: 2)
        machine.files.write("{", to: "\(site.layout.instance(id))/instance.json")
        XCTAssertEqual(StrayInstances(site).found, [id])
    }

    /// A folder whose removal is cut short keeps no release and is no instance.
    func testWhatIsLeftOfAnInstanceIsNoneAndIsSwept() throws {
        try leave(visitors: 0)
        let files = machine.ports(Life(failing: 3)).files
        let records = InstanceRecords(files: files, layout: site.layout)
        expectError(.unexpected, "cut short") { try records.remove(id) }
        XCTAssertEqual(site.records.all, [])
        XCTAssertNil(site.records.read(id))
        XCTAssertEqual(machine.files.names(in: site.layout.run).count, 1)
        try site.records.sweep()
        XCTAssertEqual(machine.files.names(in: site.layout.run), [])
    }
}
