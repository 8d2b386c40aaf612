import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A copy of which only the rows are looked at that a migration changed.
final class MySQLUntouchedRowsTests: MySQLFixture {
    func testRowsGoAndWhatPointedAtThemComesBack() throws {
        let engine = engine
        try engine.create(live)
        try run(
            """
            CREATE TABLE parent (id INT PRIMARY KEY); INSERT INTO parent VALUES (1);
            CREATE TABLE child (id INT, FOREIGN KEY (id) REFERENCES parent (id)); INSERT INTO child VALUES (1);
            CREATE TABLE `it's ``y``;` (n INT); INSERT INTO `it's ``y``;` VALUES (1);
            CREATE TRIGGER t BEFORE DELETE ON parent FOR EACH ROW SIGNAL SQLSTATE '45000';
            CREATE VIEW sight AS SELECT * FROM parent;
            """, in: live)
        try engine.lighten(live, by: ["it's `y`;", "no such table", "parent"])
        let left = try engine.summarise(live).tables
        XCTAssertEqual(left.filter { $0.rows > 0 }.map(\.name), ["child"])
        XCTAssertEqual(left.count, 3)
        let found = try engine.differences(
            copying: live, to: sibling("_proof"), by: "\(folder)/payload.sql.zst")
        XCTAssertEqual(found.found, [])
        try engine.remove(sibling("_proof"))
    }

    /// A check that was added while nobody checked keeps rows from coming back: its table is another one.
    func testACheckMakesAnotherTable() throws {
        let engine = engine
        try engine.create(live)
        try run("CREATE TABLE a (n INT); CREATE TABLE b (n INT); INSERT INTO a VALUES (1)", in: live)
        let (before, rows) = (try TableVersions(of: live, in: engine), try engine.summarise(live).tables)
        try run("ALTER TABLE a ADD CHECK (n < 10)", in: live)
        let after = try TableVersions(of: live, in: engine)
        XCTAssertEqual(after.columns, before.columns)
        XCTAssertEqual(after.untouched(since: before, rows, before: rows), ["b"])
    }
}
