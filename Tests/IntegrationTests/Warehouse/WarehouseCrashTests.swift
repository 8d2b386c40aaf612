import DeployTestSupport
import Foundation
import XCTest

/// T01 on containers and a database server: SIGKILL around commits of the journal, then resume or abort.
final class WarehouseCrashTests: XCTestCase {
    private var world: WarehouseWorld!

    override func setUpWithError() throws {
        world = try WarehouseWorld(
            for: self,
            changing: [
                "environments/base.json": [
                    ("\"project\": \"wms\",", "\"project\": \"wms\", \"watch\": \"0s\",")
                ]
            ])
    }

    private func distance(sample: Int) -> Int { CrashSweep.isSoak ? 1 : sample }

    func testARollbackOfCodeAndDataKilledAnywhereIsSettled_T01() throws {
        try world.promote()
        let first = try XCTUnwrap(world.status("production").place.release)
        try world.commit(["environments/wms/frontend/public/two.txt": "two\n"], "A second release")
        try world.promote()
        let second = try XCTUnwrap(world.status("production").place.release)
        let verb = ["rollback", "previous", "--environment", "production", "--confirm", "CONFIRM"]
        try sweep(verb, "production") {
            // Whichever was left last is vetoed, and nobody goes back to that unasked.
            for release in [first, second] { try world.run("clear", release, "-m", "the sweep goes on") }
        }
    }

    func testAStagingDeploymentKilledAnywhereIsSettledByTheNext_T01() throws {
        try world.run("staging").expect(0)
        let distance = self.distance(sample: 25)
        var (number, kills) = (0, 0)
        for point in CrashPoint.all(every: distance) {
            number += 1
            let page = ["environments/wms/frontend/public/number.txt": "\(number)\n"]
            try world.commit(page, "Change the page, \(number)")
            let run = try world.run(killedAt: point, ["staging"])
            if run.status == 0 { break }
            try run.expect(-SIGKILL, "\(point)")
            kills += 1
            try world.run("staging").expect(0)
            try expectWhole("staging", "\(point)")
        }
        XCTAssertGreaterThanOrEqual(kills, max(1, 18 / distance))
    }

    private func sweep(_ verb: [String], _ environment: String, before prepare: () throws -> Void) throws {
        let distance = self.distance(sample: 50)
        var kills = 0
        for point in CrashPoint.all(every: distance) {
            try prepare()
            let run = try world.run(killedAt: point, verb)
            if run.status == 0 { break }
            try run.expect(-SIGKILL, "\(point)")
            kills += 1
            let status = try world.request("https://127.0.0.1/api/health").status
            XCTAssertEqual(status, 200, "\(point): reads go on")
            let state = try world.run("status", environment, "--json").output
            if state.contains("\"interrupted\"") {
                try world.run(point.recovery.rawValue, environment).expect(0)
            }
            try expectWhole(environment, "\(point)")
        }
        XCTAssertGreaterThanOrEqual(kills, max(1, 18 / distance))
    }

    private func expectWhole(_ environment: String, _ context: String) throws {
        try world.run("status", environment).expect(0, context)
        if environment == "production" { try world.run("backup", "verify", environment).expect(0, context) }
        let containers = try world.containers(of: "wms", ["environment=\(environment)"])
        XCTAssertEqual(containers.count, 2, "\(context): no orphans")
        let name = environment == "staging" ? "warehouse_wms_staging" : "warehouse_wms"
        let databases = try world.query(
            environment,
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'warehouse%'")
        XCTAssertTrue(databases.contains(name), "\(context): \(databases)")
    }
}
