import DeployTestSupport
import Foundation
import XCTest

/// Each environment runs as an account of its own, which reaches nothing of deployctl's or the other's.
final class AccountTests: XCTestCase {
    private static let accounts = ["staging": "games", "production": "daemon"]
    private var shop: DeployctlFixture!

    override func setUpWithError() throws {
        guard geteuid() == 0 else { throw lacking("superuser") }
        for name in Self.accounts.values where getpwnam(name) == nil { throw lacking("account \(name)") }
        shop = try DeployctlFixture(for: self)
        for (environment, account) in Self.accounts {
            try shop.replace(
                "\"logs\": ",
                with: """
                    "user": "\(account)", "files": {"private/file": {"file": ".secrets/\(environment)/file"}}, "logs":\u{20}
                    """,
                in: "environments/\(environment).json")
            try shop.write("of \(environment)\n", to: ".secrets/\(environment)/file")
            chmod("\(shop.project)/.secrets/\(environment)/file", 0o600)
        }
        try shop.replace(
            "\"watch\":",
            with: """
                "build": [["sh", "-c", "id -un > builder; cat private/file > built; echo made > made"]], "shared": ["uploads"],
                "release": [["sh", "-c", "id -un > ../../shared/uploads/releaser"]], "watch":
                """, in: "environments/base.json")
        try shop.replace(
            "\"keep\":", with: "\"include\": [\"database\", \"uploads\"], \"keep\":",
            in: "environments/production.json")
        try shop.write("theirs", to: ".secrets/production/key")
        chmod("\(shop.project)/.secrets/production", 0o700)
        try shop.append(".secrets/\n", to: ".gitignore")
        try shop.commit("Give each environment an account")
    }

    private func asApplication(_ environment: String, _ script: String) throws -> ProgramRun {
        try shop.run("exec", environment, "web", "--", "sh", "-c", script)
    }

    func testBuildReleaseCommandsServicesAndDataAreTheAccounts() throws {
        let plan = try shop.run("plan", "staging").expect(0).output
        XCTAssertTrue(
            plan.contains("setpriv --reuid games --regid '{group}' --init-groups --no-new-privs -- "), plan)
        try shop.run("staging").expect(0)
        try shop.promote()
        for (environment, account) in Self.accounts {
            try shop.post("cup", to: environment)
            let said = try asApplication(
                environment, "id -un; cat builder uploads/releaser built private/file; echo $HOME"
            )
            .expect(0)
            let home = String(cString: getpwnam(account).pointee.pw_dir)
            XCTAssertEqual(
                said.output.split(separator: "\n").map(String.init),
                [account, "games", account, "of staging", "of \(environment)", home],
                environment)
            XCTAssertEqual(try shop.items(environment), ["cup"])
        }
    }

    /// A commit names the variables, `PATH` among them, and brings programs of any name.
    func testNoProgramOfACommitRunsAsTheSuperuser() throws {
        let who = "\(shop.folder)/who"
        try shop.runProgram(["mkdir", "-m", "777", who]).expect(0)
        for name in ["setpriv", "sh", "env", "python3", "test"] {
            try shop.write(
                "#!/bin/sh\n/usr/bin/id -un > \(who)/\(name).$$\nexec /usr/bin/\(name) \"$@\"\n",
                to: "bin/\(name)")
            chmod("\(shop.project)/bin/\(name)", 0o755)
        }
        try shop.replace(
            "\"watch\":",
            with: "\"variables\": {\"PATH\": \"\(shop.project)/bin:/usr/bin:/bin\"}, \"watch\":",
            in: "environments/base.json")
        try shop.commit("Bring programs")
        try shop.run("staging").expect(0)
        try shop.run("restart", "staging").expect(0)
        try asApplication("staging", "true").expect(0)
        let users = try FileManager.default.contentsOfDirectory(atPath: who).map {
            try String(contentsOfFile: "\(who)/\($0)", encoding: .utf8)
        }
        XCTAssertFalse(users.isEmpty, "they were run")
        XCTAssertEqual(Set(users), ["games\n"])
    }

