import DeployTestSupport
import XCTest

/// What MariaDB can hold is in a backup, or the backup is refused by name.
final class CarriedByMySQLTests: XCTestCase {
    func testARollbackOfMariaDBBringsEveryKindBack() throws {
        try CarriedShop(.mysql, for: self).expectCarried(Self.kinds)
    }

    func testAHistoryThatNoDumpCanCarryIsRefusedByName() throws {
        try CarriedShop(.mysql, for: self).expectRefused(
            .init(
                "history by transactions",
                """
                CREATE TABLE ledger (id INT PRIMARY KEY, a INT, b BIGINT UNSIGNED GENERATED ALWAYS AS ROW START,
                    e BIGINT UNSIGNED GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (b, e)) WITH SYSTEM VERSIONING;
                INSERT INTO ledger (id, a) VALUES (1, 1); UPDATE ledger SET a = 2;
                """, shows: "SELECT a, b < e FROM ledger FOR SYSTEM_TIME ALL ORDER BY b;"),
            saying: ["history of table ledger", "TIMESTAMP(6)"], undoneBy: "DROP TABLE ledger;")
    }

    private static let kinds: [CarriedShop.Kind] = [
        .init(
            "history",
            """
            CREATE TABLE price (id INT PRIMARY KEY, amount INT) WITH SYSTEM VERSIONING;
            INSERT INTO price VALUES (1, 10), (2, 5); UPDATE price SET amount = 20; DELETE FROM price WHERE id = 2;
            """,
            shows:
                "SELECT id, amount, row_start, row_end FROM price FOR SYSTEM_TIME ALL ORDER BY row_start, id;"
        ),
        .init(
            "history with a named period, in partitions",
            """
            CREATE TABLE rate (id INT PRIMARY KEY, amount INT, note INT WITHOUT SYSTEM VERSIONING,
                since TIMESTAMP(6) GENERATED ALWAYS AS ROW START, till TIMESTAMP(6) GENERATED ALWAYS AS ROW END INVISIBLE,
                PERIOD FOR SYSTEM_TIME (since, till)) WITH SYSTEM VERSIONING
                PARTITION BY SYSTEM_TIME (PARTITION old HISTORY, PARTITION now CURRENT);
            INSERT INTO rate (id, amount) VALUES (1, 10); UPDATE rate SET amount = 20; UPDATE rate SET note = 3;
            """, shows: "SELECT id, amount, note, since, till FROM rate FOR SYSTEM_TIME ALL ORDER BY since;"),
        .init(
            "a sequence",
            "CREATE SEQUENCE number START WITH 7 INCREMENT BY 3 NOCACHE; SELECT NEXTVAL(number);",
            shows: "SELECT next_not_cached_value, increment FROM number;"),
        .init(
            "the next automatic number",
            "CREATE TABLE ticket (id INT AUTO_INCREMENT PRIMARY KEY); INSERT INTO ticket VALUES (41); DELETE FROM ticket;",
            shows: "SHOW CREATE TABLE ticket;"),
        .init(
            "generated and invisible columns",
            """
            CREATE TABLE sum (a INT, hidden INT INVISIBLE DEFAULT 9, v INT AS (a + 1) VIRTUAL, s INT AS (a * 2) STORED,
                CHECK (a > 0)) COMMENT 'remark';
            INSERT INTO sum (a, hidden) VALUES (1, 5), (2, DEFAULT);
            """,
            shows: "SELECT a, hidden, v, s FROM sum ORDER BY a; SHOW CREATE TABLE sum;"),
        .init(
            "partitions",
            """
            CREATE TABLE day (n INT PRIMARY KEY) PARTITION BY RANGE (n)
                (PARTITION low VALUES LESS THAN (10), PARTITION high VALUES LESS THAN MAXVALUE);
            INSERT INTO day VALUES (1), (20);
            """,
            shows: """
                SELECT n FROM day PARTITION (high);
                SELECT partition_name, partition_description FROM information_schema.partitions
                    WHERE table_schema = DATABASE() AND table_name = 'day' ORDER BY 1;
                """),
        .init(
            "a period of the application's",
            """
            CREATE TABLE rent (id INT, f DATE NOT NULL, u DATE NOT NULL, PERIOD FOR stay (f, u), UNIQUE (id, stay WITHOUT OVERLAPS));
            INSERT INTO rent VALUES (1, '2026-01-01', '2026-02-01');
            """, shows: "SELECT * FROM rent; SHOW CREATE TABLE rent;"),
        .init(
            "engines without transactions",
            """
            CREATE TABLE slow (t TEXT, FULLTEXT KEY (t)) ENGINE = MyISAM; INSERT INTO slow VALUES ('x');
            CREATE TABLE quick (n INT) ENGINE = Aria; INSERT INTO quick VALUES (3);
            """,
            shows: """
                SELECT t FROM slow; SELECT n FROM quick;
                SELECT table_name, engine FROM information_schema.tables WHERE table_schema = DATABASE() AND engine IN ('MyISAM', 'Aria') ORDER BY 1;
                """),
        .init(
            "odd values",
            """
            CREATE TABLE odd (b BLOB, g POINT, j JSON, u UUID, i INET6, y BIT(9), z VARCHAR(9) CHARACTER SET latin1, e SET('a', 'b'));
            INSERT INTO odd VALUES (0x00FF0A27, POINT(1, 2), '{"a": 1}', UUID(), '::1', b'100000001', 'é', 'a,b');
            """,
            shows: "SELECT HEX(b), ST_AsText(g), j, u, i, HEX(y), HEX(z), e FROM odd;"),
        .init(
            "views, procedures and events",
            """
            CREATE VIEW seen AS SELECT id FROM item;
            CREATE PROCEDURE two () COMMENT 'remark' SELECT 2;
            CREATE EVENT fourth ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DISABLE COMMENT 'remark' DO DO 4;
            """,
            shows: """
                SELECT table_name, is_updatable FROM information_schema.views WHERE table_schema = DATABASE();
                SELECT routine_name, routine_definition, routine_comment FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1;
                SELECT event_name, status, event_comment FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 1;
                """),
        .init(
            "a key to another table",
            """
            CREATE TABLE parent (id INT PRIMARY KEY); CREATE TABLE child (id INT, FOREIGN KEY up (id) REFERENCES parent (id) ON DELETE CASCADE);
            INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);
            """, shows: "SHOW CREATE TABLE child; SELECT * FROM child;"),
    ]
}
