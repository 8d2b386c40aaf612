import DeployTestSupport
import Foundation
import XCTest

/// A rollback tried beside everything that serves.
final class RehearsedRollbackTests: XCTestCase {
    func testARehearsalRestoresAndStartsBesideWhatServesAndLeavesNothing() throws {
        let shop = try RehearsalShop(for: self)
        let candidates = try shop.fixture.run("rollback").expect(0).output
        let traffic = LiveTraffic(port: shop.fixture.port("production"))
        defer { traffic.stop() }
        let before = try shop.truth()
        let run = try shop.rehearse().expect(0)
        let answer = try run.json(RehearsedPlan.self)
        XCTAssertEqual(answer.rehearsal?.release, shop.older)
        XCTAssertEqual(answer.rehearsal?.data, "backup")
        XCTAssertGreaterThan(answer.rehearsal?.restoreSeconds ?? 0, 0)
        XCTAssertGreaterThan(answer.rehearsal?.healthySeconds ?? 0, 0)
        XCTAssertTrue(answer.steps.map(\.id).contains("cut-over"), "the plan is that of the rollback")
        XCTAssertEqual(try shop.truth(), before)
        XCTAssertEqual(try shop.fixture.run("rollback").expect(0).output, candidates)
        let log = try shop.log(answer)
        XCTAssertTrue(log.contains("rehearsing one on [\"first\"], written"), log)
        try traffic.expectUnharmed("a rehearsal")
        try shop.fixture.expectConsistent("production")

        let history = try shop.fixture.run("history", "production").expect(0).output
        XCTAssertTrue(history.contains("rehearsal"), history)
        let text = try shop.fixture.run("rollback", shop.older, "--dry-run", "--rehearse").expect(0).output
        XCTAssertTrue(text.contains("Rehearsed: backup "), text)
        XCTAssertTrue(text.contains("release \(shop.older) healthy on it in "), text)
        try shop.fixture.run("rollback", shop.older, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.fixture.world("production"), World(version: "one", items: ["first"]))
    }

    func testDataAloneIsRehearsedWithTheCurrentReleaseAndCodeAloneOnACopyOfTheLiveData() throws {
        let shop = try RehearsalShop(for: self)
        let before = try shop.truth()
        let backup = try XCTUnwrap(try shop.fixture.backups("production").first).timestamp
        for words in [
            ["rollback", backup, "--data-only"], ["backup", "restore", "production", backup],
        ] {
            let data = try shop.fixture.run(words + ["--dry-run", "--rehearse", "--json"]).expect(0)
                .json(RehearsedPlan.self)
            XCTAssertEqual(data.rehearsal?.data, "backup")
            let log = try shop.log(data)
            XCTAssertTrue(log.contains("rehearsing two on [\"first\"], written"), log)
        }
        let refused = try shop.rehearse("--code-only").expect(12).errors
        XCTAssertTrue(refused.contains("--code-only --environment production --reason TEXT"), refused)
        let code = try shop.rehearse("--code-only", "--reason", "it ignores the column").expect(0)
            .json(RehearsedPlan.self)
        XCTAssertEqual(code.rehearsal?.data, "copy")
        let log = try shop.log(code)
        XCTAssertTrue(log.contains("rehearsing one on [\"first\", \"second\"], written"), log)
        XCTAssertEqual(try shop.truth(), before)
        try shop.fixture.expectConsistent("production")
    }

