import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T10: dump, compressor and client fail, or say they did what they did not.
final class MySQLLyingToolTests: MySQLFixture {
    func testNoLyingToolIsBelieved_T10() throws {
        try furnish(live)
        try furnish(other)
        try run("DELETE FROM a WHERE n = 7;", in: other)
        let tools = LyingTools(live: live, proof: sibling("_proof"), folder: folder) {
            self.engine(longest: $0)
        }
        try tools.check(dumps + compressors + clients, of: "MariaDB") {
            // Enough to be dumped that the connection is still at it when it is ended.
            try run("CREATE TABLE big (n INT PRIMARY KEY, t LONGTEXT);", in: live)
            try run("INSERT INTO big SELECT seq, REPEAT(MD5(seq), 32768) FROM seq_1_to_24;", in: live)
            return killed
        }
    }

    private var other: DatabaseLocation { sibling("_other") }

    private func furnish(_ location: DatabaseLocation) throws {
        try engine.create(location)
        try run(
            """
            CREATE TABLE a (n INT PRIMARY KEY, t TEXT) ENGINE = InnoDB;
            INSERT INTO a SELECT seq, MD5(seq) FROM seq_1_to_3000;
            CREATE TABLE b (n INT PRIMARY KEY) ENGINE = InnoDB; INSERT INTO b VALUES (1);
            CREATE TRIGGER g BEFORE INSERT ON b FOR EACH ROW SET NEW.n = NEW.n;
            CREATE PROCEDURE p () SELECT 1;
            CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1;
            CREATE VIEW v AS SELECT n FROM a;
            """, in: location)
    }

    private var client: String { "honest mariadb \(clientArguments.joined(separator: " "))" }

    private var dumps: [LyingTool] {
        // The last two words are -- and the database.
        let more =
            "words=(\"$@\"); more() { real \"${words[@]:0:${#words[@]}-2}\" \"$@\" -- \"${words[@]: -1}\"; };"
        let scripts = [
            "exit 1", "exit 0", "echo 'mariadb-dump: failed' >&2; exit 0", "kill -9 $$",
            "real \"$@\" | head -c 4000; exit 0", "real \"$@\" | head -n 20; exit 0",
            "real \"$@\"; exit 1", "real \"$@\"; kill -9 $$",
            "real \"$@\" | grep -v 'Dump completed'; exit 0",
            "echo '-- Dump completed'; exit 0", "real \"$@\" 2> /dev/null; exit 0",
            "\(more) more --no-data; exit 0", "\(more) more --ignore-table=\(stem).b; exit 0",
            "\(more) more '--where=n <> 7'; exit 0",
            "real \"$@\" | sed \"s/(7,'8/(7,'9/\"; exit 0", "\(more) more --skip-routines; exit 0",
            "\(more) more --skip-triggers; exit 0", "\(more) more --skip-events; exit 0",
            "\(more) real \"${words[@]:0:${#words[@]}-1}\" \(other.name); exit 0",
            """
            echo '-- Starting transaction...' >&2; echo '-- so it says' >&2
            \(client) -e 'DELETE FROM a WHERE n = 3000' \(stem); real "$@"
            """,
        ]
        return scripts.map { LyingTool("mariadb-dump", $0) }
            + [LyingTool("mariadb-dump", "exec sleep 60", hangs: true)]
    }

    private var compressors: [LyingTool] {
        let unpacking = [
            "exit 0", "real \"$@\" | head -c 5000; exit 0", "real \"$@\" | sed \"s/(7,'8/(7,'9/\"; exit 0",
        ]
        return LyingTools.compressors
            + unpacking.map { LyingTool("zstd", "case \" $* \" in *' -d '*) \($0);; esac; real \"$@\"") }
    }

    private var clients: [LyingTool] {
        let restoring = [
            "exit 1", "cat > /dev/null; exit 0", "head -n 30 | real \"$@\"; exit 0", "real \"$@\"; exit 1",
            "kill -9 $$", "sed 's/INTO .b./INTO none/' | real \"$@\" --force; exit 0",
            "sed '/TRIGGER g/d' | real \"$@\"; exit 0",
            "real \"$@\"; honest mariadb \"$@\" '--execute=DELETE FROM a WHERE n = 9'; exit 0",
        ]
        let sessions = ["exit 0", "real \"$@\" | sed -u 's/^version\\t[0-9]*/version\\t99/'; exit"]
        // A session is unbuffered; a restore is not, and names its database.
        func lie(_ script: String) -> String {
            "case \" $* \" in *' --unbuffered '*) ;; *' --database='*) \(script);; esac; real \"$@\""
        }
        return restoring.map { LyingTool("mariadb", lie($0)) }
            + sessions.map {
                LyingTool("mariadb", "case \" $* \" in *' --unbuffered '*) \($0);; esac; real \"$@\"")
            }
            + [LyingTool("mariadb", "exit 0"), LyingTool("mariadb", lie("exec sleep 60"), hangs: true)]
    }

    /// The server ends the dump's connection in the middle, whether it still sends rows or has sent them ahead.
    private var killed: LyingTool {
        let dumping = """
            SELECT id FROM information_schema.processlist
                WHERE db = '\(stem)' AND (info LIKE 'SELECT /*!40001%' OR command = 'Sleep')
            """
        return LyingTool(
            "mariadb-dump",
            """
            end() { for id in $(\(client) -e "\(dumping)"); do \(client) -e "KILL $id"; done; }
            real "$@" | { head -c 100000; end; cat; }
            exit ${PIPESTATUS[0]}
            """)
    }
}
