import DeployCore
import DeployTestSupport
import XCTest

final class PostgreSQLContractTests: PostgreSQLFixture {
    func testPostgreSQLKeepsTheContractOfDatabases() throws {
        try checkApplicationDatabaseContract(database, root: folder, at: location)
    }

    func testNamesOfPurposesAreFoundBesideTheLiveOne() throws {
        let made = ["", "_reader", "_retired"].map { location("live__20260101120000\($0)") }
        for each in made + [live, location("live__2026"), location("live_more")] { try database.create(each) }
        XCTAssertEqual(try database.siblings(of: live), made)
    }

    func testANameTheServerWouldCutOffIsRefused() throws {
        let long = DatabaseLocation("\(prefix)_" + String(repeating: "x", count: 64))
        XCTAssertThrowsError(try database.create(long))
        XCTAssertThrowsError(try database.exists(long))
    }
}