    func testFoldersOfABackupAreUnpackedAsideAndTheLiveOnesStay() throws {
        let shop = try RehearsalShop(for: self) { fixture in
            try fixture.replace(
                "\"drain\":", with: "\"shared\": [\"uploads\"], \"drain\":", in: "environments/base.json")
            try fixture.replace(
                "\"beforeDeploy\": true,",
                with: "\"beforeDeploy\": true, \"include\": [\"database\", \"uploads\"],",
                in: "environments/production.json")
        }
        let upload = ".deployctl/production/shared/uploads/kept"
        try shop.fixture.write("older", to: upload)
        try shop.fixture.run("backup", "create", "production").expect(0)
        try shop.fixture.write("newer", to: upload)
        let run = try shop.fixture.run(
            "backup", "restore", "production", try shop.fixture.backups("production")[0].timestamp,
            "--dry-run", "--rehearse"
        ).expect(0)
        XCTAssertTrue(run.errors.contains("1 files of uploads, equal to the manifest"), run.errors)
        XCTAssertEqual(try shop.fixture.read(upload), "newer")
        try shop.fixture.expectConsistent("production")
    }

    func testAReleaseThatDoesNotGetHealthyEndsWith15AndLeavesNothing() throws {
        let shop = try RehearsalShop(for: self) { fixture in
            try fixture.replace(
                "text(\"health\")",
                with:
                    "(\"404\" if os.environ.get(\"DEPLOYCTL_COMMAND\") == \"rehearsal\" else text(\"health\"))",
                in: "app/server.py")
            try fixture.replace("10s", with: "5s", in: "environments/base.json")
        }
        let before = try shop.truth()
        let run = try shop.fixture.run("rollback", shop.older, "--dry-run", "--rehearse").expect(15)
            .expectExplained()
        XCTAssertTrue(run.errors.contains("/health answers 404"), run.errors)
        XCTAssertEqual(try shop.truth(), before)
        try shop.fixture.expectConsistent("production")
    }

    func testARehearsalIsRefusedWithoutDryRunAndWithoutATarget() throws {
        let shop = try DeployctlFixture(for: self)
        for words in [
            ["rollback", "previous", "--rehearse"], ["rollback", "--dry-run", "--rehearse"],
            ["backup", "restore", "production", "previous", "--rehearse"],
        ] {
            let run = try shop.run(words).expect(2)
            XCTAssertTrue(run.errors.contains("--rehearse needs "), run.errors)
        }
    }

    func testADamagedBackupEndsWith14AndLeavesNothing() throws {
        let shop = try RehearsalShop(for: self)
        let backup = try XCTUnwrap(try shop.fixture.backups("production").first).timestamp
        let folder = "backups/production/\(backup)"
        let name = try XCTUnwrap(shop.fixture.names(in: folder).first { $0.hasPrefix("database.") })
        let payload = "\(shop.fixture.project)/\(folder)/\(name)"
        let handle = try XCTUnwrap(FileHandle(forWritingAtPath: payload))
        try handle.seek(toOffset: 300)
        handle.write(Data([7]))
        try handle.close()
        try shop.fixture.run("rollback", shop.older, "--dry-run", "--rehearse").expect(14)
            .expectExplained()
    }

    func testKilledAnywhereTheNextRunRemovesWhatARehearsalLeft_T01() throws {
        let shop = try RehearsalShop(for: self)
        let before = try shop.truth()
        let traffic = LiveTraffic(port: shop.fixture.port("production"))
        defer { traffic.stop() }
        var kills = 0
        for point in CrashPoint.all(every: CrashSweep.isSoak ? 1 : 3) {
            let run = try shop.fixture.run(
                killedAt: point, ["rollback", shop.older, "--dry-run", "--rehearse"])
            if run.status == 0 { break }
            try run.expect(-SIGKILL, "\(point)")
            kills += 1
            let (code, place) = try shop.fixture.status("production")
            try expectEqual([place.state, "\(code)"], ["healthy", "0"], "status, \(point)")
            try shop.rehearse().expect(0, "the next one, \(point)")
            try expectEqual(try shop.truth(), before, "\(point)")
            try shop.fixture.expectConsistent("production")
        }
        try traffic.expectUnharmed("killed rehearsals")
        print("rehearsals killed: \(kills)")
        XCTAssertGreaterThanOrEqual(kills, CrashSweep.isSoak ? 15 : 2)
    }
}
