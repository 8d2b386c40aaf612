import DeployTestSupport
import Foundation
import XCTest

/// What a program prints that fails goes neither whole nor with a customer's row into messages, logs and the state.
final class RepeatedRowsTests: XCTestCase {
    private let row = "anna@example.org"

    func testACommandThatPrintsRowsFillsNeitherTheStateNorTheLogWithThem() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.write(
            """
            import sys
            sys.stderr.write("INSERT INTO customer VALUES (1, '\(row)', '" + "00ff" * 5000000 + "')\\n")
            sys.stderr.write("DETAIL:  Key (email)=(\(row)) already exists.\\n")
            sys.exit(1)
            """, to: "fail.py")
        try shop.replace(
            "\"drain\"", with: "\"release\": [[\"python3\", \"fail.py\"]],\n  \"drain\"",
            in: "environments/base.json")
        try shop.commit("A release command that fails")
        let run = try shop.run("staging").expect(15)
        try run.expectExplained()
        try expect(run.errors.contains("Key (email)=(…) already exists"), run.errors)
        try expectNoRow(in: run, of: shop)
    }

    func testAMigrationOfAServerThatFailsOnARowDoesNotRepeatIt() throws {
        for engine in [DatabaseServer.Engine.mysql, .postgresql] {
            let world = try ServerShop(engine, for: self)
            try world.shop.run("staging").expect(0)
            try world.shop.commit(
                version: "two",
                migration: (
                    "V0002_customer",
                    """
                    CREATE TABLE customer (id INT PRIMARY KEY, email VARCHAR(50) UNIQUE);
                    INSERT INTO customer VALUES (1, '\(row)');
                    INSERT INTO customer VALUES (2, '\(row)');
                    """
                ))
            let run = try world.shop.run("staging").expect(15)
            try expect(run.errors.contains("email"), "the constraint is named: \(run.errors)")
            try expectNoRow(in: run, of: world.shop)
        }
    }

    private func expectNoRow(in run: ProgramRun, of shop: DeployctlFixture) throws {
        let scan = CanaryScan(["a row": row], in: shop, homes: [])
        scan.look(at: run.errors + run.output, of: "what is said")
        for name in shop.names(in: "logs/staging/deployctl") {
            scan.look(at: try shop.read("logs/staging/deployctl/\(name)"), of: "the log")
        }
        let state = try Data(contentsOf: URL(fileURLWithPath: "\(shop.project)/.deployctl/state.db"))
        scan.look(at: String(decoding: state, as: UTF8.self), of: "the state")
        try expectEqual(scan.findings, [], "where the row stands")
        try expect(state.count < 2_000_000, "the state has \(state.count) bytes")
    }
}
