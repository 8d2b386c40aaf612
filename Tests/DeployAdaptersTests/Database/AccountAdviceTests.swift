import XCTest

@testable import DeployAdapters

final class AccountAdviceTests: XCTestCase {
    func testARoleThatIsNotLetInIsFollowedByTheLineToType() throws {
        func advice(_ words: String) -> String? {
            PostgreSQLRole.advice(
                for: "ended with status 2\npsql: error: connection failed: FATAL:  \(words)")
        }
        XCTAssertEqual(
            advice("role \"shop\" does not exist"),
            "as the server's administrator, where it runs: createuser --pwprompt shop")
        XCTAssertEqual(
            advice("role \"shop\" is not permitted to log in"),
            "as the server's administrator, where it runs: psql -c 'ALTER ROLE \"shop\" LOGIN'")
        let unknown = try XCTUnwrap(advice("password authentication failed for user \"it's\""))
        XCTAssertTrue(unknown.hasSuffix("createuser --pwprompt 'it'\\''s'"), unknown)
        XCTAssertNil(advice("database \"shop\" does not exist"))
        XCTAssertNil(
            PostgreSQLRole.advice(for: "ERROR:  role \"shop\" does not exist"), "what a script names")
    }

    func testAnAccountThatIsNotLetInIsFollowedByTheLineToType() throws {
        let gone = try XCTUnwrap(
            MySQLAccount.advice(
                for: "ERROR 1045 (28000): Access denied for user 'shop'@'localhost' (using password: YES)",
                "shop_live"))
        XCTAssertTrue(gone.hasPrefix("correct the password; where the account is gone"), gone)
        XCTAssertTrue(gone.contains("CREATE USER `shop`@`localhost` IDENTIFIED BY 'PASSWORD'"), gone)
        XCTAssertTrue(gone.hasSuffix("GRANT ALL PRIVILEGES ON `shop\\_live`.* TO `shop`@`localhost`"), gone)
        let shut = MySQLAccount.advice(
            for: "ERROR 1044 (42000): Access denied for user 'shop'@'%' to database 'shop_live'", "shop_live")
        XCTAssertEqual(
            shut,
            "as the server's administrator: GRANT ALL PRIVILEGES ON `shop\\_live`.* TO `shop`@`%`")
        XCTAssertNil(MySQLAccount.advice(for: "ERROR 1049 (42000): Unknown database 'shop'", "shop"))
    }
}
