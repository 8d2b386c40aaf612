import DeployTestSupport
import XCTest

@testable import DeployCore

final class EnvironmentLookTests: XCTestCase {
    private func look(_ shop: Shop) throws -> EnvironmentLook {
        try shop.facts().look(in: shop.machine.workspace())
    }

    func testWhatServesWellHasNothingToComplainAbout() throws {
        let look = try look(Shop())
        XCTAssertEqual(look.complaints, [])
        XCTAssertTrue(look.servesWell)
        XCTAssertEqual(look.services.map(\.name), ["web"])
        XCTAssertTrue(look.services.allSatisfy { $0.isRunning && $0.isHealthy && $0.since != nil })
    }

    func testWhatAnswersBadlyIsSaidForGatesAndForPeople() throws {
        let shop = try Shop()
        shop.machine.programs.makeUnhealthy("/\(Sample.timestamp(100))")
        let sick = try look(shop)
        XCTAssertEqual(sick.complaints, ["service web answers 503"])
        XCTAssertEqual(sick.problems, ["service web is not healthy: it answers 503"])
        XCTAssertEqual(sick.services.map(\.isHealthy), [false])
        shop.machine.programs.heal()
        shop.machine.programs.makeUnhealthy("/front")
        XCTAssertEqual(try look(shop).complaints, ["front door: /health answers 503"])
        XCTAssertEqual(
            try look(shop).problems,
            ["front door: /health answers 503; deployctl restart \(shop.site.environment.name)"])
    }

    func testWhatStandsBeforeServicesAndCannotBeStartedSaysWhy() throws {
        let shop = try Shop()
        let now = shop.machine.clock.now()
        var care = Care()
        care.edge.ended("by signal 9", since: .distantPast, at: now)
        care.edge.refused("nginx is not installed", at: now)
        try shop.site.remember(care, of: XCTUnwrap(shop.site.records.currentID))
        let problems = try look(shop).problems
        let told = problems.filter { $0.contains("cannot be started: nginx is not installed") }
        XCTAssertEqual(told.count, 1, "\(problems)")
        XCTAssertEqual(told.first?.hasPrefix("the edge ended once"), true, "\(told)")
        XCTAssertEqual(
            told.first?.hasSuffix("; deployctl restart \(shop.site.environment.name)"), true, "\(told)")
    }

    func testADiskWithoutRoomForNamesIsSaid() throws {
        let shop = try Shop()
        shop.machine.files.setFreeFiles(99)
        let lookout = Lookout(shop.machine.workspace(), at: try shop.facts(), isForPeople: true)
        [lookout].look(asking: shop.machine.workspace().ports.commands)
        XCTAssertEqual(
            lookout.look.problems.filter { $0.contains("no more files can be made on the disk of /srv/shop") }
                .count, 1, "\(lookout.look.problems)")
        shop.machine.files.setFreeFiles(100)
        let next = Lookout(shop.machine.workspace(), at: try shop.facts(), isForPeople: true)
        [next].look(asking: shop.machine.workspace().ports.commands)
        XCTAssertEqual(next.look.problems, [])
    }

    func testWhatEndedIsSaid() throws {
        let shop = try Shop()
        let web = try XCTUnwrap(shop.site.records.current?.services.first)
        guard case .process(let process) = web.body else { return XCTFail("\(web.body)") }
        shop.machine.processes.signal(process, .kill)
        let look = try look(shop)
        XCTAssertEqual(look.complaints.first, "service web does not run")
        XCTAssertEqual(look.problems.filter { $0.contains("web") }, ["service web does not run"])
        XCTAssertEqual(look.services.map(\.isRunning), [false])
    }

    func testWhatEndedWithTheMachineIsToldFromWhatDied() throws {
        let shop = try Shop()
        shop.machine.processes.restartMachine()
        let look = try look(shop)
        XCTAssertTrue(
            look.problems.contains(
                "the machine restarted, and nobody started web again; deployctl boot install has that done by itself"
            ),
            "\(look.problems)")
        XCTAssertFalse(look.problems.contains("service web does not run"))
    }

    func testWhereNothingRunsThereIsNoProblemOfAService() throws {
        let shop = try Shop()
        try shop.machine.files.remove(shop.layout.currentInstance)
        let look = try look(shop)
        XCTAssertEqual(look.complaints, ["nothing runs"])
        XCTAssertEqual(look.problems, [])
        XCTAssertNil(look.instance)
    }

    func testAHandEditIsDrift() throws {
        let shop = try Shop()
        try shop.machine.files.pointLink(shop.layout.currentRelease, to: "releases/other")
        let look = try look(shop)
        XCTAssertEqual(
            look.drift, ["current points to releases/other instead of releases/\(Sample.timestamp(20))"])
        XCTAssertEqual(look.complaints, look.drift)
        XCTAssertEqual(look.problems, [], "drift is shown as drift")
    }

    /// Everything that waits for another program is asked at once.
    func testAllEnvironmentsAreAskedInOneWave() throws {
        let shop = try Shop()
        let facts = try shop.facts()
        let commands = FakeCommandRunner()
        commands.answer(where: { _ in true }, with: CommandResult(.exited(7)))
        let lookouts = [facts, facts].map { Lookout(shop.machine.workspace(), at: $0) }
        lookouts.look(asking: commands)
        XCTAssertEqual(commands.ran.map(\.program), ["curl", "curl", "curl", "curl"])
        XCTAssertEqual(lookouts.map(\.look.problems.count), [2, 2])
    }
}
