import XCTest

@testable import DeployAdapters

/// What MySQL 9 does not take any more, wherever the tests' own server still does.
final class MySQLNineTests: XCTestCase {
    /// LEAST gives a decimal there, which no variable of whole seconds takes.
    func testThePatienceForALockIsAWholeNumber() throws {
        let value = try XCTUnwrap(
            MySQLMigrations.caution.wholeMatch(of: /lock_wait_timeout = CAST\((.+) AS UNSIGNED\)/)
        ).1
        XCTAssertEqual(value, "LEAST(@@GLOBAL.lock_wait_timeout, 60)")
    }

    func testNoDigestIsAskedForThatIsNotBuiltIn() {
        for (version, isBuiltIn) in [
            ("8.4.3", true), ("9.5.0", true), ("9.6.0", false), ("9.7.1", false), ("10.0.0", false),
            ("10.11.6-MariaDB", true), ("11.4.2-MariaDB", true),
        ] {
            XCTAssertEqual(MySQLVersion(version).hashesByMD5, isBuiltIn, version)
        }
    }
}
