import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T10 where the library itself takes the copy: what packs it, unpacks it and compares it may lie.
final class SQLiteLyingToolTests: SQLiteFixture {
    func testNoLyingMissingOrHangingToolIsBelieved_T10() throws {
        try write(
            """
            CREATE TABLE a (n INTEGER PRIMARY KEY, t TEXT);
            WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 4000)
            INSERT INTO a SELECT n, hex(randomblob(8)) FROM c;
            """, to: live)
        _ = try database.backUp(live, to: "\(folder)/older.zst")
        try write("INSERT INTO a VALUES (5000, 'needle');", to: live)
        try tools(readingBack: true).check(
            packers + unpackers(after: Self.honestOnce) + comparers, of: "SQLite, read back")
        try tools(readingBack: false).check(packers + unpackers(after: Self.honestPacking), of: "SQLite")
    }

    private func tools(readingBack: Bool) -> LyingTools {
        LyingTools(live: live, proof: location("proof.db"), folder: folder, readingBack: readingBack) {
            longest in
            SQLiteApplicationDatabase(
                commands: ProcessCommandRunner(interruption: FakeInterruption()),
                packingDeadline: longest ?? .seconds(20))
        }
    }

    private var packers: [LyingTool] {
        let scripts = [
            "exit 1", "cat > /dev/null; exit 0", "cat; exit 0", "real \"$@\"; exit 3", "kill -9 $$",
            "echo failed >&2; exit 0", "real \"$@\" | head -c 900; exit 0",
            "real \"$@\" | head -c -1; exit 0",
            "head -c 900 | real -q -c; exit 0", "head -c -1 | real -q -c; exit 0",
            "sed s/needle/Needle/ | real -q -c; exit 0", "printf '\\x28\\xb5\\x2f\\xfd'; exit 0",
            "cat > /dev/null; cat \(folder)/older.zst; exit 0", "real \"$@\"; printf more; exit 0",
        ]
        return scripts.map { LyingTool("zstd", "case \" $* \" in *' -d '*) real \"$@\"; exit;; esac; \($0)") }
            + [LyingTool("zstd", nil), LyingTool("zstd", "exec sleep 60", hangs: true)]
    }

    private static let honestOnce =
        "case \" $* \" in *' -d '*) [ -e $here/read ] || { touch $here/read; real \"$@\"; exit; };; *) real \"$@\"; exit;; esac"
    private static let honestPacking = "case \" $* \" in *' -d '*) ;; *) real \"$@\"; exit;; esac"

    private func unpackers(after honesty: String) -> [LyingTool] {
        let scripts = [
            "exit 1", "exit 0", "real \"$@\"; exit 3", "kill -9 $$", "echo failed >&2; exit 0",
            "real \"$@\" | head -c 8192; exit 0", "real \"$@\" | sed s/needle/Needle/; exit 0",
            "real \"$@\"; printf more; exit 0", "real -q -d -c \(folder)/older.zst; exit 0",
        ]
        return scripts.map { LyingTool("zstd", "\(honesty); \($0)") }
            + [LyingTool("zstd", "\(honesty); exec sleep 60", hangs: true)]
    }

    private var comparers: [LyingTool] {
        ["exit 1", "exit 2", "kill -9 $$"].map { LyingTool("cmp", $0) }
            + [LyingTool("cmp", "exec sleep 60", hangs: true)]
    }
}
