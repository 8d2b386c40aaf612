import DeployAdapters
import DeployCore
import DeployTestSupport
import Foundation
import XCTest

/// The packed copy of a SQLite database, and the compressor nobody has to believe.
final class SQLitePackingTests: SQLiteFixture {
    private var payload: String { "\(folder)/backup/database.sqlite.zst" }
    private var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/backup").sorted()) ?? []
    }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try FileManager.default.createDirectory(
            atPath: "\(folder)/backup", withIntermediateDirectories: true)
    }

    private func fill() throws {
        try write(
            """
            CREATE TABLE a (n INTEGER PRIMARY KEY, t TEXT);
            WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 4000)
            INSERT INTO a SELECT n, hex(randomblob(8)) FROM c;
            """, to: live)
    }

    func testACopyIsPackedPrivateAndAlone() throws {
        try fill()
        let taken = try database.backUp(live, to: payload).summary
        XCTAssertEqual(names, ["database.sqlite.zst"], "no plain copy stays")
        let attributes = try FileManager.default.attributesOfItem(atPath: payload)
        XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600)
        XCTAssertLessThan((attributes[.size] as? Int64) ?? .max, database.size(live))
        try database.restore(payload, to: location("back.db"))
        XCTAssertEqual(try database.summarise(location("back.db")), taken)
    }

    func testAnEmptyDatabaseComesBackToo() throws {
        XCTAssertTrue(FileManager.default.createFile(atPath: live.name, contents: nil))
        let taken = try database.backUp(live, to: payload).summary
        try database.restore(payload, to: location("back.db"))
        XCTAssertEqual(try database.summarise(location("back.db")), taken)
    }

    func testACopyThatWasNeverPackedStillComesBack() throws {
        try fill()
        let taken = try database.summarise(live)
        try FileManager.default.copyItem(atPath: live.name, toPath: "\(folder)/backup/database.sqlite")
        try database.restore("\(folder)/backup/database.sqlite", to: location("back.db"))
        XCTAssertEqual(try database.summarise(location("back.db")), taken)
    }

    func testACutFlippedOrEmptyCopyIsRefusedAndMakesNothing_T11() throws {
        try fill()
        let taken = try database.backUp(live, to: payload).summary
        let good = try Data(contentsOf: URL(fileURLWithPath: payload))
        let back = location("back.db")
        for number in 0..<60 {
            var bad = number < 20 ? good.prefix(good.count * number / 20) : good
            if number >= 20 { bad[(number * 7919) % bad.count] ^= 1 << UInt8(number % 8) }
            try bad.write(to: URL(fileURLWithPath: payload))
            do throws(DeployError) {
                try database.restore(payload, to: back)
                // A bit of the format's that carries nothing may be flipped without a change of the content.
                XCTAssertEqual(try? database.summarise(back), taken, "number \(number) is believed")
                XCTAssertGreaterThanOrEqual(number, 20, "a cut copy is believed")
                try database.remove(back)
            } catch {
                XCTAssertEqual(error.code, .backupFailed, "number \(number)")
                XCTAssertEqual(try? database.exists(back), false, "number \(number)")
            }
        }
    }

    func testNoLyingMissingOrHangingCompressorIsBelieved_T10() throws {
        try fill()
        let good = "\(folder)/good.zst"
        let taken = try database.backUp(live, to: good).summary
        let quick = SQLiteApplicationDatabase(
            commands: ProcessCommandRunner(interruption: FakeInterruption()),
            packingDeadline: .milliseconds(400))
        for lie in Self.lies {
            try withCompressor(lie) {
                expectError(.backupFailed, "backing up with: \(lie)") {
                    _ = try quick.backUp(live, to: payload)
                }
                XCTAssertEqual(names, [], "left behind by: \(lie)")
                do throws(DeployError) {
                    try quick.restore(good, to: location("back.db"))
                    XCTAssertEqual(try? quick.summarise(location("back.db")), taken, lie)
                } catch {
                    XCTAssertEqual(error.code, .backupFailed, lie)
                    XCTAssertEqual(try? quick.exists(location("back.db")), false, lie)
                }
            }
        }
    }

    /// Each is a bash script in place of zstd; `real` is zstd.
    private static let lies = [
        "exit 1", "cat >/dev/null; exit 0", "cat; exit 0", "real \"$@\"; exit 3", "kill -9 $$",
        "real \"$@\" | head -c 900; exit 0", "head -c 900 | real -q -c; exit 0", "exec sleep 60",
        "printf '\\x28\\xb5\\x2f\\xfd'; exit 0", "none",
    ]

    /// Puts a program in zstd's place; "none" leaves no zstd at all.
    private func withCompressor(_ script: String, _ body: () throws -> Void) throws {
        let (tools, path) = ("\(folder)/bin", ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        defer {
            setenv("PATH", path, 1)
            try? FileManager.default.removeItem(atPath: tools)
        }
        if script != "none" {
            let text = "#!/bin/bash\nreal() { PATH='\(path)' zstd \"$@\"; }\n\(script)\n"
            XCTAssertTrue(
                FileManager.default.createFile(
                    atPath: "\(tools)/zstd", contents: Data(text.utf8), attributes: [.posixPermissions: 0o755]
                ))
        }
        setenv("PATH", script == "none" ? tools : "\(tools):\(path)", 1)
        try body()
    }
}
