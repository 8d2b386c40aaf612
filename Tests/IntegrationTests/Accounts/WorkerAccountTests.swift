import DeployTestSupport
import Foundation
import XCTest

/// Where root runs deployctl, no request names a file that root reads.
final class WorkerAccountTests: XCTestCase {
    private var shop: DeployctlFixture!
    private let account =
        ["www-data", "nginx", "http", "nobody"].first { (name: String) in getpwnam(name) != nil } ?? ""

    override func setUpWithError() throws {
        guard geteuid() == 0 else { throw lacking("superuser") }
        shop = try DeployctlFixture(for: self)
        try shop.replace(
            #""front": {"role": "edge", "routes": {"/": "web"}}"#,
            with: #"""
                "port": {"role": "app", "command": ["/usr/bin/python3", "-IS", "app/server.py"], "listen": "tcp"},
                "front": {"role": "edge", "routes": {"/port": "port", "/files": "site", "/": "web"}}
                """#, in: "environments/base.json")
        try shop.replace(
            "\"drain\"",
            with: #""build": [["sh", "-c", "chmod 0600 site/*.txt"]], "shared": ["site/uploads"], "drain""#,
            in: "environments/base.json")
        for (path, text) in [
            ("site/a.txt", "file"), ("site/.env", "hidden"), ("secret.txt", "secret"),
        ] { try shop.write(text, to: path) }
        try shop.git("add", "--all")
        try shop.git("commit", "--quiet", "--message", "Site")
    }

    private var root: String { "\(shop.project)/.deployctl/staging" }

    private func get(_ path: String) -> HTTPAnswer { shop.get(path, from: "staging") }

    /// Who the workers of the edge and of the front that serves run as, by number.
    private func workers() throws -> [uid_t] {
        try ["edge", "run/current"].flatMap { folder in
            let pid = try String(contentsOfFile: "\(root)/\(folder)/nginx.pid", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let children = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
            return children.split(separator: " ").compactMap { child -> uid_t? in
                var information = stat()
                return stat("/proc/\(child)", &information) == 0 ? information.st_uid : nil
            }
        }
    }

    private func asWorker(_ script: String) throws -> String {
        try shop.runProgram([
            "setpriv", "--reuid", account, "--regid", account, "--init-groups", "--", "sh", "-c", script,
        ]).output
    }

    private func expectServing(_ when: String) throws {
        let numbers = try workers()
        XCTAssertEqual(numbers, [uid_t](repeating: getpwnam(account).pointee.pw_uid, count: 2), when)
        XCTAssertEqual(get("/files/a.txt").body, "file", "\(when): a file that only its owner may read")
        XCTAssertEqual(get("/files/.env").status, 404, when)
        XCTAssertEqual(get("/health").status, 200, "\(when): a service on a socket")
        XCTAssertEqual(get("/port").status, 404, "\(when): a service on a port")
    }

    func testStaticFilesSocketsPortsAndUploadsPassAWorkerThatIsNotRoot() throws {
        try shop.run("staging").expect(0)
        try expectServing("staging")
        try shop.post(String(repeating: "x", count: 20_000_000), to: "staging")
        let uploads = "\(root)/shared/site/uploads"
        try shop.runProgram(["sh", "-c", "umask 077; cd \(uploads); mkdir new; echo up > new/u.txt"]).expect(
            0)
        XCTAssertEqual(get("/files/uploads/new/u.txt").body, "up\n", "what a service of root makes later")
        try shop.run("restart", "staging").expect(0)
        try expectServing("restart")
        try shop.run("stop", "staging").expect(0)
        try shop.run("start", "staging").expect(0)
        try expectServing("start")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try shop.run(
            "rollback", "previous", "--environment", "staging", "--code-only", "--confirm", "CONFIRM"
        ).expect(0)
        try expectServing("rollback")
        XCTAssertEqual(try shop.version("staging"), "one")
    }

    func testAWorkerReadsWhatIsServedAndNothingElse_S05() throws {
        try shop.run("staging").expect(0)
        let release = "\(root)/releases/\(try shop.stagedRelease())"
        let files = ["site/a.txt", "site/.env", "secret.txt", "app/server.py", "REVISION"].map {
            "\(release)/\($0)"
        }
        let others = [
            "\(shop.project)/.deployctl/state.db", "\(root)/shared/data/app.db", "\(root)/edge/nginx.conf",
        ]
        let said = try asWorker(
            "for file in \((files + others).joined(separator: " ")); do cat $file >/dev/null 2>&1 && echo $file; done"
        )
        XCTAssertEqual(said, "\(release)/site/a.txt\n")
        XCTAssertEqual(
            try asWorker("echo x > \(release)/site/a.txt; ls \(shop.project)/.deployctl \(root)/shared"), "")
    }

    func testAnEdgeOfAnEarlierVersionChangesItsWorkersWithoutLosingARequest() throws {
        try shop.run("staging").expect(0)
        try makeRootsAsBefore()
        XCTAssertTrue(
            eventually { (try? workers()) == [0, 0] },
            "the workers are root's, as an earlier version left them")
        try whileOthersAsk {
            try shop.commit(version: "two")
            try shop.run("staging").expect(0)
        }
        try expectServing("the next deployment")
    }

    func testAnEnvironmentGetsAndLosesItsAccountWithoutLosingARequest() throws {
        guard getpwnam("games") != nil else { throw lacking("account games") }
        try shop.run("staging").expect(0)
        try whileOthersAsk {
            let file = "environments/staging.json"
            try shop.replace("\"logs\": ", with: "\"user\": \"games\", \"logs\": ", in: file)
            try shop.commit(version: "two")
            try shop.run("staging").expect(0)
            XCTAssertEqual(try workers(), [uid_t](repeating: getpwnam("games").pointee.pw_uid, count: 2))
            try shop.replace("\"user\": \"games\", ", with: "", in: file)
            try shop.commit(version: "three")
            try shop.run("staging").expect(0)
        }
        try expectServing("without an account again")
    }

    func testWhereNginxDoesNotGetToTheProjectRootServesItAndItIsSaid() throws {
        chmod(shop.project, 0o700)
        let run = try shop.run("staging").expect(0)
        XCTAssertTrue(run.errors.contains("static files are read as root: "), run.errors)
        XCTAssertTrue(run.errors.contains("does not pass through \(shop.project)"), run.errors)
        XCTAssertTrue(run.errors.contains("chmod o+x \(shop.project)"), run.errors)
        XCTAssertEqual(get("/files/a.txt").status, 200)
        XCTAssertEqual(try workers(), [0, 0])
        let doctor = try shop.run("doctor")
        XCTAssertTrue(doctor.output.contains("it reads static files"), doctor.output)
        chmod(shop.project, 0o711)
        try shop.commit(version: "two")
        let next = try shop.run("staging").expect(0)
        XCTAssertFalse(next.errors.contains("read as root"), next.errors)
        XCTAssertFalse(try workers().contains(0))
        XCTAssertEqual(get("/files/a.txt").status, 200)
    }

    private func whileOthersAsk(_ change: () throws -> Void) throws {
        let paths = ["/files/a.txt", "/health", "/version"]
        let traffic = paths.map { LiveTraffic(port: shop.port("staging"), path: $0) }
        try change()
        for requests in traffic { XCTAssertGreaterThan(requests.stop(), 0) }
        for (path, requests) in zip(paths, traffic) { try requests.expectUnharmed(path) }
    }

    /// Workers of root, and nothing in any access list.
    private func makeRootsAsBefore() throws {
        for folder in ["edge", "run/current"] {
            let file = "\(root)/\(folder)/nginx.conf"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let lines = text.components(separatedBy: "\n").drop { !$0.hasPrefix("user ") }
            try ("user root;\n" + lines.dropFirst().joined(separator: "\n"))
                .write(toFile: file, atomically: false, encoding: .utf8)
        }
        try shop.runProgram([
            "sh", "-c", "kill -HUP $(cat \(root)/edge/nginx.pid) $(cat \(root)/run/current/nginx.pid)",
        ]).expect(0)
        let script = """
            import os, sys
            for here, folders, files in os.walk(sys.argv[1]):
                for path in [here] + [os.path.join(here, name) for name in files]:
                    for kind in ("access", "default"):
                        try: os.removexattr(path, "system.posix_acl_" + kind, follow_symlinks=False)
                        except OSError: pass
            """
        try shop.runProgram(["python3", "-c", script, "\(shop.project)/.deployctl"]).expect(0)
    }
}
