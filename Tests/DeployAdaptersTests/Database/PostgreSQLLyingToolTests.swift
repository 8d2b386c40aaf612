import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T10: tools that fail, or say they did what they did not, produce no accepted backup and no accepted restore.
final class PostgreSQLLyingToolTests: PostgreSQLFixture {
    private var tools: LyingTools {
        LyingTools(live: live, proof: location("copy"), folder: folder) { self.engine(longest: $0) }
    }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try database.create(live)
        try sql(
            """
            CREATE TABLE a AS SELECT g, md5(g::text) AS t FROM generate_series(1, 5000) g; CREATE TABLE b (n int);
            CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
            CREATE FUNCTION same() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER g BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION same();
            """, in: live)
    }

    func testNoLyingToolIsBelieved_T10() throws {
        for (name, change) in [
            ("fewer", "DELETE FROM a WHERE g = 7"), ("changed", "UPDATE a SET t = 'x' WHERE g = 7"),
        ] {
            try sql("CREATE DATABASE \"\(location(name).name)\" TEMPLATE \"\(live.name)\"")
            try sql(change, in: location(name))
        }
        try tools.check(LyingTools.sample(dumps + restorers + clients + compressors), of: "PostgreSQL") {
            // Enough to be dumped that the connection is still at it when it is ended.
            try sql(
                "CREATE TABLE big AS SELECT g, repeat(md5(g::text), 32768) AS t FROM generate_series(1, 24) g",
                in: live)
            return killed
        }
    }

    private var dumps: [LyingTool] {
        let scripts = [
            "exit 0", "exit 1", "kill -9 $$", "echo failed >&2; exit 0", "echo garbage",
            "real \"$@\" | head -c 20000", "real \"$@\" | head -c -1", "real \"$@\"; exit 1",
            "real \"$@\"; kill -9 $$", "real \"$@\" --exclude-table=public.b",
            "real \"$@\" --exclude-table-data=public.a",
            "real \"$@\" --schema-only", "PGDATABASE=postgres real --format=custom",
            "PGDATABASE=\(location("fewer").name) real --format=custom",
            "PGDATABASE=\(location("changed").name) real --format=custom",
            "real \"$@\" --format=plain", "real \"$@\" | tr a b",
        ]
        return scripts.map { LyingTool("pg_dump", $0) } + [
            LyingTool("pg_dump", "real \"$@\"", saying: ""),
            LyingTool("pg_dump", "exec sleep 60", hangs: true),
        ]
    }

    private var restorers: [LyingTool] {
        func lie(_ script: String) -> String { "case \"$*\" in *--dbname*) \(script);; esac; real \"$@\"" }
        func without(_ entry: String) -> String {
            "real --list < /dev/stdin | grep -v '\(entry)' > $here/list; real \"$@\" --use-list=$here/list; exit"
        }
        let scripts = [
            "exit 0", "exit 1", "kill -9 $$", "real \"$@\" --schema-only; exit",
            "real \"$@\" --table=a; exit",
            "real \"$@\" --data-only; exit 0", "real \"$@\"; exit 1", without(" TRIGGER "),
            without(" FUNCTION public twice"),
            """
            real "$@"; for word; do case $word in --dbname=*)
                honest psql -Xqc 'DELETE FROM a WHERE g = 7' "${word#--dbname=}";;
            esac; done; exit 0
            """,
        ]
        return scripts.map { LyingTool("pg_restore", lie($0)) } + [
            LyingTool("pg_restore", "exit 0"), LyingTool("pg_restore", "exit 1"),
            LyingTool("pg_restore", "real \"$@\"", saying: "pg_restore (PostgreSQL) 3.1"),
            LyingTool("pg_restore", lie("exec sleep 60"), hangs: true),
        ]
    }

    private var compressors: [LyingTool] {
        LyingTools.compressors
            + ["exit 0", "real \"$@\" | head -c 5000; exit 0", "real \"$@\" | tr 7 8; exit 0"].map {
                LyingTool("zstd", "case \" $* \" in *' -d '*) \($0);; esac; real \"$@\"")
            }
    }

    private var clients: [LyingTool] {
        [
            "exit 0", "cat > /dev/null; echo '[\"name\", \"x\"]'; echo '[\"end\", \"1\"]'",
            "head -c 100 | real \"$@\"", "real \"$@\"; exit 3",
            "real \"$@\" | sed -u 's/snapshot/picture/'", "real \"$@\" | sed -u 's/\\[\"table\", \"a\".*/x/'",
            "real \"$@\" | sed -u 's/\"server\", \"[0-9]*\"/\"server\", \"90000\"/'",
        ].map { LyingTool("psql", $0) }
    }

    /// The server ends the dump's connection in the middle.
    private var killed: LyingTool {
        let end =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(live.name)' AND query LIKE 'COPY %'"
        return LyingTool(
            "pg_dump",
            """
            real "$@" --compress=0 | { head -c 100000; honest psql -Xqc "\(end)" > /dev/null; cat; }
            exit ${PIPESTATUS[0]}
            """)
    }

    /// T14: what does not fit is refused before anything changes.
    func testAnOlderServerAndAnOlderToolAreRefusedBeforeAnythingChanges_T14() throws {
        let payload = "\(folder)/payload.dump.zst"
        _ = try database.backUp(live, to: payload)
        for label in ["database version", "pg_dump version"] {
            let tool = LyingTool("pg_restore", "real \"$@\" | sed 's/\(label): [0-9]*/\(label): 99/'")
            try tools.with(tool) {
                expectError(.backupFailed, "an older \(label)") {
                    try database.restore(payload, to: location("copy"))
                }
            }
        }
        XCTAssertFalse(try database.exists(location("copy")))
    }

    func testADumpOfAnOlderVersionWhichPackedItselfComesBack() throws {
        let taken = try database.backUp(live, to: "\(folder)/payload.dump.zst")
        let unpacking = CommandRequest(Command("zstd", ["-q", "-d", "\(folder)/payload.dump.zst"]))
        XCTAssertTrue(ProcessCommandRunner(interruption: FakeInterruption()).run(unpacking).succeeded)
        for most in [taken.unpacked.map { $0 + 1 << 20 }, nil] {
            try database.restore("\(folder)/payload.dump", to: location("copy"), atMost: most)
            XCTAssertEqual(try database.summarise(location("copy")), taken.summary)
            try database.remove(location("copy"))
        }
        expectError(.backupFailed, "more than there may be") {
            try database.restore("\(folder)/payload.dump", to: location("copy"), atMost: 1000)
        }
        XCTAssertFalse(try database.exists(location("copy")))
    }

    func testMoreThanWasPackedEndsTheLoadAndLeavesNothing() throws {
        let payload = "\(folder)/payload.dump.zst"
        let taken = try database.backUp(live, to: payload)
        try database.restore(payload, to: location("copy"), atMost: taken.unpacked)
        XCTAssertEqual(try database.summarise(location("copy")), taken.summary)
        try database.remove(location("copy"))
        expectError(.backupFailed, "a byte more") {
            try database.restore(payload, to: location("copy"), atMost: taken.unpacked.map { $0 - 1 })
        }
        XCTAssertFalse(try database.exists(location("copy")))
    }
}
