import DeployTestSupport
import XCTest

@testable import DeployCore

/// The one word for an environment, and the exit code that follows.
final class StatusTests: XCTestCase {
    /// Nothing is promoted to it, so that no gate is asked.
    private func shop() throws -> Shop { try Shop { $0.promotion = nil } }

    private func status(_ shop: Shop) throws -> Status {
        try StatusCollector(
            shop.machine.deployer().workspace, definitions: shop.machine.deployer().definitions
        ).status(of: [shop.environment])
    }

    private func seen(_ shop: Shop) throws -> String {
        let status = try status(shop)
        return "\(status.environments.map(\.state.rawValue)) \(status.exitCode)"
    }

    /// As a run that was killed leaves it.
    private func begin(_ kind: Deployment.Kind, in shop: Shop) throws {
        var plan = PlanDraft(kind: kind, facts: try shop.facts(), goal: .restart(service: nil))
            .plan(named: PlanFixture.otherNames)
        plan.kind = kind
        _ = try shop.machine.state.begin(
            plan, origin: Sample.origin, approval: nil, at: shop.machine.clock.now())
    }

    func testWhatServesWellIsHealthy() throws {
        let status = try status(shop())
        XCTAssertEqual(status.environments.map(\.state), [.healthy])
        XCTAssertEqual(status.exitCode, .done)
        XCTAssertNil(status.promotion)
        XCTAssertEqual(status.environments[0].lastDeployment?.timestamp, Sample.timestamp(100))
    }

    func testNothingIsEmptyAndNothingToDo() throws {
        let machine = SimulatedMachine()
        let status = try StatusCollector(
            machine.deployer().workspace, definitions: machine.deployer().definitions
        ).status(of: [PlanFixture.environment("staging")])
        XCTAssertEqual(status.environments.map(\.state), [.empty])
        XCTAssertEqual(status.exitCode, .done)
    }

    func testWhatAnswersBadlyOrWasChangedByHandIsUnhealthy() throws {
        let sick = try shop()
        sick.machine.programs.makeUnhealthy("/front")
        XCTAssertEqual(try seen(sick), "[\"unhealthy\"] unhealthy")
        let changed = try shop()
        try changed.machine.files.pointLink(changed.layout.currentRelease, to: "releases/other")
        XCTAssertEqual(try seen(changed), "[\"unhealthy\"] unhealthy")
    }

    func testTheReleaseIsTheOneThatHasTheTraffic() throws {
        let shop = try shop()
        let known = try XCTUnwrap(try status(shop).environments[0].release)
        var other = known
        other.timestamp = Sample.timestamp(3)
        other.commit = String(repeating: "c", count: 40)
        try shop.machine.state.record(other)
        var instance = try XCTUnwrap(shop.site.records.current)
        instance.release = other.timestamp
        try shop.site.records.write(instance)
        XCTAssertEqual(try status(shop).environments[0].release?.commit, other.commit)
    }

    func testWhatARunHasDoneSoFarIsNoDrift() throws {
        let shop = try shop()
        try shop.machine.files.pointLink(shop.layout.currentRelease, to: "releases/other")
        do {
            let run = try EnvironmentLock(shop.machine.workspace())
                .acquire(
                    shop.environment.name, for: "deployctl production", origin: Sample.origin, waiting: nil)
            XCTAssertEqual(try seen(shop), "[\"healthy\"] done")
            shop.machine.programs.makeUnhealthy("/front")
            XCTAssertEqual(try seen(shop), "[\"unhealthy\"] unhealthy", "nobody is served, run or not")
            shop.machine.programs.heal()
            withExtendedLifetime(run) {}
        }
        XCTAssertEqual(try seen(shop), "[\"unhealthy\"] unhealthy", "the run is over, the link is not mended")
    }

    func testWhatWasStoppedIsStoppedAndWhatVanishedIsNot() throws {
        let shop = try shop()
        try shop.machine.files.remove(shop.layout.currentInstance)
        XCTAssertEqual(try seen(shop), "[\"unhealthy\"] unhealthy")
        let other = try self.shop()
        try other.run(
            PlanDraft(kind: .stop, facts: try other.facts(), goal: .stop(service: nil)), named: 200)
        XCTAssertEqual(try seen(other), "[\"stopped\"] done")
        try begin(.start, in: other)
        let start = try XCTUnwrap(other.machine.state.unfinished(in: other.environment.name))
        try other.machine.state.finish(
            start, outcome: .failed, error: nil, at: other.machine.clock.now())
        XCTAssertEqual(try seen(other), "[\"stopped\"] done", "a start that was taken back changed nothing")
    }

    func testAKeeperThatEndedIsMissedUnlessItWasEndedForGood() throws {
        let shop = try shop()
        let place = Layout.keeper(shop.machine.workspace().project)
        XCTAssertNil(try status(shop).lostKeeper)
        var held = try shop.machine.files.lock(place)
        held?.describe("process 12 since 2026-11-28T03:00:00Z")
        XCTAssertNil(try status(shop).lostKeeper)
        held = nil
        XCTAssertEqual(try status(shop).lostKeeper, "process 12 since 2026-11-28T03:00:00Z")
        try shop.machine.files.lock(place)?.describe("")
        XCTAssertNil(try status(shop).lostKeeper)
    }

