import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

private let marks = [
    "'", "\"", "`", "\\", "$", "$$", ";", "--", "/*", "\n", "%", "_", ":x", "\\!", "$deployctl$",
]

/// Names and texts that SQL could take for something else, read back from a real server.
final class HostilePostgreSQLTests: PostgreSQLFixture {
    private var client: PostgreSQLServer {
        PostgreSQLServer(
            ServerAccess(
                layout(), commands: ProcessCommandRunner(interruption: FakeInterruption()),
                secrets: FixedSecrets(values: ["APP": "hunter2", "ADMIN": server.password]),
                files: LocalFileStore()))
    }

    func testEveryTextComesBack() throws {
        let texts = HostileText.texts(of: marks)
        let lines = texts.flatMap { text in
            [PostgreSQLText.literal(text), PostgreSQLText.verbatim(text)].map {
                "SELECT json_build_array(encode(convert_to(\($0), 'UTF8'), 'hex'));"
            }
        }
        let found = try client.answers(to: lines.joined(separator: "\n"), deadline: .seconds(300))
        XCTAssertEqual(found.map { $0[0] ?? "" }, texts.flatMap { [hexadecimal($0), hexadecimal($0)] })
    }

    func testEveryNameIsAName() throws {
        let names = HostileText.texts(of: marks).enumerated().map { "\($0.offset)\($0.element)" }
            .filter { $0.utf8.count <= 63 }
        for some in names.chunked(1_000) {
            let columns = some.map { "\(PostgreSQLText.identifier($0)) int" }.joined(separator: ", ")
            let found = try client.answers(
                to: """
                    CREATE TEMPORARY TABLE hostile (\(columns));
                    SELECT json_build_array(encode(convert_to(attname::text, 'UTF8'), 'hex')) FROM pg_attribute
                        WHERE attrelid = 'hostile'::regclass AND attnum > 0 ORDER BY attnum;
                    """, deadline: .seconds(300))
            XCTAssertEqual(found.map { $0[0] ?? "" }, some.map(hexadecimal))
        }
    }

    func testADatabaseIsReachedByWhateverName() throws {
        for mark in ["'", "\\", "$", "\u{600}'", "'\u{301}"] {
            let name = "\(prefix)_\(mark)x"
            try database.create(DatabaseLocation(name))
            let found = try client.answers(
                to: "SELECT json_build_array(encode(convert_to(current_database()::text, 'UTF8'), 'hex'));",
                in: name)
            XCTAssertEqual(found.first?.first ?? nil, hexadecimal(name))
        }
    }
}

final class HostileMySQLTests: MySQLFixture {
    private var server: MySQLServer {
        let commands = ProcessCommandRunner(interruption: FakeInterruption())
        return MySQLServer(
            ServerAccess(
                layout, commands: commands, secrets: LocalSecretStore(project: folder, commands: commands),
                files: LocalFileStore()))
    }

    func testEveryTextComesBack() throws {
        let texts = HostileText.texts(of: marks)
        let found = try server.query(
            texts.map { "SELECT HEX(\(MySQLText.literal($0)));" }.joined(separator: "\n"),
            within: .seconds(300))
        XCTAssertEqual(found.map { $0[0].lowercased() }, texts.map(hexadecimal))
    }

    func testEveryNameIsAName() throws {
        try engine.create(live)
        // The server refuses names of more than 64 signs, with a blank at the end, or with signs beyond 16 bits.
        let names = HostileText.texts(of: marks).enumerated().map { "\($0.offset)\($0.element)" }.filter {
            name in
            name.unicodeScalars.count <= 64 && name.unicodeScalars.allSatisfy { $0.value <= 0xFFFF }
                && name.utf8.last != 0x0A && name.utf8.last != 0x20
        }
        for some in names.chunked(900) {
            let columns = some.map { "\(MySQLText.identifier($0)) INT" }.joined(separator: ", ")
            let found = try server.query(
                """
                DROP TABLE IF EXISTS hostile; CREATE TABLE hostile (\(columns));
                SELECT HEX(column_name) FROM information_schema.columns
                    WHERE table_schema = \(MySQLText.literal(live.name)) AND table_name = 'hostile' ORDER BY ordinal_position;
                """, in: live.name, within: .seconds(300))
            XCTAssertEqual(found.map { $0[0].lowercased() }, some.map(hexadecimal))
        }
    }
}

