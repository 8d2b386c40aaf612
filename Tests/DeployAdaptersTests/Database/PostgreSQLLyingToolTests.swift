import DeployCore
import DeployTestSupport
import Foundation
import XCTest

/// T10: tools that fail, or say they did what they did not, produce no accepted backup and no accepted restore.
final class PostgreSQLLyingToolTests: PostgreSQLFixture {
    private var path = ""

    override func setUpWithError() throws {
        try super.setUpWithError()
        path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        try database.create(live)
        try sql(
            "CREATE TABLE a AS SELECT g, md5(g::text) AS t FROM generate_series(1, 5000) g; CREATE TABLE b (n int);",
            in: live)
    }

    override func tearDownWithError() throws {
        if !path.isEmpty { setenv("PATH", path, 1) }
        try super.tearDownWithError()
    }

    /// Puts a script before the real programs; `real` runs the real one.
    private func replace(_ program: String, by body: String, saying version: String? = nil) throws {
        let tools = "\(folder)/tools"
        try? FileManager.default.removeItem(atPath: tools)
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        let answer = version.map { "echo '\($0)'" } ?? "real \"$@\""
        let script = """
            #!/bin/bash
            real() { PATH='\(path)' \(program) "$@"; }
            case " $* " in *' --version '*) \(answer); exit;; esac
            \(body)

            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: "\(tools)/\(program)"))
        chmod("\(tools)/\(program)", 0o755)
        setenv("PATH", "\(tools):\(path)", 1)
    }

    /// Whether a backup is taken, restored and found equal, as a deployment demands.
    private func isAccepted(_ number: Int) -> Bool {
        let payload = "\(folder)/payload-\(number)"
        guard let taken = try? database.backUp(live, to: payload) else {
            XCTAssertFalse(FileManager.default.fileExists(atPath: payload), "liar \(number) leaves nothing")
            return false
        }
        guard (try? database.restore(payload, to: location("copy"))) != nil else { return false }
        return (try? database.summarise(location("copy")).differences(from: taken.summary)) == []
    }

    func testNoLyingToolIsBelieved_T10() throws {
        let liars: [(String, String)] = [
            ("pg_dump", "exit 0"), ("pg_dump", "exit 1"), ("pg_dump", "echo garbage"),
            ("pg_dump", "real \"$@\" | head -c 20000"), ("pg_dump", "real \"$@\" | head -c -1"),
            ("pg_dump", "real \"$@\"; exit 1"), ("pg_dump", "real \"$@\"; kill -9 $$"),
            ("pg_dump", "real \"$@\" --exclude-table=b"), ("pg_dump", "real \"$@\" --exclude-table-data=a"),
            ("pg_dump", "real \"$@\" --schema-only"), ("pg_dump", "PGDATABASE=postgres real --format=custom"),
            ("pg_dump", "real \"$@\" --format=plain"), ("pg_dump", "real \"$@\" | tr a b"),
            ("pg_restore", "exit 0"), ("pg_restore", "exit 1"),
            ("pg_restore", "case \"$*\" in *--dbname*) exit 0;; esac; real \"$@\""),
            ("pg_restore", "case \"$*\" in *--dbname*) real \"$@\" --schema-only; exit;; esac; real \"$@\""),
            ("pg_restore", "case \"$*\" in *--dbname*) real \"$@\" --table=a; exit;; esac; real \"$@\""),
            ("psql", "exit 0"),
            ("psql", "cat > /dev/null; echo '[\"name\", \"x\"]'; echo '[\"end\", \"1\"]'"),
            ("psql", "head -c 100 | real \"$@\""), ("psql", "real \"$@\"; exit 3"),
            ("psql", "real \"$@\" | sed -u 's/snapshot/picture/'"),
            ("psql", "real \"$@\" | sed -u 's/\\[\"table\", \"a\".*/x/'"),
        ]
        for (number, (program, body)) in liars.enumerated() {
            try replace(program, by: body)
            XCTAssertFalse(isAccepted(number), "\(program): \(body)")
            setenv("PATH", path, 1)
            try database.remove(location("copy"))
        }
        print("\(liars.count) lying tools, none believed")
        try replace("pg_dump", by: "real \"$@\"")
        XCTAssertTrue(isAccepted(liars.count), "an honest one is")
    }

    /// T14: what does not fit is refused before anything changes.
    func testAnOlderServerAndAnOlderToolAreRefusedBeforeAnythingChanges_T14() throws {
        let payload = "\(folder)/payload"
        _ = try database.backUp(live, to: payload)
        try replace("pg_restore", by: "real \"$@\" | sed 's/database version: [0-9]*/database version: 99/'")
        expectError(.backupFailed, "an older server") { try database.restore(payload, to: location("copy")) }
        try replace("pg_restore", by: "real \"$@\" | sed 's/pg_dump version: [0-9]*/pg_dump version: 99/'")
        expectError(.backupFailed, "an older tool") { try database.restore(payload, to: location("copy")) }
        XCTAssertFalse(try database.exists(location("copy")))
    }

    func testACompressionTheToolLacksIsReplacedByOneItHas() throws {
        let log = "\(folder)/log"
        try replace(
            "pg_dump",
            by: """
                echo "$*" >> \(log)
                case "$*" in *zstd*) echo 'this build does not support compression with zstd' >&2; exit 1;; esac
                real "$@"
                """, saying: "pg_dump (PostgreSQL) 17.2")
        XCTAssertTrue(isAccepted(1))
        let calls = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        XCTAssertEqual(calls.map { $0.contains("--compress=zstd:3") }, [true, false])
    }
}
