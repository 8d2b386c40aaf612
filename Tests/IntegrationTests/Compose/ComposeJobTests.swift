import DeployTestSupport
import Foundation
import XCTest

/// Containers that do their work once in each deployment, and end.
final class ComposeJobTests: ComposeTestCase {
    func testAJobThatFailsEndsTheDeploymentAndOneThatEndsWellIsNoDrift() throws {
        try world.replace(
            "services:\n  web:",
            with: """
                services:
                  seed:
                    build: ./app
                    command: ["sh", "-c", "echo seeded >> /kept/runs; exit $$(cat /app/seed)"]
                    volumes: ["work:/kept"]
                    restart: "no"
                  web:
                """, in: "compose.yml")
        try world.replace(
            "depends_on: {keeper: {condition: service_healthy}}",
            with:
                "depends_on: {keeper: {condition: service_healthy}, seed: {condition: service_completed_successfully}}",
            in: "compose.yml")
        try world.replace("volumes:\n  kept:\n", with: "volumes:\n  kept:\n  work:\n", in: "compose.yml")
        try world.replace("version health /app/", with: "version health seed /app/", in: "app/Dockerfile")
        try world.write("0\n", to: "app/seed")
        try world.replace(
            "\"keeper\": {\"role\": \"data\"}",
            with: "\"keeper\": {\"role\": \"data\"}, \"seed\": {\"role\": \"job\"}",
            in: "environments/staging.json")
        try world.replace(
            "[\"\(world.name)_kept\"]", with: "[\"\(world.name)_kept\", \"\(world.name)_work\"]",
            in: "environments/staging.json")
        try world.commit("A job")
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.containers("role=job"), [], "it ended, and is gone")
        try world.run("status", "staging").expect(0)
        try world.commit(["app/version": "two\n", "app/seed": "3\n"], "The job fails")
        let failed = try world.run("staging").expect(15).expectExplained()
        XCTAssertTrue(failed.errors.contains("Job seed failed"), failed.errors)
        XCTAssertEqual(try world.version(), "one")
        try world.run("status", "staging").expect(0)
    }
}
