import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A copy of which only the rows are looked at that a migration changed.
final class PostgreSQLUntouchedRowsTests: PostgreSQLFixture {
    private func make(_ more: String = "") throws {
        try database.create(live)
        try sql(
            """
            CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent VALUES (1);
            CREATE TABLE child (id int REFERENCES parent); INSERT INTO child VALUES (1);
            CREATE TABLE leaf (id int REFERENCES parent); INSERT INTO leaf VALUES (1);
            CREATE SCHEMA aside; CREATE TABLE aside."it's $x$ ""y"";" (n int);
            INSERT INTO aside."it's $x$ ""y"";" VALUES (1); \(more)
            """, in: live)
    }

    private func rows() throws -> [Int64] { try database.summarise(live).tables.map(\.rows) }

    private var names: [String] { get throws { try database.summarise(live).tables.map(\.name) } }

    private func comesBack(line: UInt = #line) throws {
        let found = try database.differences(
            copying: live, to: location("copy"), by: "\(folder)/payload.dump.zst")
        XCTAssertEqual(found.found, [], line: line)
        try database.remove(location("copy"))
    }

    func testRowsGoWhereNoOthersPointAtThem() throws {
        try make()
        let all = try names
        XCTAssertEqual(all.count, 4)
        try database.lighten(live, by: all.filter { $0 != "child" })
        XCTAssertEqual(try Dictionary(uniqueKeysWithValues: zip(all, rows()))["child"], 1)
        XCTAssertEqual(try Dictionary(uniqueKeysWithValues: zip(all, rows()))["parent"], 1, "child needs it")
        XCTAssertEqual(try rows().reduce(0, +), 2)
        try comesBack()
        try database.lighten(live, by: all)
        XCTAssertEqual(try rows(), [0, 0, 0, 0])
    }

    func testRowsStayWhereARestoreComputesFromThem() throws {
        let looks = """
            CREATE FUNCTION known(n int) RETURNS bool LANGUAGE sql IMMUTABLE AS
                'SELECT EXISTS (SELECT FROM public.parent WHERE id = n)';
            """
        for more in [
            "CREATE MATERIALIZED VIEW sight AS SELECT 1 / count(*) AS n FROM parent;",
            "\(looks) CREATE TABLE asks (n int CHECK (known(n))); INSERT INTO asks VALUES (1);",
            "\(looks) CREATE TABLE asks (n int); CREATE INDEX ON asks (known(n));",
            "\(looks) CREATE TABLE asks (n int, b bool GENERATED ALWAYS AS (known(n)) STORED);",
            "\(looks) CREATE DOMAIN sure AS int CHECK (known(VALUE)); CREATE TABLE asks (n sure);",
        ] {
            try make(more)
            let before = try rows()
            try database.lighten(live, by: names)
            XCTAssertEqual(try rows(), before, more)
            try database.remove(live)
        }
        let fine = "CREATE TABLE asks (n int, b bool DEFAULT known(1)); INSERT INTO asks VALUES (1)"
        try make("\(looks) \(fine)")
        try database.lighten(live, by: names)
        XCTAssertEqual(try rows().reduce(0, +), 0, "a default is computed for new rows only")
        try comesBack()
    }

    func testATableThatActsWhenItIsEmptiedIsNot() throws {
        try make(
            """
            CREATE FUNCTION boom() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
            CREATE TRIGGER boom BEFORE TRUNCATE ON leaf EXECUTE FUNCTION boom();
            """)
        try database.lighten(live, by: names)
        XCTAssertEqual(try rows().reduce(0, +), 2, "leaf and its parent")
        try comesBack()
    }
}
