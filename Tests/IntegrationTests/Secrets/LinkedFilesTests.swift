import DeployTestSupport
import Foundation
import XCTest

/// A private file of the machine stands in every release of an environment, and in none of them belongs to it.
final class LinkedFilesTests: XCTestCase {
    private func furnished() throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        for name in ["staging", "production"] {
            try world.replace(
                "\"logs\":",
                with: "\"files\": {\"config/.env\": {\"file\": \".secrets/\(name)/env\"}}, \"logs\":",
                in: "environments/\(name).json")
            try keep("KEY=\(name)-hush-1", for: name, in: world)
        }
        try world.replace(
            "\"watch\":",
            with: "\"build\": [[\"sh\", \"-c\", \"cut -c1-4 config/.env > built\"]], \"watch\":",
            in: "environments/base.json")
        try world.append(".secrets/\n", to: ".gitignore")
        try world.commit("Link a file")
        return world
    }

    private func keep(_ content: String, for environment: String, in world: DeployctlFixture) throws {
        let path = ".secrets/\(environment)/env"
        try world.write("\(content)\n", to: path)
        chmod("\(world.project)/\(path)", 0o600)
    }

    private func linked(_ environment: String, in world: DeployctlFixture) throws -> String {
        try world.run("exec", environment, "web", "--", "cat", "config/.env").expect(0).output
    }

    func testEachEnvironmentHasItsOwnAndTheReleaseHasNone_I34() throws {
        let world = try furnished()
        try world.run("validate").expect(0)
        try world.run("staging").expect(0)
        try world.promote()
        for name in ["staging", "production"] {
            XCTAssertEqual(try linked(name, in: world), "KEY=\(name)-hush-1\n")
            XCTAssertEqual(try world.read(".deployctl/\(name)/current/built"), "KEY=\n", "a build reads it")
        }
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        try keep("KEY=production-hush-2", for: "production", in: world)
        XCTAssertTrue(try world.run("status").output.contains("config/.env was changed since the start"))
        try world.promote()
        XCTAssertEqual(try linked("production", in: world), "KEY=production-hush-2\n")

        try world.write(nil, to: ".secrets/production/env")
        let missing = ["doctor", "diff", "status"].map { verb in (verb, (try? world.run(verb))?.output ?? "")
        }
        for (verb, said) in missing {
            XCTAssertTrue(said.contains("config/.env is missing"), "\(verb): \(said)")
        }
        try world.run("restart", "production").expect(0, "the last copy is there")
        try world.run("rollback", "previous", "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try world.version("production"), "one")
        XCTAssertEqual(try linked("production", in: world), "KEY=production-hush-2\n", "as it is now")
        try expectNoTrace(of: ["staging-hush-1", "production-hush-1", "production-hush-2"], in: world)
    }

    private func expectNoTrace(of canaries: [String], in world: DeployctlFixture) throws {
        for canary in canaries {
            let found = try world.runProgram([
                "grep", "-rlaF", canary, "\(world.project)/.deployctl", "\(world.project)/logs",
            ]).output.split(separator: "\n").filter { !$0.contains("/files/") }
            XCTAssertEqual(found, [], canary)
        }
    }

    func testWhatCannotBeLinkedIsRefusedBeforeAnythingChanges_T21() throws {
        let world = try furnished()
        let source = "\(world.project)/.secrets/staging/env"
        chmod(source, 0o644)
        XCTAssertTrue(try world.run("staging").expect(10).errors.contains("chmod 600"))
        try world.write(nil, to: ".secrets/staging/env")
        XCTAssertTrue(try world.run("staging").expect(10).errors.contains("config/.env is missing"))
        try keep("KEY=staging-hush-1", for: "staging", in: world)

        try world.commit(["config/.env": "KEY=committed\n"], "Commit what is linked")
        let refused = try world.run("staging").expect(12)
        XCTAssertTrue(refused.errors.contains("git rm --cached -r config/.env"), refused.errors)
        try world.git("rm", "--quiet", "--cached", "config/.env")

        try world.git("add", "--force", ".secrets/production/env")
        for verb in ["validate", "staging"] {
            let run = try world.run(verb).expect(10)
            XCTAssertTrue(run.errors.contains("Secrets are in git: .secrets/production/env"), run.errors)
        }
        XCTAssertTrue(try world.run("doctor").output.contains("git has .secrets/production/env"))
        XCTAssertEqual(
            try world.runProgram(["ls", "\(world.project)/.deployctl/staging/releases"]).output, "")
    }
}
