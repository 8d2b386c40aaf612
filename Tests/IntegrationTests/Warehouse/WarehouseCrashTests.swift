import DeployTestSupport
import Foundation
import XCTest

/// T01 on containers and a database server: SIGKILL around commits of the journal, then resume or abort.
final class WarehouseCrashTests: XCTestCase {
    private var world: WarehouseWorld!

    override func setUpWithError() throws {
        try WarehouseWorld.requireEngine()
        world = try WarehouseWorld(changing: [
            "environments/base.json": [("\"project\": \"wms\",", "\"project\": \"wms\", \"watch\": \"0s\",")]
        ])
    }

    override func tearDown() {
        world?.remove()
        super.tearDown()
    }

    private var distance: Int {
        ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? 1 : 17
    }

    func testARollbackOfCodeAndDataKilledAnywhereIsSettled_T01() throws {
        try world.promote()
        try world.write("two\n", to: "environments/wms/frontend/public/two.txt")
        try world.commit("A second release")
        try world.promote()
        let verb = ["rollback", "previous", "--environment", "production", "--confirm", "CONFIRM"]
        try sweep(verb, "production")
    }

    func testAStagingDeploymentKilledAnywhereIsSettledByTheNext_T01() throws {
        try world.succeed("staging")
        var number = 0
        for point in CrashPoint.all(every: distance) {
            number += 1
            try world.write("\(number)\n", to: "environments/wms/frontend/public/number.txt")
            try world.commit("Change the page, \(number)")
            let run = try killed(at: point, ["staging"])
            if run.code == 0 { break }
            XCTAssertEqual(run.code, SIGKILL, "\(point): \(run.errors)")
            try world.succeed("staging")
            try expectWhole("staging", "\(point)")
        }
        XCTAssertGreaterThan(number, 3)
    }

    private func sweep(_ verb: [String], _ environment: String) throws {
        var kills = 0
        for point in CrashPoint.all(every: distance) {
            let run = try killed(at: point, verb)
            if run.code == 0 { break }
            XCTAssertEqual(run.code, SIGKILL, "\(point): \(run.errors)")
            kills += 1
            let status = try world.request("https://127.0.0.1/api/health").status
            XCTAssertEqual(status, 200, "\(point): reads go on")
            let state = try world.deployctl("status", environment, "--json").output
            if state.contains("\"interrupted\"") {
                try world.succeed(kills % 2 == 0 ? "resume" : "abort", environment)
            }
            try expectWhole(environment, "\(point)")
        }
        XCTAssertGreaterThan(kills, 3)
    }

    private func expectWhole(_ environment: String, _ context: String) throws {
        let status = try world.deployctl("status", environment)
        XCTAssertEqual(status.code, 0, "\(context): \(status.output)\(status.errors)")
        if environment == "production" {
            let verify = try world.deployctl("backup", "verify", environment)
            XCTAssertEqual(verify.code, 0, "\(context): \(verify.output)\(verify.errors)")
        }
        let containers = try world.run(
            "docker",
            [
                "ps", "-aq", "--filter", "label=deployctl.project=wms", "--filter",
                "label=deployctl.environment=\(environment)",
            ])
        XCTAssertEqual(containers.output.split(separator: "\n").count, 2, "\(context): no orphans")
        let name = environment == "staging" ? "warehouse_wms_staging" : "warehouse_wms"
        let databases = try world.query(
            environment,
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'warehouse%'")
        XCTAssertTrue(databases.contains(name), "\(context): \(databases)")
    }

    private func killed(at point: CrashPoint, _ arguments: [String]) throws -> ProjectWorld.Answer {
        let command =
            point.strace(state: "\(world.project)/.deployctl") + ["\(ProjectWorld.binaries)/deployctl"]
        return try world.run(command[0], Array(command.dropFirst()) + arguments)
    }
}
