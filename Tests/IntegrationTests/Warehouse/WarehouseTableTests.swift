import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Both environments side by side, with the definitions' values; one test for each row of the table.
final class WarehouseTableTests: XCTestCase {
    // Deploying twice takes longer than all the looking, so the tests share one world.
    nonisolated(unsafe) private static var shared: WarehouseWorld?
    nonisolated(unsafe) private static var failure: (any Error)?

    private var world: WarehouseWorld!

    override func setUpWithError() throws {
        if let failure = Self.failure { throw failure }
        if Self.shared == nil {
            do {
                let world = try WarehouseWorld(for: nil)
                Self.shared = world
                try world.promote()
            } catch {
                Self.failure = error
                throw error
            }
        }
        world = try XCTUnwrap(Self.shared)
    }

    override class func tearDown() {
        shared?.end()
        shared = nil
        super.tearDown()
    }

    func testFrontendServesStagingOn8080And8443AndProductionOn443BehindARedirect() throws {
        XCTAssertEqual(try world.request("http://127.0.0.1:8080/").status, 200)
        XCTAssertEqual(try world.request("https://127.0.0.1:8443/").status, 200)
        let plain = try world.request("http://127.0.0.1:80/")
        XCTAssertTrue([301, 308].contains(plain.status), "\(plain)")
        XCTAssertTrue(plain.headers.contains("location: https://"), plain.headers)
        XCTAssertEqual(try world.request("https://127.0.0.1:443/").status, 200)
    }

    func testBackendAndDatabaseListenOnTheirPorts() throws {
        for (port, environment) in [(5001, "staging"), (5000, "production")] {
            let answer = try world.request("http://127.0.0.1:\(port)/api/health")
            XCTAssertEqual(answer.status, 200)
            XCTAssertTrue(answer.body.contains("\"environment\":\"\(environment)\""), answer.body)
        }
        for (environment, port) in [("staging", 3308), ("production", 3307)] {
            let id = try world.container("database", of: environment)
            let bindings = try world.docker(["inspect", "--format", "{{json .HostConfig.PortBindings}}", id])
            XCTAssertEqual(
                try JSONField(parsing: bindings),
                try JSONField(
                    parsing: "{\"3306/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"\(port)\"}]}"),
                environment)
        }
    }

    func testNothingOfAContainerIsPublishedBeyondTheLoopbackAddress() throws {
        let ids = try world.containers(of: "wms", [], running: true)
        XCTAssertGreaterThanOrEqual(ids.count, 4)
        let shown = try world.docker(
            ["inspect", "--format", "{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}} {{end}}{{end}}"]
                + ids)
        let addresses = Set(shown.split(whereSeparator: \.isWhitespace).map(String.init))
        XCTAssertEqual(addresses, ["127.0.0.1"])
    }

    func testEachEnvironmentHasItsDatabaseAndUser() throws {
        let expected = [
            ("staging", "warehouse_wms_staging", "staging_user"),
            ("production", "warehouse_wms", "wms_user"),
        ]
        for (environment, name, user) in expected {
            let connected = try world.query(
                environment,
                "SELECT DISTINCT user, db FROM information_schema.processlist WHERE user <> 'root' AND db IS NOT NULL"
            )
            XCTAssertEqual(connected, ["\(user)\t\(name)"], "the services of \(environment) use it")
        }
    }

    func testEachEnvironmentHasItsNetworkAndVolume() throws {
        let expected = [
            ("staging", "staging-network", "staging_mysql_data"),
            ("production", "production-network", "production_mysql_data"),
        ]
        for (environment, network, volume) in expected {
            for service in ["backend", "database"] {
                let id = try world.container(service, of: environment)
                let networks = try world.docker([
                    "inspect", "--format",
                    "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}", id,
                ])
                XCTAssertEqual(networks.split(whereSeparator: \.isWhitespace), [Substring(network)])
            }
            let mounts = try world.docker([
                "inspect", "--format",
                "{{range .Mounts}}{{if eq .Type \"volume\"}}{{.Name}} {{end}}{{end}}",
                try world.container("database", of: environment),
            ])
            XCTAssertTrue(mounts.split(whereSeparator: \.isWhitespace).contains(Substring(volume)))
        }
    }

    func testEachEnvironmentSaysWhichItIs() throws {
        for path in ["/", "/api/health", "/nothing-here"] {
            let staging = try world.request("http://127.0.0.1:8080\(path)").headers
            XCTAssertTrue(staging.contains("x-environment: staging"), "\(path): \(staging)")
            let production = try world.request("https://127.0.0.1\(path)").headers
            XCTAssertTrue(
                production.contains("x-environment: prod\n") || production.hasSuffix("prod"), production)
        }
    }