final class HostileSQLiteTests: XCTestCase {
    func testEveryNameIsAName() throws {
        let connection = try SQLiteConnection(path: "\(try makeTestFolder())/a.db", access: .create)
        let names = HostileText.texts(of: marks + ["[", "]"]).enumerated().map { "\($0.offset)\($0.element)" }
        for some in names.chunked(1_000) {
            let columns = some.map(SQLiteText.identifier).joined(separator: ", ")
            _ = try connection.run("CREATE TABLE hostile (\(columns))")
            let found = try connection.run("SELECT name FROM pragma_table_info('hostile') ORDER BY cid")
            XCTAssertEqual(found.map { hexadecimal($0[0].text ?? "") }, some.map(hexadecimal))
            _ = try connection.run("DROP TABLE hostile")
        }
    }
}

/// Definitions that name somebody, whose name may hold anything.
final class DefinerTests: XCTestCase {
    func testOnlyTheDefinerIsReplaced() {
        for text in HostileText.texts(of: ["`", "@", "DEFINER=`a`@`b`"]) {
            let body = " SQL SECURITY DEFINER VIEW `v` AS SELECT 'DEFINER=`x`@`y`'"
            let whole =
                "CREATE DEFINER=\(MySQLText.identifier(text))@\(MySQLText.identifier("h\(text)"))\(body)"
            XCTAssertEqual(
                hexadecimal(MySQLText.definedByRunner(whole)),
                hexadecimal("CREATE DEFINER=CURRENT_USER\(body)"), whole)
        }
        for text in [
            "CREATE VIEW `v` AS SELECT 1", "CREATE TABLE `t` (`a` int COMMENT 'CREATE DEFINER=`a`@`b`')",
        ] {
            XCTAssertEqual(MySQLText.definedByRunner(text), text)
        }
    }

    func testADumpLosesItsDefinersAndNothingElse() {
        for text in HostileText.texts(of: ["`", "@", "DEFINER=`a`@`b`"]).prefix(200) {
            let account = "\(MySQLText.identifier(text))@\(MySQLText.identifier("h\(text)"))"
            let dump = { (definer: String) in
                """
                INSERT INTO `t` VALUES ('/*!50013 DEFINER=`a`@`b`','CREATE DEFINER=`a`@`b`');
                /*!50001 CREATE ALGORITHM=UNDEFINED */
                /*!50013 DEFINER=\(definer) SQL SECURITY DEFINER */
                /*!50003 CREATE*/ /*!50017 DEFINER=\(definer)*/ /*!50003 TRIGGER `g` BEFORE INSERT ON `t`
                /*!50106 CREATE*/ /*!50117 DEFINER=\(definer)*/ /*!50106 EVENT `e` ON SCHEDULE
                CREATE DEFINER=\(definer) PROCEDURE `p`() SELECT 'DEFINER=`a`@`b`'
                """
            }
            let bytes = Array(dump(account).utf8)
            for size in [1, 7, bytes.count] {
                var filter = MySQLDefinerFilter()
                var passed: [UInt8] = []
                for start in stride(from: 0, to: bytes.count, by: size) {
                    bytes[start..<min(start + size, bytes.count)].withUnsafeBytes {
                        passed += filter.pass($0, isLast: false)
                    }
                }
                passed += filter.pass(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
                XCTAssertEqual(passed, Array(dump("CURRENT_USER").utf8), account)
            }
        }
    }
}

extension Array {
    fileprivate func chunked(_ size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
