import DeployTestSupport
import Foundation
import XCTest

/// A service may answer well at its health path and have no database any more.
final class DeniedDatabaseTests: XCTestCase {
    func testStatusNamesARoleThatMayNotLogInAndADatabaseThatWasDropped() throws {
        let world = try ServerShop(.postgresql, for: self)
        let (shop, database) = (world.shop, world.database("staging"))
        try shop.run("staging").expect(0)
        try shop.run("status", "staging").expect(0)
        try world.sql("ALTER ROLE \(database) NOLOGIN;")
        let denied = try shop.run("status", "staging").expect(19)
        XCTAssertTrue(denied.output.contains("does not get its database"), denied.output)
        try world.sql("ALTER ROLE \(database) LOGIN;")
        try shop.run("status", "staging").expect(0)
        try world.sql("DROP DATABASE \(database) WITH (FORCE);")
        let dropped = try shop.run("status", "staging", "--json").expect(19)
        XCTAssertTrue(dropped.output.contains("deployctl rollback --environment staging"), dropped.output)
    }
}
