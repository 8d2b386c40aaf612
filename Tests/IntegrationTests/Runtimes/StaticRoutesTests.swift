import DeployTestSupport
import Foundation
import XCTest

/// What the front gives to strangers, and what it takes from them.
final class StaticRoutesTests: XCTestCase {
    private func world(_ routes: String, _ more: String = "") throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.replace("\"/\": \"web\"", with: routes, in: "environments/base.json")
        try world.replace("\"drain\"", with: "\(more)\"drain\"", in: "environments/base.json")
        return world
    }

    private func link(_ path: String, _ target: String, _ world: DeployctlFixture) throws {
        let place = "\(world.project)/\(path)"
        try FileManager.default.createDirectory(
            atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: target)
    }

    func testOnlyWhatLiesInTheFolderIsServed_S08() throws {
        let world = try world(
            #""/health": "web", "/files": "site", "/": "public""#, #""shared": ["public/uploads"], "#)
        for (path, text) in [
            ("site/a.txt", "file"), ("site/v2/b.txt", "second"), ("site/.env", "secret"),
            ("site/.git/config", "secret"), ("site/.well-known/security.txt", "known"),
            ("public/index.html", "page"), ("secret.txt", "secret"),
        ] { try world.write(text, to: path) }
        try link("site/latest", "v2", world)
        try link("site/out.txt", "../secret.txt", world)
        try link("site/hosts", "/etc/hosts", world)
        try link("site/state", "../../../../state.db", world)
        try world.git("add", "--all")
        try world.git("commit", "--quiet", "--message", "Site")
        try world.run("staging").expect(0)
        func get(_ path: String) -> HTTPAnswer { world.get(path, from: "staging") }
        XCTAssertEqual(get("/files/a.txt").body, "file")
        XCTAssertEqual(get("/files/latest/b.txt").body, "second", "a link that stays in the folder")
        XCTAssertEqual(get("/files/.well-known/security.txt").body, "known")
        XCTAssertEqual(get("/files").status, 301)
        XCTAssertEqual(get("/files").headers["location"], "/files/")
        for path in [
            "/files../secret.txt", "/filesa.txt", "/files/../secret.txt", "/files/%2e%2e/secret.txt",
            "/files/.env", "/files/.git/config", "/files/%2eenv", "/files/x%0a/.env", "/files/out.txt",
            "/files/hosts", "/files/state", "/files//etc/hosts", "/files/latest../a.txt",
        ] {
            let answer = get(path)
            XCTAssertTrue([403, 404].contains(answer.status), "\(path): \(answer.status) \(answer.body)")
        }
        let uploads = "\(world.project)/.deployctl/staging/shared/public/uploads"
        try "kept".write(toFile: "\(uploads)/u.txt", atomically: false, encoding: .utf8)
        XCTAssertEqual(get("/uploads/u.txt").body, "kept", "a shared folder is served from where it lies")
        try FileManager.default.createSymbolicLink(
            atPath: "\(uploads)/hosts", withDestinationPath: "/etc/hosts")
        XCTAssertEqual(get("/uploads/hosts").status, 403, "a link an application made")
    }

    func testBodiesAreBounded() throws {
        let world = try world("\"/\": \"web\"", #""front": {"body": "100kB"}, "#)
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        try world.post(String(repeating: "x", count: 90_000), to: "staging")
        let answer = HTTP.ask(
            "POST", "/items", port: world.port("staging"), body: String(repeating: "x", count: 110_000))
        XCTAssertEqual(answer.status, 413, answer.body)
        let log = "\(world.project)/.deployctl/staging/edge/error.log"
        XCTAssertEqual(try String(contentsOfFile: log, encoding: .utf8), "", "strangers write no log")
    }

    func testAReleaseThatWasTouchedDoesNotServeAgain_T19() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let root = "\(world.project)/.deployctl/staging"
        let release = "\(root)/releases/\(try world.stagedRelease())"
        try "added".write(toFile: "\(release)/app/added.py", atomically: false, encoding: .utf8)
        try world.run("restart", "staging").expect(0)
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(release)/app/added.py"))
        let aside = "\(root)/strays/\(try world.stagedRelease())/app/added.py"
        XCTAssertEqual(try String(contentsOfFile: aside, encoding: .utf8), "added")
        try "two".write(toFile: "\(release)/app/version", atomically: false, encoding: .utf8)
        for verb in [["restart", "staging"], ["restart", "staging", "web"]] {
            let run = try world.run(verb).expect(12)
            XCTAssertTrue(run.errors.contains("app/version is"), run.errors)
        }
        try world.run("stop", "staging").expect(0)
        try world.run("start", "staging").expect(12)
    }

    func testAPushToStagingDeletesNothingOutsideItsRelease_S08() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"drain\"", with: "\"shared\": [\"data/uploads\"], \"drain\"", in: "environments/base.json")
        let outside = try makeTestFolder()
        try FileManager.default.createDirectory(
            atPath: "\(outside)/uploads", withIntermediateDirectories: true)
        try "precious".write(toFile: "\(outside)/uploads/file", atomically: false, encoding: .utf8)
        try link("data", outside, world)
        try world.git("add", "--all", "--force")
        try world.git("commit", "--quiet", "--message", "Link")
        let run = try world.run("staging").expect(12)
        XCTAssertTrue(run.errors.contains("data/uploads leads out of"), run.errors)
        XCTAssertEqual(try String(contentsOfFile: "\(outside)/uploads/file", encoding: .utf8), "precious")
    }
}
