import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class PostgreSQLBackupTests: PostgreSQLFixture {
    private var payload: String { "\(folder)/payload.dump.zst" }

    private let shop = """
        CREATE TABLE item (id serial PRIMARY KEY, v text);
        INSERT INTO item (v) SELECT md5(g::text) FROM generate_series(1, 3000) g;
        CREATE TABLE ledger (id bigint PRIMARY KEY, item int REFERENCES item);
        CREATE SEQUENCE "odd 'seq'";
        """

    /// T13: two tables and a sequence move together while the dump is made; the copy is what was summarised.
    func testABackupUnderLoadIsTheSnapshotThatWasSummarised_T13() throws {
        try database.create(live)
        try sql(shop, in: live)
        let writer = try start(
            """
            DO $$ DECLARE n int; BEGIN FOR i IN 1..1000000 LOOP
                INSERT INTO item (v) VALUES (repeat('x', 200)) RETURNING id INTO n;
                INSERT INTO ledger VALUES (nextval('"odd ''seq''"'), n); COMMIT;
            END LOOP; END $$;
            """, in: live)
        defer { writer.terminate() }
        let rows = { Int((try? self.sql("SELECT count(*) FROM ledger", in: self.live).first) ?? "") ?? 0 }
        XCTAssertTrue(eventually { rows() > 10 })
        var counted: [Int64] = []
        for number in 0..<3 {
            let path = "\(folder)/\(number).dump.zst"
            let taken = try database.backUp(live, to: path).summary
            try database.restore(path, to: location("copy"))
            XCTAssertEqual(try database.summarise(location("copy")), taken)
            XCTAssertEqual(try database.summarise(location("copy")).differences(from: taken), [])
            let torn = "SELECT count(*) FROM item WHERE id > 3000 AND id NOT IN (SELECT item FROM ledger)"
            XCTAssertEqual(try sql(torn, in: location("copy")), ["0"])
            counted.append(taken.tables.first { $0.name == "ledger" }?.rows ?? 0)
            try database.remove(location("copy"))
        }
        XCTAssertTrue(writer.isRunning)
        XCTAssertGreaterThan(counted.last ?? 0, counted.first ?? 0, "the writer wrote meanwhile")
    }

    /// T11: a payload that lost its end or a bit is found, by the tool or by the comparison.
    func testNoCutAndNoFlipOfAPayloadIsRestoredAsWhatItWas_T11() throws {
        try database.create(live)
        try sql(shop, in: live)
        let taken = try database.backUp(live, to: payload).summary
        let good = try Data(contentsOf: URL(fileURLWithPath: payload))
        var damaged =
            (1...9).map { good.prefix(good.count * $0 / 10) } + [good.prefix(good.count - 1), Data()]
        for number in 0..<15 {
            var flipped = good
            flipped[(number * 7919 + 13) * good.count / (15 * 7919 + 13)] ^= UInt8(1 << (number % 8))
            damaged.append(flipped)
        }
        var accepted = 0
        for (number, bytes) in damaged.enumerated() {
            let path = "\(folder)/damaged-\(number)"
            try bytes.write(to: URL(fileURLWithPath: path))
            guard (try? database.restore(path, to: location("copy"))) != nil else {
                XCTAssertFalse(try database.exists(location("copy")), "damage \(number) leaves nothing")
                continue
            }
            // A flipped bit in a remark about the dump changes nothing that counts.
            if try database.summarise(location("copy")).differences(from: taken).isEmpty { accepted += 1 }
            try database.remove(location("copy"))
        }
        print("\(damaged.count) damaged payloads, \(accepted) restored to the same content")
        XCTAssertLessThanOrEqual(accepted, 2)
    }

    /// S01: the passwords are in no program's arguments and in no environment while a dump and a restore run.
    func testNoPasswordIsInArgumentsOrEnvironments_S01() throws {
        let password = "canary'\"\\:$ ü🚀 \(UUID())"
        try sql("ALTER ROLE \(role) PASSWORD $x$\(password)$x$ CREATEDB", in: nil)
        var layout = layout()
        var environment = layout.environment
        environment.database?.admin = nil
        layout = Layout(project: folder, environment: environment)
        let own = engine(appPassword: password, layout: layout)
        try own.create(live)
        try sql("SET ROLE \"\(role)\";\n\(shop)", in: live)
        let scanner = SecretScanner(for: "canary")
        let (payload, live, copy) = (payload, live, location("copy"))
        try scanner.watch {
            _ = try own.backUp(live, to: payload)
            try own.restore(payload, to: copy)
        }
        XCTAssertGreaterThan(scanner.seen, 5, "programs were seen")
        XCTAssertEqual(scanner.hits, [])
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: "\(folder)/.deployctl/production/clients"), []
        )
    }

    func testABackupIsPrivateAndAFailedOneLeavesNothing_S05() throws {
        XCTAssertThrowsError(try database.backUp(live, to: payload))
        XCTAssertFalse(FileManager.default.fileExists(atPath: payload))
        try database.create(live)
        _ = try database.backUp(live, to: payload)
        let mode = try FileManager.default.attributesOfItem(atPath: payload)[.posixPermissions] as? Int
        XCTAssertEqual(mode, 0o600)
    }
}
