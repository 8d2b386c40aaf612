import DeployTestSupport
import XCTest

@testable import DeployCore

/// What `database.fresh` may say.
final class FreshDefinitionTests: XCTestCase {
    private func staging(_ fresh: String) -> String {
        """
        {"extends": "base.json",
        "database": {"fresh": \(fresh)}}
        """
    }

    func testEverySourceIsRead() throws {
        let sources: [(String, Filling?)] = [
            ("{\"from\": \"migrations\"}", nil),
            ("{\"from\": \"db/seed.sql\"}", .file("db/seed.sql")),
            (
                "{\"from\": \"production\", \"masked\": []}",
                .backup(MaskedCopy(environment: "production", mask: [], columns: []))
            ),
            (
                "{\"from\": \"production\", \"mask\": [\"a.sql\", \"b.sql\"], \"masked\": [\"users.email\"]}",
                .backup(
                    MaskedCopy(
                        environment: "production", mask: ["a.sql", "b.sql"],
                        columns: [ColumnName(table: "users", column: "email")]))
            ),
        ]
        for (text, filling) in sources {
            let database = try DefinitionFixture.load(staging(text)).database
            XCTAssertEqual(database?.fresh, true, text)
            XCTAssertEqual(database?.filling, filling, text)
        }
    }

    func testASeedNeedsNoMigrations() throws {
        let text = """
            {"extends": "base.json", "migrations": null, "database": {"fresh": {"from": "seed.sql"}}}
            """
        XCTAssertEqual(try DefinitionFixture.load(text).database?.filling, .file("seed.sql"))
    }

    func testASchemaMayBeNamedOnlyWherePostgreSQLIs() throws {
        let fresh = "{\"from\": \"production\", \"mask\": [\"m.sql\"], \"masked\": [\"crm.users.email\"]}"
        expectError(.invalidDefinition, "sqlite") { _ = try DefinitionFixture.load(staging(fresh)) }
        let server = """
            {"extends": "base.json", "database": {"engine": "postgresql", "file": null, "name": "shop",
             "user": "shop", "fresh": \(fresh)}}
            """
        XCTAssertNoThrow(try DefinitionFixture.load(server))
    }

    func testTwoEnginesCannotFillOneAnother() throws {
        let production = """
            {"extends": "base.json", "promotion": {"from": "staging"},
             "database": {"engine": "mysql", "file": null, "name": "shop", "user": "shop"}}
            """
        let loader = DefinitionFixture.loader([
            "staging.json": staging("{\"from\": \"production\", \"masked\": []}"),
            "production.json": production,
        ])
        do {
            _ = try loader.loadAll()
            XCTFail("two engines are not seen")
        } catch {
            XCTAssertEqual(error.code, .invalidDefinition)
            XCTAssertTrue("\(error.what) \(error.why)".contains("mysql"), "\(error)")
        }
    }
}
