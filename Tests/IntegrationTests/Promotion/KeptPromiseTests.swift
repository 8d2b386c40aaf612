import DeployTestSupport
import Foundation
import XCTest

/// What production's definition promises holds against flags, names, and what git was told.
final class KeptPromiseTests: XCTestCase {
    private let weak = "{\"from\": \"staging\"}, \"confirmation\": null"

    func testAnotherFolderGivesNoOtherRules() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let other = "\(world.folder)/other"
        for folder in [other, "\(world.project)/other"] {
            try FileManager.default.copyItem(atPath: "\(world.project)/environments", toPath: folder)
            let file = "\(folder)/production.json"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacingOccurrences(of: "{\"from\": \"staging\"}", with: weak)
                .write(toFile: file, atomically: true, encoding: .utf8)
        }
        try world.commit("Another folder")
        try world.run("staging").expect(0)
        for folder in [other, "other", "./other/../other"] {
            let run = try world.run("production", "--environments", folder).expect(10, folder)
            XCTAssertTrue(run.errors.contains("would give it other rules"), run.errors)
            try world.run("restart", "production", "--environments", folder).expect(10, folder)
        }
        try world.run("production", "--environments", "./environments/", "--confirm", "CONFIRM")
            .expect(0, "its own folder, however it is written")
    }

    func testADefinitionCountsAsItIsCommitted() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let file = "environments/production.json"
        let committed = try world.read(file)
        try world.git("update-index", "--assume-unchanged", file)
        try world.replace("{\"from\": \"staging\"}", with: weak, in: file)
        try world.refuses("clean", "production.json: not as the newest commit has it")
        try world.write(committed, to: file)
        try world.pass("as it is committed")

        try world.git("rm", "--quiet", "--cached", file)
        try world.write(try world.read(".gitignore") + "production.json\n", to: ".gitignore")
        try world.commit("Ignore it")
        try world.run("staging").expect(0)
        try world.refuses("clean", "production.json: not as")
    }

    func testAWeakerRuleIsShownAndConfirmedOnce() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        try world.promote()
        try world.replace("{\"from\": \"staging\"}", with: weak, in: "environments/production.json")
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        let plan = try world.run("plan", "production").expect(0)
        XCTAssertTrue(plan.output.contains("maybe weakening them: confirmation"), plan.output)
        try world.run("production").expect(13, "null asks nobody, but that is new")
        XCTAssertEqual(try world.version("production"), "one")
        try world.promote()
        try world.commit(version: "three")
        try world.run("staging").expect(0)
        try world.run("production").expect(0, "it was confirmed once")
        XCTAssertEqual(try world.version("production"), "three")
    }

    func testOnlyABranchIsABranch() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"promotion\"", with: "\"branches\": [\"stable/*\"], \"promotion\"",
            in: "environments/production.json")
        try world.commit("Branches")
        try world.git("checkout", "--quiet", "--detach")
        try world.commit(version: "tagged")
        try world.git("tag", "stable/x")
        try world.git("checkout", "--quiet", "main")
        try world.run("staging", "--ref", "stable/x").expect(0)
        try world.refuses("branch", "the commit is on no branch, allowed are stable/*")

        try world.git("branch", "stable/x")
        let run = try world.run("staging", "--ref", "stable/x").expect(2, "two things of one name")
        XCTAssertTrue(run.errors.contains("--ref refs/heads/stable/x"), run.errors)
        try world.git("update-ref", "refs/main", "stable/x")
        try world.run("staging", "--ref", "main").expect(2, "git would take what stands nearest to refs")
        try world.run("staging", "--ref", "refs/heads/stable/x").expect(0)
        try world.git("checkout", "--quiet", "--detach")
        try world.git("branch", "--quiet", "--delete", "--force", "main")
        try world.promote()
        XCTAssertEqual(try world.version("production"), "one", "as CI checks it out")
    }

    func testNoProgramOfTheRepositorysConfigurationRuns() throws {
        let world = try DeployctlFixture(for: self)
        try world.commit([".gitattributes": "app/version filter=x\n"], "Attributes")
        let (hit, program) = ("\(world.folder)/hit", "\(world.folder)/program")
        try "#!/bin/sh\necho \"$0 $*\" >> \(hit)\ncat\n".write(
            toFile: program, atomically: true, encoding: .utf8)
        chmod(program, 0o755)
        for key in [
            "core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.editor", "core.pager", "gpg.program",
            "diff.external", "credential.helper", "core.alternateRefsCommand", "uploadpack.packObjectsHook",
            "filter.x.smudge", "filter.x.clean", "tar.tar.command",
        ] {
            try world.git("config", key, program)
        }
        try world.git("config", "core.hooksPath", world.folder)
        try world.git("config", "log.showSignature", "true")
        try world.git("config", "tag.gpgSign", "true")
        utimes("\(world.project)/app/version", nil)
        let run = try world.run("staging").expect(15, "its commit asks for a filter")
        XCTAssertTrue(run.errors.contains("filter x, whose program only the repository's own"), run.errors)
        try world.git("config", "--remove-section", "filter.x")
        try world.run("staging").expect(0)
        try world.run("status").expect(0)
        try world.promote()
        XCTAssertFalse(
            FileManager.default.fileExists(atPath: hit),
            (try? String(contentsOfFile: hit, encoding: .utf8)) ?? "")
        XCTAssertFalse(
            try world.git("tag", "--list", "deploy/production/*").isEmpty, "it is tagged all the same")
    }

    func testARuleInNoCommitChangesNoRelease() throws {
        let world = try DeployctlFixture(for: self)
        let attributes = ".git/info/attributes"
        try world.write("# none\n", to: attributes)
        try world.git("config", "core.autocrlf", "true")
        try world.git("config", "core.attributesFile", "\(world.folder)/attributes")
        try "* text\napp/health export-ignore\n".write(
            toFile: "\(world.folder)/attributes", atomically: true, encoding: .utf8)
        try world.run("staging").expect(0)
        let release = "\(world.project)/.deployctl/staging/current/app"
        XCTAssertEqual(try String(contentsOfFile: "\(release)/health", encoding: .utf8), "200")
        XCTAssertFalse(try String(contentsOfFile: "\(release)/server.py", encoding: .utf8).contains("\r"))
        try world.write("app/health export-ignore\n", to: attributes)
        try world.git("commit", "--quiet", "--allow-empty", "--message", "More")
        let run = try world.run("staging").expect(15)
        XCTAssertTrue(run.errors.contains("info/attributes"), run.errors)
    }

    func testAStrangersFolderIsNotUsed() throws {
        guard geteuid() == 0 else { throw XCTSkip("only root gives folders away") }
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let place = "\(world.project)/.deployctl"
        for path in [
            world.project, "\(world.project)/environments", "\(world.project)/environments/base.json", place,
        ] {
            chown(path, 65_534, 65_534)
            for verb in [["status"], ["validate"], ["gates"], ["staging"]] {
                let run = try world.runProgram([world.binary, "-C", world.project] + verb).expect(10, path)
                XCTAssertTrue(run.errors.contains("\(path) belongs to"), run.errors)
            }
            lchown(path, 0, 0)
        }
        chmod("\(world.project)/logs", 0o777)
        try world.commit(version: "two")
        XCTAssertTrue(try world.run("staging").expect(10).errors.contains("logs may be written by everybody"))
        let settings = "\(world.folder)/settings"
        try FileManager.default.createDirectory(
            atPath: "\(settings)/deployctl", withIntermediateDirectories: true)
        try "\(world.project)/logs\n".write(
            toFile: "\(settings)/deployctl/trusted", atomically: true, encoding: .utf8)
        try world.runProgram([
            "env", "XDG_CONFIG_HOME=\(settings)", world.binary, "-C", world.project, "staging",
        ])
        .expect(0, "allowed by name")
    }

    func testLookingStartsNoCommandOfADefinition() throws {
        let world = try DeployctlFixture(for: self)
        let hit = "\(world.folder)/hit"
        try world.ask("\"commands\": [[\"touch\", \"\(hit)\"]]")
        try world.run("validate").expect(0)
        let before = try world.run("status").expect(0)
        XCTAssertTrue(before.output.contains("were not run"), before.output)
        XCTAssertFalse(FileManager.default.fileExists(atPath: hit))
        try world.pass("now they are asked")
        XCTAssertTrue(FileManager.default.fileExists(atPath: hit))
        try FileManager.default.removeItem(atPath: hit)
        XCTAssertFalse(
            try world.run("status").expect(0).output.contains("were not run"), "what they said stands")
        XCTAssertFalse(FileManager.default.fileExists(atPath: hit))
    }

    func testADefinitionThatNeverEndsIsRefused() throws {
        let world = try DeployctlFixture(for: self)
        let base = "\(world.project)/environments/base.json"
        for make in [
            { symlink("/dev/zero", base) }, { mkfifo(base, 0o600) }, { symlink("/dev/random", base) },
            { mkdir(base, 0o700) },
        ] {
            try FileManager.default.removeItem(atPath: base)
            XCTAssertEqual(make(), 0)
            try world.run("validate").expect(10)
        }
    }
}
