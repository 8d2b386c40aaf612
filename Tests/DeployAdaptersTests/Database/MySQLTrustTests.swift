import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What must not be believed, and what must not be seen.
final class MySQLTrustTests: MySQLFixture {
    func testPasswordsOfAnyCharactersWork_S01() throws {
        for (number, password) in [
            "plain", "with space", " both ends ", "hash#tag", "semi;colon", "quo'te", "dou\"ble",
            "back\\slash", "tail\\",
            "\\n\\s", "ünïcödé😀", "a=b", "[client]", "'\"", "tab\tstop", "#", "!include x",
        ].enumerated() {
            let user = "\(stem)_u\(number)"
            try run(
                "CREATE USER '\(user)'@'127.0.0.1' IDENTIFIED BY '\(password.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "'", with: "\\'"))'; GRANT ALL ON *.* TO '\(user)'@'127.0.0.1' WITH GRANT OPTION;"
            )
            try writeSecret(password, to: "password")
            use { $0.user = user }
            XCTAssertFalse(try engine.exists(DatabaseLocation("\(stem)_none")), password)
        }
    }

    func testNoPasswordIsInAnyCommandLineOrEnvironment_S01() throws {
        let canary = "c4n4ry\(UInt64.random(in: .min ... .max))"
        try run(
            "CREATE USER '\(stem)_c'@'127.0.0.1' IDENTIFIED BY '\(canary)'; GRANT ALL ON *.* TO '\(stem)_c'@'127.0.0.1' WITH GRANT OPTION;"
        )
        try writeSecret(canary, to: "password")
        use { $0.user = "\(stem)_c" }
        try engine.create(live)
        try run(
            "CREATE TABLE a (n INT PRIMARY KEY, t TEXT); INSERT INTO a SELECT seq, REPEAT(MD5(seq), 20) FROM seq_1_to_30000;",
            in: live)
        let scanner = Scanner(canary)
        Thread.detachNewThread { scanner.run() }
        let payload = "\(folder)/payload.zst"
        _ = try engine.backUp(live, to: payload)
        try engine.restore(payload, to: sibling("_proof"))
        try engine.copy(live, to: sibling("_reader"))
        let console = try engine.console(live)
        XCTAssertFalse(console.command.vector.joined(separator: " ").contains(canary))
        scanner.stop()
        XCTAssertGreaterThan(scanner.clientsSeen, 0, "the scan saw the clients")
        XCTAssertEqual(scanner.found, [])
        let file = try XCTUnwrap(console.command.arguments.first?.dropFirst("--defaults-file=".count))
        XCTAssertEqual(LocalFileStore().permissions(of: String(file))?.mode, 0o600)
        XCTAssertEqual(
            LocalFileStore().names(in: "\(folder)/.deployctl/staging/clients").count, 1,
            "only the console's stays")
    }

    func testTheApplicationsUserMayUseWhatIsMadeAndNothingElse() throws {
        let user = "\(stem)_app"
        try run("CREATE USER '\(user)'@'127.0.0.1' IDENTIFIED BY 'x';")
        let admin = database.user ?? ""
        try writeSecret("x", to: "own")
        use {
            ($0.user, $0.password) = (user, .file("own"))
            $0.admin = .init(user: admin, password: .file("password"))
        }
        try engine.create(live)
        try run("CREATE TABLE a (n INT)", in: live)
        _ = try engine.backUp(live, to: "\(folder)/payload.zst")
        try engine.restore("\(folder)/payload.zst", to: sibling())
        try LocalFileStore().publish(
            Data(MySQLOptionFile.text(user: user, password: "x").utf8), to: "\(folder)/app.cnf")
        let arguments = ["--defaults-file=\(folder)/app.cnf"] + clientArguments.dropFirst()
        let look = { MySQLPlace.client(arguments + [$0], "INSERT INTO a VALUES (1)").succeeded }
        XCTAssertTrue(look(live.name))
        XCTAssertTrue(look(sibling().name))
        let other = stem.replacingOccurrences(of: "_", with: "x")
        try run("CREATE DATABASE `\(other)`; CREATE TABLE `\(other)`.a (n INT);")
        defer { _ = try? run("DROP DATABASE `\(other)`;") }
        XCTAssertFalse(look(other), "an underscore stands for itself")
        try engine.remove(sibling())
        let left = try run("SELECT db FROM mysql.db WHERE user = '\(user)'")
        XCTAssertEqual(left.count, 1, "rights on what is removed are revoked: \(left)")
    }

    func testWithoutTheRightToHoldWritesAQuietDatabaseIsBackedUp() throws {
        try engine.create(live)
        try run("CREATE TABLE a (n INT); INSERT INTO a VALUES (1);", in: live)
        let user = "\(stem)_low"
        try run(
            "CREATE USER '\(user)'@'127.0.0.1' IDENTIFIED BY 'low'; GRANT ALL ON `\(stem)`.* TO '\(user)'@'127.0.0.1';"
        )
        try writeSecret("low", to: "password")
        use { $0.user = user }
        XCTAssertEqual(try engine.backUp(live, to: "\(folder)/payload.zst").summary.tables.first?.rows, 1)
    }

    func testSiblingsAreTheDatabasesMadeUnderTheName() throws {
        for name in [
            "", "__20260101000001", "__20260101000002_reader", "__x", "_20260101000001", "__2026010100000",
        ] {
            try run("CREATE DATABASE `\(stem)\(name)`")
        }
        XCTAssertEqual(
            try engine.siblings(of: live).map(\.name).sorted(),
            ["\(stem)__20260101000001", "\(stem)__20260101000002_reader"])
    }
}

/// Looks for a text in every process' arguments and in the environment of the database clients.
private final class Scanner: @unchecked Sendable {
    private let canary: String
    private let lock = NSLock()
    private var stopped = false
    private(set) var found: [String] = []
    private(set) var clientsSeen = 0

    init(_ canary: String) { self.canary = canary }

    func stop() { lock.withLock { stopped = true } }

    func run() {
        while !lock.withLock({ stopped }) {
            for pid in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            where Int(pid) != nil {
                for file in ["cmdline", "environ"] {
                    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") else {
                        continue
                    }
                    let text = String(decoding: data, as: UTF8.self)
                    lock.withLock {
                        if text.contains("defaults-file=") { clientsSeen += 1 }
                        if text.contains(canary) { found.append("\(pid) \(file)") }
                    }
                }
            }
        }
    }
}
