import DeployTestSupport
import Foundation
import XCTest

/// What a commit only points to, has in vain or lacks is said before somebody misses it.
final class CommittedGapsTests: XCTestCase {
    func testWhatTheCommitAndTheDefinitionDoNotShareIsNamed() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"routes\": {\"/\": \"web\"}",
            with: "\"routes\": {\"/\": \"web\", \"/api\": \"wbe\", \"/x\": \"pubilc\"}",
            in: "environments/base.json")
        try world.replace(
            "\"watch\":", with: "\"shared\": [\"uploads\"], \"watch\":", in: "environments/base.json")
        let server = try world.read("app/server.py")
        let without = server.replacingOccurrences(of: "DATABASE_URL", with: "APP_DB")
        try world.commit(
            [
                "uploads/seed.png": "x", ".gitattributes": "*.bin filter=lfs diff=lfs\n",
                "app/server.py": without,
            ],
            "Leave gaps")
        let run = try world.run("validate").expect(0)
        for said in [
            "uploads: the commit has seed.png there", "\"wbe\" is no service", "write \"web\"",
            "\"pubilc\" is no service",
            "Git LFS", "nothing in the commit reads DATABASE_URL",
        ] {
            XCTAssertTrue(run.output.contains(said), "\(said): \(run.output)")
        }
        XCTAssertTrue(try world.run("doctor").output.contains("\"wbe\" is no service"))
        try world.commit(
            ["app/server.py": server, "uploads/seed.png": nil, ".gitattributes": nil], "Fill them")
        try world.replace(", \"/api\": \"wbe\", \"/x\": \"pubilc\"", with: "", in: "environments/base.json")
        XCTAssertFalse(try world.run("validate").expect(0).output.contains("warning"))
    }

    func testASubmoduleIsNoEmptyFolderOfARelease_T21() throws {
        let world = try DeployctlFixture(for: self)
        let other = "\(world.folder)/other"
        try world.runProgram([
            "sh", "-c",
            "git init -q \(other) && cd \(other) && echo x > x && git add x && git -c user.name=a -c user.email=a@b commit -qm x",
        ]).expect(0)
        try world.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "vendor/lib")
        try world.commit("Add a submodule")
        XCTAssertTrue(
            try world.run("validate").expect(0).output.contains("vendor/lib: a release has nothing"))
        let run = try world.run("staging").expect(12)
        XCTAssertTrue(run.errors.contains("vendor/lib is a submodule"), run.errors)
        try world.commit([".gitattributes": "vendor/lib export-ignore\n"], "Leave it out")
        try world.run("staging").expect(0)
    }

    func testRowsBesideTheCodeAreNoticedBeforeTheyAreLost_T19() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        XCTAssertFalse(try world.run("status").output.contains("strays"))
        let database = "\(world.project)/.deployctl/staging/current/db.sqlite3"
        try world.runProgram(["sqlite3", database, "CREATE TABLE kept (text)"]).expect(0)
        XCTAssertTrue(try world.run("status").expect(0).output.contains("db.sqlite3 (a database,"))
        XCTAssertTrue(try world.run("doctor").output.contains("db.sqlite3 (a database,"))
        let plan = try world.run("plan", "production").output
        XCTAssertTrue(plan.contains("staging keeps files beside its code: db.sqlite3"), plan)
        try world.commit(version: "two")
        let run = try world.run("staging").expect(0)
        XCTAssertTrue((run.output + run.errors).contains("db.sqlite3 (a database,"), run.errors)
    }
}
