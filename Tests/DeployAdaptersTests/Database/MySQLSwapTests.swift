import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class MySQLSwapTests: MySQLFixture {
    private var nextOne: DatabaseLocation { sibling() }
    private var retired: DatabaseLocation { sibling("_retired") }

    /// Parent and child, a trigger, views on views, a routine, an event and a sequence; `word` tells whose they are.
    private func fill(_ location: DatabaseLocation, _ word: String, characterSet: String) throws {
        try run(
            """
            CREATE DATABASE `\(location.name)` CHARACTER SET \(characterSet);
            USE `\(location.name)`;
            CREATE TABLE parent (id INT PRIMARY KEY, t VARCHAR(20));
            CREATE TABLE child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (id));
            CREATE TABLE `only ``\(word)` (x INT);
            CREATE SEQUENCE s;
            INSERT INTO parent VALUES (1, '\(word)'); INSERT INTO child VALUES (1, 1);
            CREATE VIEW zeta AS SELECT t FROM parent; CREATE VIEW alpha AS SELECT * FROM zeta;
            CREATE EVENT ev ON SCHEDULE EVERY 1 YEAR DO DELETE FROM parent WHERE id < 0;
            DELIMITER //
            CREATE TRIGGER `\(location.name)`.guard BEFORE INSERT ON `\(location.name)`.parent FOR EACH ROW
                BEGIN SET NEW.t = CONCAT(NEW.t, ';\(word)'); -- kept
                END//
            CREATE PROCEDURE p () BEGIN SELECT '\(word) ü;'; END//
            DELIMITER ;
            """)
    }

    private func fillBoth() throws -> (old: DatabaseSummary, new: DatabaseSummary) {
        try fill(live, "old", characterSet: "latin1")
        try fill(nextOne, "new", characterSet: "utf8mb4")
        return (try engine.summarise(live), try engine.summarise(nextOne))
    }

    private func runningEvents() throws -> [String] {
        try run(
            "SELECT event_schema FROM information_schema.events WHERE event_schema LIKE '\(stem)%' AND status = 'ENABLED'"
        )
    }

    private func checkSwapped(_ old: DatabaseSummary, _ new: DatabaseSummary, _ note: String = "") throws {
        XCTAssertEqual(try engine.summarise(live), new, note)
        XCTAssertEqual(try engine.summarise(retired), old, note)
        XCTAssertFalse(try engine.exists(nextOne), note)
        XCTAssertEqual(try runningEvents(), [live.name], note)
        XCTAssertEqual(
            try run(
                "INSERT INTO parent VALUES (2, 'x'); SELECT t FROM alpha ORDER BY t; DELETE FROM parent WHERE id = 2; CALL p();",
                in: live),
            ["new", "x;new", "new ü;"], note)
        let orphan = MySQLPlace.client(clientArguments + [live.name], "INSERT INTO child VALUES (9, 99)")
        XCTAssertFalse(orphan.succeeded, "the foreign key holds \(note)")
    }

    func testEverythingChangesPlacesAndBackAgain_I12() throws {
        let (old, new) = try fillBoth()
        try engine.swap(live, with: nextOne, keeping: retired)
        try checkSwapped(old, new)
        try engine.swap(live, with: nextOne, keeping: retired)
        try checkSwapped(old, new, "repeated")
        try engine.swap(live, with: retired, keeping: nextOne)
        XCTAssertEqual(try engine.summarise(live), old)
        XCTAssertEqual(try engine.summarise(nextOne), new)
        XCTAssertFalse(try engine.exists(retired))
    }

    func testASwapBrokenOffAtAnyLineIsCompletedByARepeat_T15() throws {
        let bin = try toolFolder()
        let step = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? 1 : 13
        var line = 0
        var broken = 0
        while true {
            line += step
            for location in [live, nextOne, retired] { try engine.remove(location) }
            let (old, new) = try fillBoth()
            try "\(line)".write(toFile: "\(folder)/budget", atomically: true, encoding: .utf8)
            let failed = withPath("\(bin):") {
                (try? engine.swap(live, with: nextOne, keeping: retired)) == nil
            }
            guard failed else { break }
            broken += 1
            try engine.swap(live, with: nextOne, keeping: retired)
            try checkSwapped(old, new, "broken off at line \(line)")
        }
        print("a swap was broken off at \(broken) places, \(broken) completed")
        XCTAssertGreaterThan(broken, 5)
    }

    /// A client that passes on as many lines as are left in the budget, over all its calls, then dies.
    private func toolFolder() throws -> String {
        let bin = "\(folder)/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        let script = """
            #!/usr/bin/python3
            import subprocess, sys
            left = int(open("\(folder)/budget").read())
            p = subprocess.Popen(["/usr/bin/mariadb"] + sys.argv[1:], stdin=subprocess.PIPE)
            for line in sys.stdin.buffer:
                if left <= 0:
                    p.stdin.close(); p.wait(); sys.exit(137)
                p.stdin.write(line); p.stdin.flush()
                if line.split(b" ")[0] not in (b"SELECT", b"SHOW", b"    FROM", b"    WHERE"):
                    left -= 1
                    open("\(folder)/budget", "w").write(str(left))
            p.stdin.close()
            sys.exit(p.wait())
            """
        try script.write(toFile: "\(bin)/mariadb", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(bin)/mariadb")
        return bin
    }

    func testTheTimeOfASwapDoesNotGrowWithTheData() throws {
        let all = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        for rows in [30_000, all ? 1_900_000 : 190_000] {
            for location in [live, nextOne, retired] { try engine.remove(location) }
            let writing = Date()
            for location in [live, nextOne] {
                try run(
                    "CREATE DATABASE `\(location.name)`; USE `\(location.name)`; CREATE TABLE a (id INT PRIMARY KEY, t CHAR(250)) CHARACTER SET latin1;"
                )
                let count = location == live ? rows : 30_000
                try run("INSERT INTO a SELECT seq, REPEAT(MD5(seq), 7) FROM seq_1_to_\(count);", in: location)
            }
            let written = Date().timeIntervalSince(writing)
            let swapping = Date()
            try engine.swap(live, with: nextOne, keeping: retired)
            let swapped = Date().timeIntervalSince(swapping)
            print(
                "swap of \(engine.size(retired) >> 20) MB against \(engine.size(live) >> 20) MB took \(Int(swapped * 1000)) ms, writing them \(Int(written * 1000)) ms"
            )
            if rows > 30_000 { XCTAssertLessThan(swapped, written / 2, "nothing is written again") }
        }
    }

    func testSessionsOfBothDatabasesEnd_I24() throws {
        _ = try fillBoth()
        let sleepers = try [live, nextOne].map {
            try start(
                "/usr/bin/mariadb",
                clientArguments + [$0.name, "--execute=BEGIN; SELECT * FROM parent; SELECT SLEEP(60)"])
        }
        XCTAssertTrue(
            eventually {
                (try? self.run(
                    "SELECT COUNT(*) FROM information_schema.processlist WHERE db IN ('\(self.live.name)', '\(self.nextOne.name)') AND info LIKE '%SLEEP(60)%' AND id <> CONNECTION_ID()"
                )) == ["2"]
            })
        try engine.swap(live, with: nextOne, keeping: retired)
        for sleeper in sleepers {
            sleeper.waitUntilExit()
            XCTAssertNotEqual(sleeper.terminationStatus, 0)
        }
    }

    func testWhatIsInTheWayIsNotOverwritten() throws {
        let (old, new) = try fillBoth()
        try run("CREATE DATABASE `\(retired.name)`; CREATE TABLE `\(retired.name)`.precious (x INT);")
        expectError(.stepFailed, "a database in the way") {
            try engine.swap(live, with: nextOne, keeping: retired)
        }
        XCTAssertEqual(try engine.summarise(live), old)
        XCTAssertEqual(try engine.summarise(nextOne), new)
    }
}

/// Runs `body` with other folders before the usual ones to find programs in.
func withPath<Result>(_ prefix: String, _ body: () throws -> Result) rethrows -> Result {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    setenv("PATH", prefix + path, 1)
    defer { setenv("PATH", path, 1) }
    return try body()
}
