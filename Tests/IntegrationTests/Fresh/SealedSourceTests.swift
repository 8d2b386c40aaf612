import DeployTestSupport
import Foundation
import XCTest

/// Staging on an encrypted backup, which is opened by what production's definition says.
final class SealedSourceTests: XCTestCase {
    func testAnEncryptedBackupFillsStagingAndNothingOfItStaysInTheOpen() throws {
        try require("age", "age-keygen")
        let world = try FreshWorld(nil, for: self)
        let shop = world.shop
        try shop.runProgram(["sh", "-ec", "umask 077; mkdir .secrets; age-keygen -o .secrets/key"]).expect(0)
        let key = try shop.runProgram(["age-keygen", "-y", ".secrets/key"]).expect(0).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        try shop.append("\n.secrets/\n", to: ".gitignore")
        try shop.replace(
            "\"backup\": {",
            with:
                "\"backup\": {\"encrypt\": {\"with\": \"age\", \"recipients\": [\"\(key)\"], \"identity\": \".secrets/key\"}, ",
            in: "environments/production.json")
        try shop.commit("Encrypt")
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("ann@example.org", to: "production")
        try shop.run("backup", "create", "production").expect(0)
        try world.begin(
            from: "\"from\": \"production\", \"mask\": [\"db/mask.sql\"], \"masked\": [\"item.text\"]")
        try shop.commit(["db/mask.sql": "UPDATE item SET text = 'nobody';\n"])
        let run = try shop.run("staging").expect(0)
        XCTAssertEqual(try shop.items("staging"), ["nobody"])
        try world.expectUnseen(["ann@example.org"], in: [run])
        try world.expectConsistent("staging")

        try shop.runProgram(["mv", ".secrets/key", ".secrets/gone"]).expect(0)
        try shop.commit(version: "two")
        try shop.run("staging").expect(14, "nobody can open it").expectExplained()
        XCTAssertEqual(try shop.items("staging"), ["nobody"])
        try world.expectNothingLeft()
    }
}