    func testBothAccountsRunWhatNamesWhereItWasBuiltAndNeitherChangesIt() throws {
        let build =
            "printf '#!/bin/sh\\necho ran\\n' > tool; chmod +x tool; printf '#!%s/tool\\n' $PWD > named; chmod +x named"
        try shop.replace(
            "id -un > builder;", with: "id -un > builder; \(build);", in: "environments/base.json")
        try shop.commit("Name the place")
        try shop.run("staging").expect(0)
        try shop.promote()
        let script = """
            ./named; tool=$(head -c 500 named | sed 's/^#!//')
            (echo x >> $tool) 2>/dev/null && echo CHANGED; (echo x > $tool.new) 2>/dev/null && echo ADDED
            echo end
            """
        for environment in Self.accounts.keys {
            XCTAssertEqual(try asApplication(environment, script).output, "ran\nend\n", environment)
        }
    }

    func testNothingElseIsInItsReach_S05() throws {
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("cup", to: "production")
        let script = """
            cd \(shop.project); for file in .deployctl/state.db .secrets/production/key \
            '.deployctl/production/files/private%2Ffile' .deployctl/production/shared/data/app.db .deployctl/production/run/current/nginx.conf; do
            cat $file >/dev/null 2>&1 && echo READ $file; done
            ls .deployctl >/dev/null 2>&1 && echo LISTED; cd - >/dev/null
            (echo x > made) 2>/dev/null && echo CHANGED; rm -f made 2>/dev/null && echo REMOVED
            (echo x > \(shop.project)/.deployctl/staging/run/current/nginx.conf) 2>/dev/null && echo CONFIGURED
            echo end
            """
        XCTAssertEqual(try asApplication("staging", script).output, "end\n")
    }

    func testARollbackAndARestoredFolderAreTheAccountsAgain_I14() throws {
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("cup", to: "production")
        XCTAssertEqual(try asApplication("production", "echo one > uploads/file").status, 0)
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try shop.promote()
        XCTAssertEqual(try asApplication("production", "echo two > uploads/file").status, 0)
        try shop.post("pot", to: "production")
        try shop.run("rollback", "previous", "--environment", "production", "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.items("production"), ["cup"])
        try shop.post("jug", to: "production")
        let script = "cat uploads/file; echo three > uploads/file; cat uploads/file"
        XCTAssertEqual(try asApplication("production", script).output, "one\nthree\n")
    }

    func testALinkOfTheApplicationLeadsNoFurtherThanItsOwnRights() throws {
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("cup", to: "production")
        let theirs = "\(shop.project)/.deployctl/production/shared/data"
        let file = try FileManager.default.destinationOfSymbolicLink(atPath: "\(theirs)/app.db")
        let before = try Data(contentsOf: URL(fileURLWithPath: "\(theirs)/\(file)"))
        let own = "\(shop.project)/.deployctl/staging/shared/data"
        for script in [
            "cd \(own); for f in app.db.*; do rm $f; ln -s \(theirs)/\(file) $f; done",
            "cd \(own); rm -f app.db; ln -s ../../../production/shared/data/\(file) app.db",
        ] {
            let account = ["setpriv", "--reuid", "games", "--regid", "games", "--init-groups", "--"]
            try shop.runProgram(account + ["sh", "-c", script]).expect(0)
            try shop.commit(["migrations/V0002_mark.sql": "CREATE TABLE stolen (a);\n"])
            try shop.run("staging")
            XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: "\(theirs)/\(file)")), before, script)
        }
    }

    func testAnAccountThatCannotBeTakenIsRefusedBeforeAnythingChanges() throws {
        try shop.replace("\"games\"", with: "\"no-such-account\"", in: "environments/staging.json")
        try shop.commit("Name nobody")
        let unknown = try shop.run("staging").expect(10)
        XCTAssertTrue(unknown.errors.contains("there is no such account"), unknown.errors)
        let doctor = try shop.run("doctor").expect(19).output
        XCTAssertTrue(doctor.contains("there is no such account"), doctor)
        try shop.replace("\"no-such-account\"", with: "\"games\"", in: "environments/staging.json")
        try shop.commit("Name an account")
        chmod(shop.project, 0o700)
        let unreachable = try shop.run("staging").expect(10)
        XCTAssertTrue(unreachable.errors.contains("it does not get to \(shop.project)"), unreachable.errors)
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(shop.project)/.deployctl/staging/releases"))
    }
}
