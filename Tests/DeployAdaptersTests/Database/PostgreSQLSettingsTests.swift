import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A setting of a database is text of its owner, and is written again when the database is copied or swapped.
final class PostgreSQLSettingsTests: PostgreSQLFixture {
    func testASettingIsWrittenAgainAsAValueAndRunsNothing() throws {
        try database.create(live)
        try sql(
            """
            SET ROLE "\(role)"; SELECT set_config('search_path', 'x;ALTER/**/ROLE/**/"\(role)"/**/CREATEDB', false);
            ALTER DATABASE "\(live.name)" SET search_path FROM CURRENT;
            """, in: live)
        try? database.copy(live, to: location("copy"))
        XCTAssertEqual(try sql("SELECT rolcreatedb FROM pg_roles WHERE rolname = '\(role)'"), ["f"])
        try sql("ALTER DATABASE \"\(live.name)\" SET search_path = \"Odd, \"\"one\"\"\", public, '$user'")
        try database.remove(location("copy"))
        try database.copy(live, to: location("copy"))
        let settings = try sql(
            "SELECT setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE datname LIKE '\(prefix)%'"
        )
        XCTAssertEqual(settings.count, 2)
        XCTAssertEqual(Set(settings).count, 1, "\(settings)")
    }
}
