import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A project is packed, its machine is lost, and it comes up elsewhere.
final class KitTests: XCTestCase {
    func testTheSameReleaseAndRowsComeUpInAnEmptyFolder() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        let rows = try shop.contents("production")
        let release = try XCTUnwrap(try shop.status("production").place.release)
        let created = try made.create()
        XCTAssertTrue(created.output.contains("opened again and is whole"), created.output)
        try made.lose()

        let refused = try made.adopt().expect(10).expectExplained()
        XCTAssertTrue(refused.errors.contains("production TOKEN"), refused.errors)
        XCTAssertEqual(shop.get("/version", from: "production").status, 0, "nothing serves")
        try shop.run("secret", "set", "production", "TOKEN", input: "another").expect(0)
        let adopted = try made.adopt().expect(0)
        XCTAssertTrue(adopted.output.contains("production TOKEN is not the value"), adopted.output)

        XCTAssertEqual(try shop.status("production").place.release, release)
        XCTAssertEqual(try shop.items("production"), ["kept"])
        XCTAssertEqual(try shop.items("staging"), ["tried"])
        try shop.expectConsistent("production")
        XCTAssertEqual(try shop.contents("production").tables, rows.tables, "every row by its hash")
        try shop.post("later", to: "production")
        XCTAssertEqual(try shop.items("production"), ["kept", "later"])
        try shop.run("audit", "verify").expect(0)
        let again = try made.adopt().expect(12).expectExplained()
        XCTAssertTrue(again.errors.contains("nothing was changed"), again.errors)
        XCTAssertEqual(try shop.items("production"), ["kept", "later"])
        let traces = try shop.runProgram(["grep", "-rl", KitShop.token, shop.project])
        XCTAssertEqual(traces.output, "", "a value nobody brought here")
        XCTAssertFalse(shop.names(in: ".deployctl").contains(".kits"))
    }

    func testAnotherFolderDoesAsWellAndSecretsComeAlongWhereThatWasAsked() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        _ = try made.create("--with-secrets")
        try made.lose()
        let other = "\(shop.folder)/q"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        try shop.run(["-C", other] + made.adopting()).expect(0)
        XCTAssertEqual(try shop.items("production"), ["kept"])
        XCTAssertEqual(
            try String(contentsOfFile: "\(other)/.secrets/production/TOKEN", encoding: .utf8), KitShop.token)
        try shop.run("-C", other, "restart", "production").expect(0)
        XCTAssertEqual(try shop.items("production"), ["kept"])
        for name in ["production", "staging"] { try shop.run("-C", other, "stop", name).expect(0) }
    }

    func testWhatIsNoWholeKitChangesNothing() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        _ = try made.create()
        try made.lose()
        let evil = "\(shop.folder)/evil"
        let release = ".deployctl/production/releases/*/app/version"
        let state = ".deployctl/state.db"
        let kits: [(String, String, Int32)] = [
            ("half of it", try cut(made), 14),
            ("no archive", try made.sealed("echo no archive"), 14),
            ("an archive of nothing", try made.sealed("mkdir -p n; tar c -C n . | zstd -qc"), 14),
            (
                "a path that leads out",
                try made.sealed("echo x > v; tar c -P --transform=s,v,../../../../evil, v | zstd -qc"), 14
            ),
            ("a device", try made.changed(relisting: false, "mknod null c 1 3"), 14),
            ("a changed byte", try made.changed(relisting: false, "echo x >> \(release)"), 14),
        ]
        for (what, kit, code) in kits { try refused(what, kit, code, made) }
        for (what, change) in [
            ("another release", "echo x > \(release)"),
            ("a link among definitions", "ln -sf /etc/passwd environments/base.json"),
            (
                "a link for a release",
                "rm -r .deployctl/production/releases/*[0-9]; ln -s /etc .deployctl/production/releases/20260101000000"
            ),
            ("another project's state", "rm \(state); sqlite3 \(state) 'CREATE TABLE x (y)'"),
            ("a state of a newer deployctl", "sqlite3 \(state) 'PRAGMA user_version = 99'"),
            ("a backup nobody proved", "echo ' ' >> backups/production/*/manifest.json"),
            ("definitions of another project", "sed -i s/shop/shed/ environments/base.json"),
            ("a newer kit", "sed -i 's/\"schema_version\":1/\"schema_version\":2/' kit.json"),
        ] {
            try refused(what, try made.changed(relisting: !change.hasSuffix("kit.json"), change), 14, made)
        }
        XCTAssertFalse(FileManager.default.fileExists(atPath: evil))
        try refused("no such file", "\(shop.folder)/none.age", 17, made)
        try shop.runProgram(["age-keygen", "-o", "\(shop.folder)/other.key"]).expect(0)
        try shop.run("kit", "adopt", made.kit, "--identity", "\(shop.folder)/other.key").expect(14)
        try shop.run("kit", "adopt", made.kit).expect(2)
        XCTAssertEqual(shop.names(in: "."), [], "nothing was made")

        try shop.write("{\"project\": \"shed\"}", to: "environments/staging.json")
        let there = try made.adopt().expect(12).expectExplained()
        XCTAssertTrue(there.errors.contains("environments/staging.json"), there.errors)
        XCTAssertEqual(shop.names(in: "."), ["environments"])
        XCTAssertEqual(shop.names(in: "environments"), ["staging.json"])
    }

    private func cut(_ made: KitShop) throws -> String {
        let file = "\(made.shop.folder)/half.kit.age"
        try made.sh("head -c $(($(stat -c %s \(made.kit)) / 2)) \(made.kit) > \(file)")
        return file
    }

    private func refused(_ what: String, _ kit: String, _ code: Int32, _ made: KitShop) throws {
        let run = try made.adopt(from: kit).expect(code, what).expectExplained()
        XCTAssertEqual(made.shop.names(in: "."), [], "\(what): \(run.errors)")
    }
}
