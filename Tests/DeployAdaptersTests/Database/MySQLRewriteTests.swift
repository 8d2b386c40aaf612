import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T13: somebody changes definitions while a backup is taken.
final class MySQLRewriteTests: MySQLFixture {
    /// Tables are replaced, truncated and rebuilt all the time; each state says in two places which one it is.
    func testWhatIsTakenWhileDefinitionsChangeIsOneStateOrNothing_T13() throws {
        try engine.create(live)
        try run(
            """
            CREATE TABLE item (id INT PRIMARY KEY, v TEXT); INSERT INTO item SELECT seq, MD5(seq) FROM seq_1_to_3000;
            CREATE TABLE often (n INT PRIMARY KEY); INSERT INTO often VALUES (0);
            CREATE TABLE log (n INT PRIMARY KEY); INSERT INTO log VALUES (0);
            """, in: live)
        let writer = try startWriter()
        let last = {
            (try? self.run("SELECT MAX(n) FROM log", in: self.live))?.first.flatMap { Int($0) } ?? 0
        }
        XCTAssertTrue(eventually { last() > 3 })
        let began = last()
        var (taken, refused) = (0, 0)
        for number in 1...6 {
            let payload = "\(folder)/\(number).zst"
            guard let snapshot = try? engine.backUp(live, to: payload) else {
                XCTAssertFalse(FileManager.default.fileExists(atPath: payload))
                refused += 1
                continue
            }
            taken += 1
            let copy = sibling("_proof")
            try engine.restore(payload, to: copy)
            // What came between summary and dump is found by the proof; what passes it has to be whole.
            if try engine.summarise(copy) == snapshot.summary {
                XCTAssertEqual(try run("SELECT COUNT(*) FROM item", in: copy), ["3000"])
                let state =
                    "SELECT (SELECT MAX(n) FROM log) - COALESCE((SELECT n FROM often), (SELECT MAX(n) FROM log))"
                let behind = try run(state, in: copy).first.flatMap { Int($0) } ?? -1
                XCTAssertTrue([0, 1].contains(behind), "\(behind) states apart")
            } else {
                refused += 1
            }
            try engine.remove(copy)
        }
        XCTAssertTrue(writer.isRunning)
        XCTAssertGreaterThan(last(), began, "definitions changed meanwhile")
        print("T13 definitions change: \(taken) taken, \(refused) refused")
    }

    private func startWriter() throws -> Process {
        let script = """
            import subprocess, sys, time, signal
            p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
            def end(*_):
                p.kill(); sys.exit(0)
            signal.signal(signal.SIGTERM, end)
            for n in range(1, 10**7):
                p.stdin.write(f"INSERT INTO log VALUES ({n}); TRUNCATE often; INSERT INTO often VALUES ({n});"
                    f"ALTER TABLE item MODIFY v VARCHAR({40 + n % 9}); SELECT 1;\\n")
                p.stdin.flush()
                if not p.stdout.readline(): sys.exit(1)
                time.sleep(0.2)
            """
        let process = try start(
            "/usr/bin/python3",
            ["-c", script, "/usr/bin/mariadb"] + clientArguments + ["--unbuffered", stem])
        addTeardownBlock {
            if process.isRunning {
                process.terminate()
                process.waitUntilExit()
            }
        }
        return process
    }
}
