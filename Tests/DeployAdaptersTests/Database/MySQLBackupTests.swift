import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class MySQLBackupTests: MySQLFixture {
    /// Every cell as the server's own text and bytes, apart from the adapter's way of hashing.
    private func rows(of location: DatabaseLocation) throws -> [String] {
        let tables = try run(
            "SELECT HEX(table_name) FROM information_schema.tables WHERE table_schema = '\(location.name)' AND table_type = 'BASE TABLE' ORDER BY 1;"
        )
        return try tables.flatMap { hex -> [String] in
            let name = String(decoding: try XCTUnwrap(Self.bytes(hex)), as: UTF8.self)
            let table = "`\(name.replacingOccurrences(of: "`", with: "``"))`"
            let columns = try run(
                "SELECT CONCAT('HEX(`', REPLACE(column_name, '`', '``'), '`)') FROM information_schema.columns WHERE table_schema = '\(location.name)' AND HEX(table_name) = '\(hex)' ORDER BY ordinal_position;"
            ).map {
                $0.replacingOccurrences(of: "\\n", with: "\n").replacingOccurrences(of: "\\t", with: "\t")
                    .replacingOccurrences(of: "\\\\", with: "\\")
            }
            let selected = "SELECT \(columns.joined(separator: ", ")) FROM \(table) ORDER BY 1, id;"
            return ["table \(hex)"] + (try run("SET NAMES utf8mb4; \(selected)", in: location)).sorted()
        }
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0
        }
    }

    func testGeneratedSchemasComeBackRowByRow_T13() throws {
        let all = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        for seed in 1...(all ? 50 : 10) {
            var schemas = MySQLSchemas(seed: UInt64(seed))
            try run(
                "DROP DATABASE IF EXISTS \(stem); CREATE DATABASE \(stem) CHARACTER SET \(seed % 2 == 0 ? "latin1" : "utf8mb4");"
            )
            try run(schemas.script(), in: live)
            let payload = "\(folder)/\(seed).zst"
            let taken = try engine.backUp(live, to: payload).summary
            XCTAssertEqual(taken.objects["view"], 2)
            XCTAssertEqual(taken.objects["trigger"], 2)
            let copy = sibling("_proof", second: seed)
            try engine.restore(payload, to: copy)
            XCTAssertEqual(try engine.summarise(copy), taken, "schema \(seed)")
            let (before, after) = (try rows(of: live), try rows(of: copy))
            XCTAssertGreaterThan(before.count, 0)
            XCTAssertEqual(after, before, "schema \(seed)")
            try engine.remove(copy)
        }
    }

    func testEveryChangeOfARowOrDefinitionIsSeen_I13() throws {
        try engine.create(live)
        try run("CREATE TABLE a (id INT PRIMARY KEY, b BLOB, c VARCHAR(9), d DOUBLE, e INT)", in: live)
        try run(
            "INSERT INTO a VALUES (1, 'x', 'y', 0.1, NULL), (2, '', NULL, 0.2, 0), (3, 'x', 'y', 0.1, NULL)",
            in: live)
        var seen = [try engine.summarise(live)]
        for change in [
            "UPDATE a SET b = CONCAT(b, 0x00) WHERE id = 1", "UPDATE a SET c = '' WHERE id = 2",
            "UPDATE a SET d = 0.10000000000000002 WHERE id = 1", "UPDATE a SET e = 0 WHERE id = 1",
            "UPDATE a SET b = 'y', c = 'x' WHERE id = 3", "DELETE FROM a WHERE id = 3",
            "CREATE VIEW v AS SELECT 1 AS one", "CREATE OR REPLACE VIEW v AS SELECT 2 AS one",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.e = 1",
            "DROP TRIGGER t; CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.e = 2",
            "ALTER TABLE a MODIFY e BIGINT", "ALTER DATABASE \(stem) COLLATE utf8mb4_bin",
            "CREATE INDEX i ON a (e)", "CREATE PROCEDURE p () SELECT 1",
        ] {
            try run(change, in: live)
            let now = try engine.summarise(live)
            for before in seen { XCTAssertFalse(now.differences(from: before).isEmpty, change) }
            seen.append(now)
        }
    }

    /// Two tables change together while dumps are taken; a summary of another instant shows.
    func testADumpUnderLoadIsTheSnapshotOfItsSummary_T13() throws {
        try engine.create(live)
        try run(
            "CREATE TABLE a (n INT PRIMARY KEY, t TEXT); CREATE TABLE b LIKE a; CREATE TABLE big LIKE a;",
            in: live)
        try run("INSERT INTO big SELECT seq, REPEAT(MD5(seq), 20) FROM seq_1_to_20000;", in: live)
        let writer = try startWriter()
        var rows: [Int64] = []
        for number in 1...3 {
            let payload = "\(folder)/\(number).zst"
            let taken = try engine.backUp(live, to: payload).summary
            XCTAssertEqual(taken.tables[0].rows, taken.tables[1].rows, "the snapshot is torn")
            try engine.restore(payload, to: sibling("_proof"))
            XCTAssertEqual(try engine.summarise(sibling("_proof")), taken)
            try engine.remove(sibling("_proof"))
            rows.append(taken.tables[0].rows)
        }
        XCTAssertTrue(writer.isRunning)
        XCTAssertGreaterThan(rows[2], rows[0], "the writer wrote meanwhile")
        writer.terminate()
        writer.waitUntilExit()
        let longest = try String(contentsOfFile: "\(folder)/longest", encoding: .utf8)
        print("writes were held for \(longest.trimmingCharacters(in: .whitespacesAndNewlines)) ms at most")
    }

    func testWithoutTheRightToHoldWritesADatabaseThatChangesIsRefused() throws {
        try engine.create(live)
        try run("CREATE TABLE a (n INT PRIMARY KEY, t TEXT); CREATE TABLE b LIKE a;", in: live)
        _ = try startWriter()
        try run(
            "CREATE USER '\(stem)_low'@'127.0.0.1' IDENTIFIED BY 'low'; GRANT ALL ON `\(stem)`.* TO '\(stem)_low'@'127.0.0.1';"
        )
        try writeSecret("low", to: "password")
        use { $0.user = "\(stem)_low" }
        expectError(.backupFailed, "nothing proves which instant the dump is of") {
            _ = try engine.backUp(live, to: "\(folder)/payload.zst")
        }
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(folder)/payload.zst"))
    }

    private func startWriter() throws -> Process {
        let script = """
            import subprocess, sys, time, signal
            longest, last = 0, time.monotonic()
            p = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
            def end(*_):
                p.kill(); sys.exit(0)
            signal.signal(signal.SIGTERM, end)
            for n in range(10**7):
                start = time.monotonic()
                p.stdin.write(f"BEGIN; INSERT INTO a VALUES ({n}, 'x'); INSERT INTO b VALUES ({n}, 'y'); COMMIT; SELECT 1;\\n")
                p.stdin.flush(); p.stdout.readline()
                took = (time.monotonic() - start) * 1000
                if took > longest:
                    longest = took
                    open(sys.argv[1], "w").write(f"{longest:.0f}")
            """
        let process = try start(
            "/usr/bin/python3",
            ["-c", script, "\(folder)/longest", "/usr/bin/mariadb"] + clientArguments + [
                "--unbuffered", stem,
            ])
        addTeardownBlock {
            if process.isRunning {
                process.terminate()
                process.waitUntilExit()
            }
        }
        XCTAssertTrue(eventually { (try? self.run("SELECT COUNT(*) > 3 FROM a", in: self.live)) == ["1"] })
        return process
    }

    func testACutOrFlippedPayloadIsRefusedAndMakesNothing_T11() throws {
        try engine.create(live)
        try run(
            "CREATE TABLE a (n INT PRIMARY KEY, t TEXT); INSERT INTO a SELECT seq, MD5(seq) FROM seq_1_to_2000;",
            in: live)
        let payload = "\(folder)/payload.zst"
        let taken = try engine.backUp(live, to: payload).summary
        let good = try Data(contentsOf: URL(fileURLWithPath: payload))
        let engine = engine
        var accepted = 0
        for number in 0..<60 {
            var bad = good
            if number < 20 {
                bad = good.prefix(good.count * number / 20)
            } else {
                bad[(number * 7919) % bad.count] ^= 1 << UInt8(number % 8)
            }
            try bad.write(to: URL(fileURLWithPath: payload))
            do throws(DeployError) {
                try engine.restore(payload, to: sibling("_proof"))
                // A bit of the format's that carries nothing may be flipped without a change of the content.
                if try engine.summarise(sibling("_proof")) != taken { accepted += 1 }
                try engine.remove(sibling("_proof"))
            } catch {
                XCTAssertEqual(error.code, .backupFailed)
                XCTAssertEqual(try? engine.exists(sibling("_proof")), false)
            }
        }
        XCTAssertEqual(accepted, 0)
    }

    func testADumpFromANewerServerIsRefusedBeforeAnythingChanges_T14() throws {
        try engine.create(live)
        let payload = "\(folder)/payload.zst"
        _ = try engine.backUp(live, to: payload)
        try rewrite(payload) { $0.replacingOccurrences(of: "\"version\":\"10.", with: "\"version\":\"99.") }
        expectError(.backupFailed, "a newer server") { try engine.restore(payload, to: sibling()) }
        XCTAssertFalse(try engine.exists(sibling()))
    }

    func testOneErrorInTheDumpRemovesTheRestoredDatabase_T14() throws {
        try engine.create(live)
        try run("CREATE TABLE a (n INT); INSERT INTO a VALUES (1);", in: live)
        let payload = "\(folder)/payload.zst"
        _ = try engine.backUp(live, to: payload)
        try rewrite(payload) { $0.replacingOccurrences(of: "INSERT INTO `a`", with: "INSERT INTO `none`") }
        expectError(.backupFailed, "one SQL error") { try engine.restore(payload, to: sibling()) }
        XCTAssertFalse(try engine.exists(sibling()))
    }

    private func rewrite(_ payload: String, _ change: (String) -> String) throws {
        let runner = ProcessCommandRunner(interruption: FakeInterruption())
        let text = runner.run(CommandRequest(Command("zstd", ["-dc", payload]))).output
        XCTAssertNotEqual(change(text), text)
        var request = CommandRequest(Command("zstd", ["-q", "-c"]))
        request.input = Data(change(text).utf8)
        try FileManager.default.removeItem(atPath: payload)
        request.outputFile = payload
        XCTAssertTrue(runner.run(request).succeeded)
    }
}
