import DeployTestSupport
import Foundation
import XCTest

/// Kits by other keys, of earlier versions and made by a schedule.
final class KitKindTests: XCTestCase {
    func testAKitForAKeyRingComesUp() throws {
        try require("gpg", "gpgconf")
        let shop = try DeployctlFixture(for: self)
        addTeardownBlock { _ = try? shop.runProgram(["gpgconf", "--kill", "all"]) }
        let made = try KitShop(shop, byRing: true)
        _ = try made.create("--with-secrets")
        try shop.run("kit", "drill").expect(0)
        try made.lose()
        try made.sh("gpgconf --kill all; mv ~/.gnupg ~/away")
        try made.adopt().expect(14).expectExplained()
        XCTAssertEqual(shop.names(in: "."), [], "nothing was made")
        try made.sh("gpgconf --kill all; rm -rf ~/.gnupg; mv ~/away ~/.gnupg")
        try made.adopt().expect(0)
        XCTAssertEqual(try shop.items("production"), ["kept"])
        XCTAssertEqual(try shop.items("staging"), ["tried"])
    }

    /// The state of the version before, as its kit holds it.
    func testAKitOfAnEarlierSchemaComesUpAndIsUpgraded() throws {
        try require("age", "age-keygen", "sqlite3")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        _ = try made.create("--with-secrets")
        let trigger = """
            CREATE TRIGGER audit_is_added_to BEFORE INSERT ON audit
            WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
            BEGIN SELECT RAISE(ABORT, 'only added to'); END;
            """
        let older = try made.changed(
            """
            sqlite3 .deployctl/state.db "DROP TABLE rebuilt; DROP TRIGGER audit_is_added_to; \(trigger) PRAGMA user_version = 12;"
            """)
        try made.lose()
        try made.adopt(from: older).expect(0)
        XCTAssertEqual(try shop.items("production"), ["kept"])
        try shop.expectConsistent("production")
        try shop.run("audit", "verify").expect(0)
        try shop.post("later", to: "production")
        XCTAssertEqual(try shop.items("production"), ["kept", "later"])
    }

    func testASchedulesKitComesUp() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        let words = "[\"kit\", \"create\", \"--out\", \"\(made.kit)\", \"--with-secrets\"]"
        try shop.replace(
            "\"backup\": {", with: "\"schedules\": [{\"every\": \"1m\", \"run\": \(words)}], \"backup\": {",
            in: "environments/production.json")
        try shop.commit("Pack a kit")
        try shop.run("staging").expect(0)
        try shop.promote()
        let keeper = try shop.start([shop.binary, "boot", "run"])
        let wasMade = eventually(within: 90) {
            (try? shop.run("schedules"))?.output.contains("ended well") == true
        }
        let said = try shop.run("schedules").output
        try expect(wasMade, "no kit: \(said)\(keeper.output)\(keeper.errors)")
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait(upTo: 20)
        try made.lose()
        try made.adopt().expect(0)
        XCTAssertEqual(try shop.items("production"), ["kept"])
        try shop.expectConsistent("production")
    }
}