    func testRoutesGoToTheBackendAndTheRestIsStatic() throws {
        for base in ["http://127.0.0.1:8080", "https://127.0.0.1"] {
            XCTAssertTrue(try world.request("\(base)/").body.contains("<title>"))
            XCTAssertTrue(try world.request("\(base)/api/health").body.contains("\"ok\":true"))
            XCTAssertEqual(try world.request("\(base)/uploads/none.json").status, 404)
            XCTAssertTrue(try world.request("\(base)/uploads/none.json").headers.contains("json"))
        }
    }

    func testTheSmokeScriptPassesInBoth() throws {
        try world.runProgram(["environments/wms/smoke", "http://127.0.0.1:8080"]).expect(0)
        try world.runProgram(
            ["environments/wms/smoke", "https://127.0.0.1"],
            environment: [
                "WMS_USER": "admin", "WMS_PASSWORD_FILE": ".secrets/production/ADMIN_PASSWORD",
                "WMS_INSECURE": "1",
            ]
        ).expect(0)
    }

    func testOnlyProductionHasABackupAndItWasProvedByRestoring() throws {
        let staging = try world.json("backup", "list", "staging")
        XCTAssertEqual(staging["backups"], .list([]))
        // The first production deployment had nothing to back up.
        try world.run("backup", "create", "production").expect(0)
        guard case .list(let backups) = try world.json("backup", "list", "production")["backups"],
            let newest = backups.first
        else { return XCTFail("no backup") }
        XCTAssertEqual(newest["verified"], .text("restored"))
    }

    func testOnlyStableBranchesReachProduction() throws {
        try world.git("switch", "--quiet", "-c", "feature/elsewhere")
        defer { _ = try? world.git("switch", "--quiet", WarehouseWorld.branch) }
        try world.commit(["environments/wms/frontend/public/elsewhere.txt": "elsewhere\n"], "Work elsewhere")
        try world.run("staging").expect(0)
        let gates = try world.run("gates").expect(12)
        XCTAssertTrue(gates.output.contains("stable/prisma-mysql-*"), gates.output)
        try world.run("production", "--confirm", "CONFIRM").expect(12)
    }

    func testLogsAreCollectedByEnvironment() throws {
        for environment in ["staging", "production"] {
            for service in ["backend", "database"] {
                let log = "logs/\(environment)/\(service).log"
                XCTAssertFalse(((try? world.read(log)) ?? "").isEmpty, log)
            }
        }
    }

    func testStagingBeginsFreshAndProductionAsksForTheWordAndKeepsItsData() throws {
        let add = { (environment: String, name: String) in
            _ = try self.world.query(
                environment,
                "INSERT INTO \(environment == "staging" ? "warehouse_wms_staging" : "warehouse_wms").items (sku, name) VALUES ('\(name)', 'kept?')"
            )
        }
        try add("staging", "gone")
        try add("production", "stays")
        try world.commit(["environments/wms/frontend/public/again.txt": "again\n"], "Deploy again")
        try world.run("staging").expect(0)
        XCTAssertTrue(eventually(within: 20) { (try? self.world.run("gates").status) == 0 })
        try world.run("production").expect(13, "without the word")
        try world.run("production", "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(
            try world.query("staging", "SELECT COUNT(*) FROM warehouse_wms_staging.items WHERE sku = 'gone'"),
            ["0"])
        XCTAssertEqual(
            try world.query("production", "SELECT COUNT(*) FROM warehouse_wms.items WHERE sku = 'stays'"),
            ["1"])
    }

    func testStatusShowsBothHealthyWithoutDrift() throws {
        let answer = try world.run("status", "--json").expect(0)
        guard case .list(let environments) = try JSONField(parsing: answer.output)["environments"] else {
            return XCTFail(answer.output)
        }
        XCTAssertEqual(environments.count, 2)
        for environment in environments {
            XCTAssertEqual(environment["state"], .text("healthy"))
            XCTAssertEqual(environment["drift"], .list([]))
        }
    }

    func testNoSecretIsShownByTheEngine() throws {
        let shown = try world.docker(["inspect"] + world.containers(of: "wms", []))
        for environment in ["staging", "production"] {
            for name in ["DATABASE_PASSWORD", "DATABASE_ADMIN_PASSWORD", "JWT_SECRET", "ADMIN_PASSWORD"] {
                XCTAssertFalse(
                    shown.contains(try world.secret(name, of: environment)), "\(environment) \(name)")
            }
        }
    }
}
