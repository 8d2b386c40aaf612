import DeployTestSupport
import Foundation
import XCTest

/// A release goes by the definition it was deployed with; what is written meanwhile waits for the next deployment.
final class ReleaseDefinitionTests: XCTestCase {
    private struct Standing: Decodable {
        struct Place: Decodable {
            let name: String
            let state: String
            let waiting: String?
        }
        let environments: [Place]
    }

    private func production(_ world: DeployctlFixture) throws -> Standing.Place {
        let run = try world.run("status", "--json")
        return try XCTUnwrap(run.json(Standing.self).environments.first { $0.name == "production" })
    }

    /// Two releases in both environments, the second with an entry file of another name.
    private func twoReleases() throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        try world.promote()
        try world.post("of one", to: "production")
        let (server, base) = (try world.read("app/server.py"), try world.read("environments/base.json"))
        try world.commit(
            [
                "app/version": "two", "app/main.py": server, "app/server.py": nil,
                "environments/base.json": base.replacingOccurrences(of: "app/server.py", with: "app/main.py"),
            ], "Rename the entry")
        return world
    }

    func testARollbackStartsAReleaseAsItWasDeployed() throws {
        let world = try twoReleases()
        XCTAssertNotNil(try production(world).waiting)
        try world.run("restart", "production").expect(0, "the written definition names a file it has not")
        XCTAssertEqual(try world.version("production"), "one")
        try world.run("staging").expect(0)
        try world.promote()
        XCTAssertNil(try production(world).waiting)
        try world.run("rollback", "previous", "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try world.version("production"), "one")
        try world.run("restart", "production").expect(0)
        let back = try world.run("history", "--json").expect(0)
        XCTAssertTrue(back.output.contains("rollback"))
        try world.run("stop", "production").expect(0)
        try world.run("start", "production").expect(0)
        XCTAssertEqual(try world.items("production"), ["of one"])
    }

    /// What looks, stops or goes back needs nothing of the definitions that lie there now.
    func testNothingThatStopsOrGoesBackNeedsTheWrittenDefinition() throws {
        let world = try twoReleases()
        try world.run("staging").expect(0)
        try world.promote()
        let folder = "\(world.project)/environments"
        struct Moves: Decodable {
            struct Move: Decodable { let release: String }
            let deployments: [Move]
        }
        let moves = try world.run("history", "production", "--json").json(Moves.self).deployments
        let (two, one) = (moves[0].release, moves[1].release)
        let damages: [(String, () throws -> Void)] = [
            (
                "not JSON",
                {
                    for name in ["staging", "production"] {
                        try world.write("{\"extends\": ", to: "environments/\(name).json")
                    }
                }
            ),
            ("an unknown key", { try world.write("{\"portz\": {}}", to: "environments/base.json") }),
            ("gone", { try FileManager.default.removeItem(atPath: folder) }),
        ]
        for (damage, make) in damages {
            try make()
            let verbs = [
                "status", "status production", "history", "history production", "show previous",
                "logs production",
                "lock acquire production", "lock show", "lock release production", "rollback",
                "backup create production", "backup list", "backup verify production", "plan rollback \(one)",
                "exec production web -- true", "restart production", "stop production", "start production",
                "rollback \(one) --confirm CONFIRM", "rollback \(two) --confirm CONFIRM --code-only",
            ]
            for verb in verbs {
                try world.run(verb.split(separator: " ").map(String.init)).expect(0, "\(damage): \(verb)")
            }
            let refused = try world.run("production", "--confirm", "CONFIRM")
            XCTAssertTrue([10, 17].contains(refused.status), "\(damage): \(refused.errors)")
            XCTAssertTrue(
                try XCTUnwrap(try production(world).waiting).contains("cannot be deployed"), damage)
        }
    }

    func testAStopNeedsNoSecret() throws {
        let world = try DeployctlFixture(for: self)
        let secret = "\(world.project)/.deployctl-secret"
        try world.write("s3cret", to: ".deployctl-secret")
        chmod(secret, 0o600)
        try world.replace(
            "\"logs\": \"logs/staging\"",
            with: "\"logs\": \"logs/staging\", \"secrets\": {\"KEY\": {\"file\": \".deployctl-secret\"}}",
            in: "environments/staging.json")
        try world.write(".deployctl/\nbackups/\nlogs/\n.deployctl-secret\n", to: ".gitignore")
        try world.commit("A secret")
        try world.run("staging").expect(0)
        try FileManager.default.removeItem(atPath: secret)
        let refused = try world.run("restart", "staging")
        XCTAssertNotEqual(refused.status, 0)
        XCTAssertEqual(try world.version("staging"), "one", "what serves was not touched")
        try world.run("stop", "staging").expect(0)
    }
}
