import XCTest

@testable import DeployAdapters

final class SilentServerTests: XCTestCase {
    func testAServerThatDoesNotAnswerIsToBeStartedAndNoOtherRefusalIsThatOne() {
        for complaint in [
            "ERROR 2002 (HY000): Can't connect to server on '127.0.0.1' (115)",
            "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/run/mysqld/mysqld.sock' (2)",
            "psql: error: connection to server at \"127.0.0.1\", port 5432 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?",
        ] {
            XCTAssertEqual(SilentServer.advice(for: complaint)?.hasPrefix("start the database server"), true)
        }
        XCTAssertNil(SilentServer.advice(for: "ERROR 1045 (28000): Access denied for user 'shop'"))
    }
}
