import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters

/// A shop that is kept for a long time: schedules, certificates, logs and notices in both environments.
final class YearWorld: DeployctlFixture, @unchecked Sendable {
    private(set) var clock: MovedClock!
    private(set) var https = 0
    private(set) var keeper: StartedProgram!

    private let proving: Int

    /// `proving`: days from one proof of the backups to the next.
    init(for test: XCTestCase?, proving days: Int) throws {
        proving = days
        try super.init(for: test)
        clock = try MovedClock(in: "\(folder)/clock", of: self)
        https = try HTTP.freePort(except: port("staging"))
        try write(".deployctl/\nbackups/\nlogs/\nnotices.json\n", to: ".gitignore")
        try write(
            definition(
                "staging", port("staging"),
                """
                "url": "https://shop.example:\(https)", "backup": {"keep": {"last": 5}},
                "tls": {"redirect": false, "acme": {"email": "ops@shop.example", "program": "certbot"}}
                """
            ).replacingOccurrences(of: "{\"http\"", with: "{\"https\": \(https), \"http\""),
            to: "environments/staging.json")
        try write(
            definition(
                "production", port("production"),
                """
                "backup": {"beforeDeploy": true, "verify": "restore", "keep": {"last": 5, "weekly": 4}},
                "promotion": {"from": "staging"}
                """), to: "environments/production.json")
        try commit("Look after itself")
        try authority()
    }

    private func definition(_ name: String, _ port: Int, _ more: String) -> String {
        """
        {
          "extends": "base.json", "ports": {"http": \(port)}, \(more),
          "logs": {"folder": "logs/\(name)", "size": "64KiB", "for": "14d", "within": "1MB"},
          "schedules": [
            {"at": "03:00", "run": ["backup", "create", "\(name)"], "name": "nightly"},
            {"at": "04:00", "run": ["backup", "prune", "\(name)", "--yes"], "name": "tidy"},
            {"every": "\(proving)d", "run": ["backup", "verify", "\(name)", "--sample", "2"], "name": "proof"}
          ],
          "notify": [{"name": "desk", "file": "notices.json", "on": ["P0", "P1", "P2"]}]
        }
        """
    }

    /// What the authority signs is good for ninety days from when it was asked.
    private func authority() throws {
        let program = """
            #!/bin/sh
            while [ $# -gt 0 ]; do
                case $1 in --config-dir) config=$2 ;; --domain) name=$2 ;; esac
                shift
            done
            live="$config/live/served"
            mkdir -p "$live"
            echo asked >> "\(folder)/asked"
            exec openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj /CN=$name \\
                -addext "subjectAltName=DNS:$name" -keyout "$live/privkey.pem" -out "$live/fullchain.pem"
            """
        let bin = "\(folder)/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        try program.write(toFile: "\(bin)/certbot", atomically: true, encoding: .utf8)
        chmod("\(bin)/certbot", 0o755)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        variables["PATH"] = "\(bin):\(path):/usr/sbin:/sbin"
    }

    /// How often the authority was asked.
    var asked: Int {
        let lines = try? String(contentsOfFile: "\(folder)/asked", encoding: .utf8)
        return lines?.split(separator: "\n").count ?? 0
    }

    /// Both environments serve, and a keeper looks after them.
    func begin() throws {
        try act("staging").expect(0)
        try act("production", "--confirm", "CONFIRM").expect(0)
        keeper = try start(clock.within([binary, "boot", "run"]))
        try expect(
            try eventually(within: 30) {
                try act("boot", "status", "--json").output.contains("\"keeper\":\"process \(keeper.pid)")
            }, "the keeper is there")
        try expect(
            try eventually(within: 30) { try number("SELECT count(*) FROM schedule_run") == 6 },
            "the keeper knows from when on each schedule is looked after")
    }

    /// Runs deployctl at the moved time.
    @discardableResult
    func act(_ words: String...) throws -> ProgramRun {
        let run = try runProgram(clock.within([binary] + words), deadline: 120)
        return run
    }

    /// Rows of the tool's own memory.
    func rows(_ query: String) throws -> [[SQLiteValue]] {
        try SQLiteConnection(path: "\(project)/.deployctl/state.db", access: .readOnly).run(query)
    }

    func number(_ query: String) throws -> Int { Int(try rows(query).first?.first?.integer ?? 0) }
}
