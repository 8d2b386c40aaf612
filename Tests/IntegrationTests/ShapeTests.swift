import DeployTestSupport
import Foundation
import XCTest

/// Applications of other shapes than a socket behind an edge.
final class ShapeTests: XCTestCase {
    func testAServiceWithoutAnEdgeIsRecreatedAndRolledBack() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace(", \"listen\": \"socket\"", with: "", in: "environments/base.json")
        try shop.replace(
            ",\n    \"front\": {\"role\": \"edge\", \"routes\": {\"/\": \"web\"}}", with: "",
            in: "environments/base.json")
        try shop.replace(
            "\"drain\"",
            with: "\"runtime\": {\"kind\": \"process\", \"strategy\": \"recreate\"},\n  \"drain\"",
            in: "environments/base.json")
        try shop.commit("Listen without an edge")
        let older = try shop.deployTwoReleases()
        XCTAssertEqual(try shop.world("production"), World(version: "two", items: ["first", "second"]))
        try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.world("production"), World(version: "one", items: ["first"]))
        try shop.expectConsistent("production")

        try shop.commit(["app/health": "503", "app/version": "broken"])
        try shop.run("staging").expect(15)
        XCTAssertEqual(try shop.version("staging"), "two")
        try shop.expectConsistent("staging")
    }

    func testAServiceOnAPortBehindTheEdge() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace(", \"listen\": \"socket\"", with: "", in: "environments/base.json")
        try shop.commit("Listen on a port")
        try shop.run("staging").expect(0)
        let traffic = LiveTraffic(port: shop.port("staging"))
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try traffic.expectUnharmed("a cutover between ports")
        XCTAssertGreaterThan(traffic.stop(), 0)
        XCTAssertEqual(try shop.version("staging"), "two")
        try shop.expectConsistent("staging")
    }

    func testAWorkerIsReplacedTogetherWithTheService() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace(
            "\"front\":",
            with:
                "\"worker\": {\"role\": \"app\", \"command\": [\"sh\", \"app/worker.sh\"], \"listen\": \"none\"},\n    \"front\":",
            in: "environments/base.json")
        try shop.commit(["app/worker.sh": "echo working on $(cat app/version)\nwhile :; do sleep 0.1; done\n"]
        )
        for version in ["one", "two"] {
            try shop.commit(version: version)
            try shop.run("staging").expect(0)
            XCTAssertTrue(
                eventually {
                    (try? shop.read("logs/staging/worker.log"))?.contains("working on \(version)") == true
                })
            let workers = shop.processes().filter { $0.command == "sh app/worker.sh" }
            XCTAssertEqual(workers.map(\.instance), [try shop.currentInstance("staging")])
            try shop.expectConsistent("staging")
        }
    }
}
