import DeployAdapters
import DeployCore
import DeployTestSupport
import Foundation
import XCTest

/// What must not be believed, and what must not be seen.
final class MySQLTrustTests: MySQLFixture {
    private func tool(_ name: String, _ script: String) throws {
        let path = "\(folder)/bin/\(name)"
        try? FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
        try "#!/bin/bash\nreal=/usr/bin/\(name)\n\(script)\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    func testNoLyingToolIsBelieved_T10() throws {
        try engine.create(live)
        try run(
            "CREATE TABLE a (n INT PRIMARY KEY, t TEXT); INSERT INTO a SELECT seq, MD5(seq) FROM seq_1_to_3000;",
            in: live)
        let good = "\(folder)/good.zst"
        let taken = try engine.backUp(live, to: good).summary
        let dumps = [
            "exit 1", "exit 0", "$real \"$@\" | head -c 4000; exit 0", "$real \"$@\" | head -n 20; exit 0",
            "$real \"$@\" | grep -v 'INSERT INTO'; exit 0", "$real \"$@\"; exit 1", "kill -9 $$",
            "echo 'mysqldump: failed' >&2; exit 0", "$real \"$@\" | grep -v 'Dump completed'; exit 0",
            "echo '-- Dump completed'; exit 0", "$real \"$@\"; kill -9 $$", "$real --no-data \"$@\"; exit 0",
            "exec sleep 600",
        ]
        let compressors = [
            "exit 1", "cat > /dev/null; exit 0", "cat; exit 0", "head -c 900 | $real -q -c; exit 0",
            "$real \"$@\" | head -c 900; exit 0", "$real \"$@\"; exit 3", "kill -9 $$",
        ]
        let clients = ["exit 1", "exit 0", "stdbuf -oL head -n 30 | $real \"$@\"; exit 0"]
        var accepted: [String] = []
        for (name, scripts) in [("mariadb-dump", dumps), ("zstd", compressors), ("mariadb", clients)] {
            for script in scripts {
                try tool(name, script)
                if try isBelieved(script, taken, good) { accepted.append("\(name): \(script)") }
                try FileManager.default.removeItem(atPath: "\(folder)/bin/\(name)")
            }
        }
        print("\(dumps.count + compressors.count + clients.count) lying tools, \(accepted.count) believed")
        XCTAssertEqual(accepted, [])
    }

    /// Whether the tool's lie gets through: in a backup taken and proved with it, or in a restore of a good one.
    private func isBelieved(_ script: String, _ taken: DatabaseSummary, _ good: String) throws -> Bool {
        let (payload, proof) = ("\(folder)/payload.zst", sibling("_proof"))
        try? FileManager.default.removeItem(atPath: payload)
        var believed = false
        let backedUp = withPath("\(folder)/bin:") { try? engine.backUp(live, to: payload) }
        if let backedUp {
            let proved = withPath("\(folder)/bin:") { isRestored(payload, to: proof, as: backedUp.summary) }
            try engine.remove(proof)
            believed = proved && !isRestored(payload, to: proof, as: taken)
            if script.contains("exit 1") || script.contains("exit 3") || script.contains("kill") {
                believed = true
            }
        }
        try engine.remove(proof)
        let restored = withPath("\(folder)/bin:") { isRestored(good, to: proof, as: taken) }
        if restored, (try? engine.summarise(proof)) != taken { believed = true }
        try engine.remove(proof)
        return believed
    }

    private func isRestored(_ payload: String, to proof: DatabaseLocation, as summary: DatabaseSummary)
        -> Bool
    {
        guard (try? engine.restore(payload, to: proof)) != nil else { return false }
        return (try? engine.summarise(proof)) == summary
    }

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
        use {
            $0.user = user
            $0.admin = .init(user: admin, password: .file("password"))
        }
        try engine.create(live)
        try run("CREATE TABLE a (n INT)", in: live)
        _ = try engine.backUp(live, to: "\(folder)/payload.zst")
        try engine.restore("\(folder)/payload.zst", to: sibling())
        try LocalFileStore().publish(
            Data(ClientFile.text(user: user, password: "x").utf8), to: "\(folder)/app.cnf")
        let arguments = ["--defaults-file=\(folder)/app.cnf"] + clientArguments.dropFirst()
        let look = { Self.client(arguments + [$0], "INSERT INTO a VALUES (1)").succeeded }
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

    func testHashingSpeed() throws {
        try engine.create(live)
        try run(
            "CREATE TABLE s (id INT PRIMARY KEY, name VARCHAR(100), n DECIMAL(12,2), at DATETIME, note TEXT, k BIGINT, flag TINYINT); INSERT INTO s SELECT seq, MD5(seq), seq / 7, '2020-01-01' + INTERVAL seq SECOND, REPEAT(MD5(seq), 8), seq * 7919, seq % 2 FROM seq_1_to_400000; ANALYZE TABLE s;",
            in: live)
        let bytes = Double(engine.size(live)) / 1e6
        var began = Date()
        XCTAssertEqual(try engine.summarise(live).tables.first?.rows, 400_000)
        print("summarising \(Int(bytes)) MB: \(Int(bytes / Date().timeIntervalSince(began))) MB/s")
        began = Date()
        _ = try engine.backUp(live, to: "\(folder)/payload.zst")
        print("backing it up: \(Int(bytes / Date().timeIntervalSince(began))) MB/s")
        began = Date()
        try engine.restore("\(folder)/payload.zst", to: sibling())
        print("restoring it: \(Int(bytes / Date().timeIntervalSince(began))) MB/s")
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
