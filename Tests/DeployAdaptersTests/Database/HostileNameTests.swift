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
                hexadecimal(MySQLText.defined(whole, by: "CURRENT_USER")),
                hexadecimal("CREATE DEFINER = CURRENT_USER\(body)"), whole)
        }
        XCTAssertEqual(
            MySQLText.defined("CREATE VIEW `v` AS SELECT 1", by: "x"), "CREATE VIEW `v` AS SELECT 1")
    }
}

extension Array {
    fileprivate func chunked(_ size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
