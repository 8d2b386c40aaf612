import DeployTestSupport
import Foundation
import XCTest

/// A database beside a release whose copies run on three machines of a swarm.
final class SwarmDataTests: XCTestCase {
    private var world: SwarmWorld!

    override class func tearDown() { ThrowawaySwarm.remove() }

    override func setUpWithError() throws {
        world = try SwarmWorld(for: self)
        try furnish()
    }

    func testADatabaseStaysOnItsMachineAndIsReachedFromAll() throws {
        try world.run("staging").expect(0)
        try expectReached()
        let container = try world.swarm.docker(1, "inspect", "--format", "{{.Id}}", database)
        try sql("CREATE TABLE kept (note text); INSERT INTO kept VALUES ('first')")
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        try world.expectServing("two")
        try expectReached()
        XCTAssertEqual(
            try world.swarm.docker(1, "inspect", "--format", "{{.Id}}", database), container,
            "what outlives releases was not touched")

        let made = try world.run("backup", "create", "staging").expect(0)
        let backup = try String(XCTUnwrap(made.errors.firstMatch(of: /Backup (\d{14}) of staging/)).1)
        try sql("UPDATE kept SET note = 'changed'")
        try world.run("backup", "restore", "staging", backup).expect(0)
        XCTAssertEqual(try sql("SELECT note FROM kept"), "first\n")
        try expectReached()
        try world.run("status", "staging").expect(0)
    }

    func testDataIsNotPutWhereItsPlacementDoesNotLead() throws {
        try world.replace(
            "    image: postgres:15\n",
            with:
                "    image: postgres:15\n    deploy: {placement: {constraints: [node.hostname == tb-n3]}}\n",
            in: "compose.yml")
        try world.commit("Want it elsewhere")
        let refused = try world.run("staging")
        XCTAssertNotEqual(refused.status, 0)
        try expect(refused.errors.contains("services.db.deploy.placement"), refused.errors)
        XCTAssertFalse(try world.swarm.docker(1, "volume", "ls", "--quiet").contains(volume))
    }

    private var database: String { "\(world.name)-staging-db-1" }
    private var volume: String { "\(world.name)-staging_data" }

    /// What it prints.
    @discardableResult
    private func sql(_ text: String) throws -> String {
        try world.swarm.docker(1, "exec", database, "psql", "-qAtU", "shop", "-c", text)
    }

    /// By copies on all machines.
    private func expectReached() throws {
        for _ in 1...6 {
            let answer = HTTP.ask("GET", "/api/cgi-bin/db", port: world.ports["staging"] ?? 0)
            try expectEqual(answer.body, "reached\n", "what a copy says of its database")
        }
    }

    private func furnish() throws {
        try world.write(
            "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n"
                + "nc -w 5 db 5432 </dev/null && echo reached || echo lost\n",
            to: "app/www/cgi-bin/db")
        try world.replace(
            "COPY www /www\n", with: "COPY www /www\nRUN chmod +x /www/cgi-bin/db\n", in: "app/Dockerfile")
        try world.replace(
            "secrets:\n  TOKEN",
            with: """
                  db:
                    image: postgres:15
                    environment: {POSTGRES_DB: shop, POSTGRES_USER: shop, POSTGRES_PASSWORD: shape}
                    ports: ["5432:5432"]
                    volumes: ["data:/var/lib/postgresql/data"]
                    healthcheck: {test: ["CMD-SHELL", "pg_isready -U shop"], interval: 1s, start_period: 120s}
                volumes:
                  data: {}
                secrets:
                  TOKEN
                """, in: "compose.yml")
        let port = try HTTP.freePort()
        try world.write("shape", to: ".secrets/DB")
        chmod("\(world.project)/.secrets/DB", 0o600)
        try world.replace(
            "\"extends\": \"base.json\",",
            with: """
                "extends": "base.json",
                "services": {"db": {"role": "data"}},
                "database": {"engine": "postgresql", "service": "db", "name": "shop", "user": "shop",
                             "password": {"file": ".secrets/DB"}},
                """, in: "environments/staging.json")
        try world.replace(
            "\"ports\": {", with: "\"ports\": {\"db\": \(port), ", in: "environments/staging.json")
        try world.commit("Add a database")
    }
}
