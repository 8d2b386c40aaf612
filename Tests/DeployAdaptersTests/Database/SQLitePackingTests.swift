import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

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

    func testMoreThanWasPackedEndsTheUnpackingWhileItGoesOn() throws {
        try fill()
        let snapshot = try database.backUp(live, to: payload)
        let back = location("back.db")
        try database.restore(payload, to: back, atMost: snapshot.unpacked)
        XCTAssertEqual(try database.summarise(back), snapshot.summary)
        try database.remove(back)
        for (most, complaint) in [
            ((snapshot.unpacked ?? 0) - 1, "more comes out of it than was put in"),
            (.max, "there is room for"),
        ] {
            XCTAssertThrowsError(try database.restore(payload, to: back, atMost: most)) {
                let error = $0 as? DeployError
                XCTAssertEqual(error?.code, .backupFailed)
                XCTAssertTrue(error?.why.contains(complaint) ?? false, "\($0)")
            }
            XCTAssertFalse(try database.exists(back))
        }
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
}
