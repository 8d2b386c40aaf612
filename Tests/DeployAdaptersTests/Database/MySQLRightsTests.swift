import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// An administrator, and an application's user who may do nothing but use its own databases.
final class MySQLRightsTests: MySQLFixture {
    private var user: String { "\(stem)_app" }
    private var payload: String { "\(folder)/payload.zst" }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try run("CREATE USER '\(user)'@'%' IDENTIFIED BY 'x';")
        try writeSecret("x", to: "own")
        let admin = database.user ?? ""
        use { [user] in
            $0.admin = .init(user: admin, password: .file("password"))
            ($0.user, $0.password) = (user, .file("own"))
        }
    }

    /// Whose the views, routines and events of a database are.
    private func definers(_ location: DatabaseLocation) throws -> Set<String> {
        Set(
            try run(
                """
                SELECT definer FROM information_schema.views WHERE table_schema = '\(location.name)'
                UNION ALL SELECT definer FROM information_schema.routines WHERE routine_schema = '\(location.name)'
                UNION ALL SELECT definer FROM information_schema.events WHERE event_schema = '\(location.name)';
                """))
    }

    func testNothingThatIsLoadedActsForTheAdministrator_S25() throws {
        try engine.create(live)
        try run(
            """
            CREATE TABLE a (n INT); INSERT INTO a VALUES (1); CREATE VIEW v AS SELECT * FROM a;
            CREATE PROCEDURE p () SELECT 'DEFINER=`a`@`b`';
            CREATE EVENT e ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DO DELETE FROM a;
            """, in: live)
        let administrators = try definers(live)
        let taken = try engine.backUp(live, to: payload).summary
        try engine.restore(payload, to: sibling())
        try engine.copy(live, to: sibling("_reader"))
        for copy in [sibling(), sibling("_reader")] {
            XCTAssertEqual(try engine.summarise(copy).differences(from: taken), [])
            XCTAssertEqual(try definers(copy), ["\(user)@%"])
        }
        try engine.swap(live, with: sibling(), keeping: sibling("_retired"))
        for location in [live, sibling("_retired")] {
            XCTAssertEqual(try definers(location), ["\(user)@%"], location.name)
        }
        XCTAssertFalse(administrators.contains("\(user)@%"))
    }

    func testATableThatLooksLikeThePlanOfASwapIsNone_S25() throws {
        for location in [live, sibling()] { try engine.create(location) }
        try run("CREATE TABLE b (n INT)", in: live)
        try run(
            """
            CREATE TABLE a (n INT);
            CREATE TABLE deployctl_swap (number INT, kind TEXT, text TEXT);
            INSERT INTO deployctl_swap VALUES (1, 'before', 'DROP DATABASE `\(live.name)`;'), (2, 'leaving', 'x');
            """, in: sibling())
        try engine.swap(live, with: sibling(), keeping: sibling("_retired"))
        XCTAssertEqual(try engine.summarise(live).tables.map(\.name), ["a"])
        XCTAssertEqual(try engine.summarise(sibling("_retired")).tables.map(\.name), ["b"])
        XCTAssertEqual(LocalFileStore().names(in: layout.swaps), [], "a plan goes with its swap")
    }

    /// What an older version had begun, with the plan in a table that the application may write.
    func testASwapThatAnOlderVersionBeganIsFinishedWithoutItsStatements_S25() throws {
        let (next, retired) = (sibling(), sibling("_retired"))
        for location in [live, next, retired] { try engine.create(location) }
        let other = "\(stem)_other"
        try run("CREATE DATABASE `\(other)`; CREATE TABLE `\(other)`.customer (n INT);")
        try run("CREATE TABLE b (n INT)", in: retired)
        try run(
            """
            CREATE TABLE a (n INT);
            CREATE TABLE `deployctl_swap` (number INT PRIMARY KEY, kind VARCHAR(10), text LONGTEXT);
            INSERT INTO deployctl_swap VALUES (0, 'leaving', 'b'), (1, 'arriving', 'a'),
                (2, 'before', 'CREATE DATABASE IF NOT EXISTS `\(retired.name)` CHARACTER SET utf8mb4;'),
                (3, 'before', 'DROP DATABASE `\(other)`;'), (4, 'after', 'USE `\(live.name)`;'),
                (5, 'after', 'CREATE OR REPLACE DEFINER=`root`@`localhost` VIEW v AS SELECT 1;');
            """, in: next)
        try engine.swap(live, with: next, keeping: retired)
        XCTAssertEqual(try engine.summarise(live).tables.map(\.name), ["a"])
        XCTAssertEqual(try engine.summarise(retired).tables.map(\.name), ["b"])
        XCTAssertFalse(try engine.exists(next))
        XCTAssertEqual(try definers(live), ["\(user)@%"])
        XCTAssertEqual(try run("SHOW TABLES", in: DatabaseLocation(other)), ["customer"])
    }

    func testWhatTheUserCannotMakeAgainIsRefusedBeforeAnythingChanges() throws {
        guard try run("SELECT @@GLOBAL.log_bin, @@GLOBAL.log_bin_trust_function_creators") == ["1\t0"] else {
            throw lacking("server with a binary log that trusts nobody who makes functions")
        }
        try engine.create(live)
        try run(
            "CREATE TABLE a (n INT); CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW SET NEW.n = 1;",
            in: live)
        let attempts: [(String, () throws -> Void)] = [
            ("backup", { _ = try self.engine.backUp(self.live, to: self.payload) }),
            ("copy", { try self.engine.copy(self.live, to: self.sibling()) }),
            (
                "swap",
                {
                    try self.engine.create(self.sibling())
                    try self.engine.swap(self.live, with: self.sibling(), keeping: self.sibling("_retired"))
                }
            ),
        ]
        for (what, attempt) in attempts {
            XCTAssertThrowsError(try attempt(), what) { error in
                let next = (error as? DeployError)?.next ?? ""
                XCTAssertTrue(
                    next.contains("SET GLOBAL log_bin_trust_function_creators = 1"), "\(what): \(error)")
            }
        }
        XCTAssertEqual(try engine.siblings(of: live), [sibling()])
        XCTAssertEqual(try engine.summarise(live).objects["trigger"], 1)
        let migration = MigrationFile(
            name: "1.sql", sql: "CREATE TRIGGER h BEFORE DELETE ON a FOR EACH ROW SET @a = 1;")
        XCTAssertThrowsError(try engine.apply(migration, to: live)) { error in
            XCTAssertTrue("\(error)".contains("SET GLOBAL log_bin_trust_function_creators = 1"), "\(error)")
        }
        XCTAssertEqual(try engine.cautions(for: live).map(\.subject), ["administrator", "triggers"])
    }

    /// What `doctor` says an administrator needs is all that is needed.
    func testAnAdministratorOfTheProjectsDatabasesIsEnough() throws {
        let admin = "\(stem)_adm"
        try run(
            """
            CREATE USER '\(admin)'@'%' IDENTIFIED BY 'y';
            GRANT ALL PRIVILEGES ON `\(stem.replacingOccurrences(of: "_", with: "\\_"))%`.* TO '\(admin)'@'%' WITH GRANT OPTION;
            GRANT SELECT ON mysql.* TO '\(admin)'@'%';
            GRANT RELOAD, PROCESS, CONNECTION ADMIN ON *.* TO '\(admin)'@'%';
            """)
        try writeSecret("y", to: "admin")
        use { $0.admin = .init(user: admin, password: .file("admin")) }
        try engine.create(live)
        try engine.apply(
            MigrationFile(
                name: "1.sql",
                sql:
                    "CREATE TABLE a (n INT); INSERT INTO a VALUES (1); CREATE VIEW v AS SELECT * FROM a;\nCREATE PROCEDURE p () SELECT 1;"
            ),
            to: live)
        let taken = try engine.backUp(live, to: payload).summary
        try engine.restore(payload, to: sibling())
        try engine.copy(live, to: sibling("_reader"))
        let busy = try start(
            "/usr/bin/mariadb", clientArguments + [live.name, "--execute=SELECT SLEEP(60)"])
        try engine.swap(live, with: sibling(), keeping: sibling("_retired"))
        busy.waitUntilExit()
        XCTAssertEqual(try engine.summarise(live), taken)
        for location in [sibling("_reader"), sibling("_retired")] { try engine.remove(location) }
        XCTAssertEqual(try engine.cautions(for: live), [])
    }
}
