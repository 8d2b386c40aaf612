import DeployTestSupport
import Foundation

/// Generated schemas with everything a dump tends to lose.
struct MySQLSchemas {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    private mutating func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    private mutating func pick(_ choices: [String]) -> String { choices[next(choices.count)] }

    private static let types = [
        "INT", "BIGINT UNSIGNED", "TINYINT(1)", "DECIMAL(30,9)", "DOUBLE", "FLOAT", "VARCHAR(80)",
        "VARCHAR(40) CHARACTER SET latin1", "CHAR(10)", "TEXT", "MEDIUMTEXT CHARACTER SET ucs2", "BLOB",
        "LONGBLOB", "VARBINARY(20)", "BINARY(5)", "BIT(11)", "DATE", "DATETIME(6)", "TIMESTAMP NULL",
        "TIME(3)", "YEAR", "ENUM('a','b''c','ü')", "SET('x','y')", "JSON", "GEOMETRY",
    ]
    private static let names = [
        "plain", "with space", "quo'te", "dou\"ble", "back`tick", "line\nend", "sem;icolon", "☎ phone",
        "select",
        "back\\slash", "per%cent", "tab\tstop", "-- comment", "/* open",
    ]

    private static func quoted(_ name: String) -> String {
        "`\(name.replacingOccurrences(of: "`", with: "``"))`"
    }

    private mutating func value(_ type: String) -> String {
        if next(6) == 0 { return "NULL" }
        let number = next(1_000_000_000)
        switch type.prefix(4) {
        case "INT": return "\(number - 500_000_000)"
        case "BIGI": return "\(UInt64.max - UInt64(number))"
        case "TINY": return "\(number % 2)"
        case "DECI": return "-\(number)\(number).\(number % 1000)"
        case "DOUB": return "\(Double(number) / 7e11)"
        case "FLOA": return "\(number % 1000).5"
        case "BIT(": return "b'\(String(number % 2048, radix: 2))'"
        case "DATE" where type == "DATE": return pick(["'0000-00-00'", "'2020-02-29'", "'2020-00-00'"])
        case "DATE": return "'2021-03-28 02:30:00.\(number % 1_000_000)'"
        case "TIME" where type.hasPrefix("TIMES"):
            return pick(["'2021-10-31 02:30:00'", "'1970-01-02 00:00:01'"])
        case "TIME": return "'-12:34:56.\(number % 1000)'"
        case "YEAR": return "\(1970 + number % 100)"
        case "ENUM": return pick(["'a'", "'b''c'", "'ü'"])
        case "SET(": return pick(["''", "'x'", "'x,y'"])
        case "JSON": return "'{\"key\": [\(number), null, \"ü😀\"]}'"
        case "GEOM": return "ST_GeomFromText('POINT(\(number) \(number % 90))')"
        case "BLOB", "LONG", "VARB", "BINA":
            return pick(["0x00FF1A5C270A0D", "REPEAT(0x00, \(number % 5))", "''"])
        default:
            return pick(["'it''s'", "'a\\\\b\\nc'", "''", "' x '", "'\(number)'", "CHAR(228 USING latin1)"])
        }
    }

    /// A schema and its rows as a script.
    mutating func script() -> String {
        var statements = ["SET SESSION sql_mode = ''", "SET NAMES utf8mb4", "SET time_zone = '+05:30'"]
        var tables: [String] = []
        for index in 0..<(1 + next(4)) {
            let name = "\(pick(Self.names)) \(index)x"
            tables.append(name)
            statements += table(Self.quoted(name))
        }
        statements += others(Self.quoted(tables[0]))
        return statements.joined(separator: ";\n") + ";\n" + programs(Self.quoted(tables[0]))
    }

    private mutating func table(_ name: String) -> [String] {
        let types = (0..<(1 + next(8))).map { _ in pick(Self.types) }
        let columns = types.enumerated().map { "\(Self.quoted("\(pick(Self.names))\($0)")) \($1)" }
        var parts = ["id INT AUTO_INCREMENT PRIMARY KEY"] + columns
        if next(2) == 0 {
            parts += ["g0 INT DEFAULT 4", "g1 INT AS (g0 * 2) VIRTUAL", "g2 BIGINT AS (g0 + 1) PERSISTENT"]
        }
        if next(2) == 0 { parts += ["KEY (g3)", "g3 INT DEFAULT 7 COMMENT 'AUTO_INCREMENT=9; it''s'"] }
        if next(3) == 0 {
            parts.append("parent INT, FOREIGN KEY (parent) REFERENCES \(name) (id) ON DELETE CASCADE")
        }
        if next(3) == 0 { parts.append("c0 INT DEFAULT 1, CHECK (c0 > 0)") }
        let set = pick(["utf8mb4", "latin1", "utf8mb3"])
        var statements = ["CREATE TABLE \(name) (\(parts.joined(separator: ", "))) CHARACTER SET \(set)"]
        let names = columns.map { column in
            String(column[..<(column.range(of: "` ", options: .backwards)?.lowerBound ?? column.endIndex)])
                + "`"
        }
        for _ in 0..<next(12) {
            let values = types.map { value($0) }
            statements.append(
                "INSERT INTO \(name) (\(names.joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")))"
            )
        }
        return statements
    }

    private mutating func others(_ table: String) -> [String] {
        [
            "CREATE VIEW `z first` AS SELECT id, id + 1 AS `ü` FROM \(table)",
            "CREATE VIEW `a second` AS SELECT * FROM `z first` WHERE `ü` > \(next(9))",
            "CREATE SEQUENCE number_\(next(9)) START WITH 5",
            "CREATE EVENT `e'v` ON SCHEDULE EVERY 1 YEAR DO DELETE FROM \(table) WHERE id < 0",
        ]
    }

    private mutating func programs(_ table: String) -> String {
        """
        DELIMITER //
        CREATE TRIGGER `t one` BEFORE INSERT ON \(table) FOR EACH ROW BEGIN SET @seen = 'ü;'; -- why
        END//
        CREATE TRIGGER two BEFORE INSERT ON \(table) FOR EACH ROW SET @count = 1//
        CREATE PROCEDURE p (IN a INT, OUT b TEXT) BEGIN /* kept */ SELECT 'x;y' INTO b; END//
        CREATE FUNCTION f (a INT) RETURNS INT DETERMINISTIC RETURN a + \(next(9))//
        DELIMITER ;

        """
    }
}
