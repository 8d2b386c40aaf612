import DeployTestSupport
import Foundation
import XCTest

/// The live database's file is no database any more.
final class DamagedDatabaseTests: XCTestCase {
    func testItsMessageNamesCommandsThatBringTheBackupBack_T15() throws {
        try require("sqlite3")
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("kept", to: "production")
        try shop.run("backup", "create", "production").expect(0)
        let file = URL(fileURLWithPath: "\(shop.project)/.deployctl/production/shared/data/app.db")
        let live = file.resolvingSymlinksInPath().path
        for rest in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: live + rest) }
        try Data(repeating: 0x78, count: 8192).write(to: URL(fileURLWithPath: live))

        let backup = try XCTUnwrap(try shop.backups("production").first).timestamp
        let refused = try shop.run("backup", "restore", "production", backup, "--confirm", "CONFIRM")
            .expect(15).expectExplained()
        for command in [
            ["mv", live, "\(live).damaged"],
            ["sqlite3", live, "VACUUM"],
        ] {
            try expect(refused.errors.contains(command.joined(separator: " ")), refused.errors)
            try shop.runProgram(command).expect(0)
        }
        try shop.run("backup", "restore", "production", backup, "--confirm", "CONFIRM").expect(0)
        try expectEqual(try shop.items("production"), ["kept"], "what came back")
        try expectEqual(try shop.status("production").code, 0, "status")
    }
}