    func testAKeeperThatEndsWithTheLastSessionIsSaid() throws {
        let shop = try shop()
        let files = shop.machine.files
        shop.machine.processes.act(
            as: 1000,
            among: [.init(name: "ada", user: 1000, group: 1000, groupName: "ada", home: "/home/ada")])
        files.write("", to: "/home/ada/.config/systemd/user/deployctl-shop.service")
        XCTAssertNil(try status(shop).unlingering, "no systemd is here")
        try files.makeFolder("/run/systemd/system")
        XCTAssertEqual(try status(shop).unlingering, "ada")
        files.write("", to: "/var/lib/systemd/linger/ada")
        XCTAssertNil(try status(shop).unlingering)
    }

    func testAnInterruptedRunSaysWhatToTypeUnlessItWasARehearsal() throws {
        let cut = try shop()
        try begin(.restart, in: cut)
        XCTAssertEqual(try seen(cut), "[\"interrupted\"] unfinishedRun")
        let run = try XCTUnwrap(try status(cut).environments[0].unfinished)
        XCTAssertFalse(run.isRunning)
        XCTAssertEqual(run.next, "deployctl resume production, or deployctl abort production")
        let tried = try shop()
        try begin(.rehearsal, in: tried)
        XCTAssertEqual(try seen(tried), "[\"healthy\"] done")
    }

    func testTheWayBackHasAPriceOrAReasonWhyThereIsNone() throws {
        let shop = try shop()
        let none = try status(shop).environments[0]
        XCTAssertNil(none.wayBack)
        XCTAssertEqual(none.noWayBack, "no earlier release is on disk")
        try shop.run(shop.promotion(of: 30), named: 200)
        let way = try XCTUnwrap(try status(shop).environments[0].wayBack)
        XCTAssertEqual(way.release, Sample.timestamp(20))
        XCTAssertEqual(way.backup, Sample.timestamp(201))
        XCTAssertEqual(way.undoes, ["0002.sql"])
        XCTAssertNotNil(way.seconds)
        try shop.machine.database.write("INSERT INTO note VALUES later", to: shop.database)
        let priced = try XCTUnwrap(try status(shop).environments[0].wayBack)
        XCTAssertTrue(priced.sentence.hasSuffix(", loses 1 row of note, undoes 0002.sql"), priced.sentence)
        let backup = try XCTUnwrap(try shop.machine.state.backup(Sample.timestamp(201)))
        try shop.machine.files.remove(
            "\(shop.layout.backup(backup.timestamp))/\(BackupManifest.fileName)")
        let spoilt = try status(shop).environments[0]
        XCTAssertNil(spoilt.wayBack)
        XCTAssertTrue(spoilt.noWayBack?.contains("is missing") == true, "\(spoilt.noWayBack ?? "")")
    }

    func testAVetoedReleaseIsNoWayBack() throws {
        let shop = try shop()
        try shop.run(shop.promotion(of: 30), named: 200)
        try shop.run(shop.rollback(), named: 300)
        let left = Sample.timestamp(30)
        try shop.machine.state.record(
            Veto(
                release: left, performer: "eva@shop", reason: "it lost mails",
                since: shop.machine.clock.now()), by: nil)
        let status = try status(shop).environments[0]
        XCTAssertNil(status.wayBack)
        XCTAssertEqual(status.noWayBack, "release \(left) is vetoed by eva@shop")
    }

    func testWhatIsTooLargeToCountIsLostFromTheMomentOfTheBackup() throws {
        var way = PricedReturn(
            release: Sample.timestamp(20), backup: Sample.timestamp(201), seconds: 12,
            loses: "what was written since 14:03 UTC", undoes: ["V0003"])
        XCTAssertEqual(
            way.sentence,
            "\(Sample.timestamp(20)): about 12 s, loses what was written since 14:03 UTC, undoes V0003")
        way = PricedReturn(release: Sample.timestamp(20), backup: nil, seconds: nil, loses: nil, undoes: [])
        XCTAssertEqual(way.sentence, "\(Sample.timestamp(20)): the data stays")
    }

    /// What `status` calls unhealthy is not called well by a verb.
    func testStartAgreesWithStatus() throws {
        let shop = try shop()
        let start = shop.machine.deployer().operation(.start, of: shop.environment.name, service: nil)
        XCTAssertNotNil(try start.proposal(shop.environment).upToDate)
        shop.machine.programs.makeUnhealthy("/\(Sample.timestamp(100))")
        XCTAssertEqual(try seen(shop), "[\"unhealthy\"] unhealthy")
        XCTAssertNil(try start.proposal(shop.environment).upToDate)
    }

    func testWhatTheMachineLacksForADeploymentIsNotBlamedOnAFile() throws {
        let shop = try shop()
        shop.machine.files.write(
            """
            {"project": "shop", "ports": {"http": 8080}, "runtime": {"kind": "process", "strategy": "blue-green"},
             "services": {"web": {"role": "app", "command": ["serve"]}}}
            """, to: "/srv/shop/environments/production.json")
        shop.machine.programs.uninstallNginx()
        let waiting = try XCTUnwrap(status(shop).environments[0].waiting)
        XCTAssertTrue(waiting.contains("nginx is not installed"), waiting)
        XCTAssertTrue(waiting.contains("apt-get install nginx"), waiting)
        XCTAssertFalse(waiting.contains("deployctl validate"), waiting)
    }
}
