import DeployTestSupport
import Foundation
import XCTest

/// What a kit leaves out, and what nobody does while one is adopted.
final class KitGuardTests: XCTestCase {
    func testNobodyChangesAProjectThatIsNotBroughtUp() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        _ = try made.create()
        try made.lose()
        try made.adopt().expect(10)
        try shop.run("secret", "set", "production", "TOKEN", input: KitShop.token).expect(0)
        for words in [["start", "production"], ["staging"], ["backup", "create", "production"]] {
            let refused = try shop.run(words).expect(18).expectExplained()
            XCTAssertTrue(refused.errors.contains("kit adopt"), refused.errors)
        }
        XCTAssertEqual(shop.get("/version", from: "production").status, 0, "nothing serves without its data")
        let adopted = try made.adopt().expect(0)
        XCTAssertTrue(adopted.output.contains("4 rows restored"), adopted.output)
        XCTAssertEqual(try shop.items("production"), ["kept"])
        try shop.run("restart", "production").expect(0)
    }

    /// Opening a kit takes its time; what somebody makes meanwhile is theirs.
    func testWhatIsMadeHereWhileAKitIsOpenedStays() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        _ = try made.create()
        try made.lose()
        let theirs = "\(shop.project)/.deployctl/staging/shared/theirs"
        for ending in ["exit 1", "exec /usr/bin/age \"$@\""] {
            try made.sh(
                """
                mkdir -p ~/bin; printf '#!/bin/sh\\nmkdir -p %s; echo x > %s/row\\n%s\\n' \
                  \(theirs) \(theirs) '\(ending)' > ~/bin/age; chmod +x ~/bin/age
                """)
            let path = ["PATH": "\(shop.folder)/bin:\(shop.variables["PATH"] ?? "/usr/bin:/bin")"]
            let refused = try shop.run(made.adopting(), environment: path)
            XCTAssertTrue([12, 14].contains(refused.status), "\(refused.status): \(refused.errors)")
            XCTAssertTrue(FileManager.default.fileExists(atPath: "\(theirs)/row"), "\(ending): it went")
            try made.sh("rm -r \(shop.project)/.deployctl")
        }
    }

    func testLinksAreRefusedAndKeysAreLeftOutWhenAKitIsMade() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        try made.sh("ln -s /etc/hostname \(shop.project)/environments/linked.json5")
        let refused = try shop.run("kit", "create", "--out", made.kit).expect(12).expectExplained()
        XCTAssertTrue(refused.errors.contains("linked.json5 is a link"), refused.errors)
        XCTAssertFalse(FileManager.default.fileExists(atPath: made.kit))
        XCTAssertFalse(shop.names(in: ".deployctl/.kits").contains("create"), "nothing plain is left")
        let inside = "\(shop.project)/environments/backup.key"
        try made.sh("rm \(shop.project)/environments/linked.json5; cp -p \(made.key) \(inside)")
        try shop.replace(made.key, with: "environments/backup.key", in: "environments/production.json")
        try shop.replace(
            "\"services\": {", with: "\"shared\": [\"uploads\"], \"services\": {",
            in: "environments/base.json")
        let created = try made.create("--with-secrets")
        XCTAssertTrue(created.output.contains("shared folders (uploads) are not in the kit"), created.output)
        let listed = try shop.runProgram([
            "sh", "-c", "age -d -i \(made.key) \(made.kit) | zstd -dc | tar t",
        ]).expect(0).output
        XCTAssertTrue(listed.contains("environments/production.json"), listed)
        XCTAssertFalse(listed.contains("backup.key"), listed)
    }

    /// A worker beside the live one would take its jobs.
    func testADrillStartsNoWorkerAndLosesNoTrialThatWasCutOff() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        let witness = "\(shop.folder)/witness"
        let line = "import os, time; open('\(witness)', 'a').write(os.getcwd() + '\\\\n'); time.sleep(9999)"
        try shop.replace(
            "\"services\": {",
            with:
                "\"services\": {\"jobs\": {\"role\": \"app\", \"listen\": \"none\", \"command\": [\"python3\", \"-c\", \"\(line)\"]},",
            in: "environments/base.json")
        try shop.commit("Work")
        try shop.run("staging").expect(0)
        try shop.promote()
        let started = { try String(contentsOfFile: witness, encoding: .utf8).split(separator: "\n").count }
        try expect(eventually(within: 10) { (try? started()) == 2 }, "both environments work")
        _ = try made.create()
        let drilled = try shop.run("kit", "drill").expect(0)
        XCTAssertTrue(drilled.output.contains("production's jobs was not started"), drilled.output)
        XCTAssertEqual(try started(), 2, "none beside the live ones")
        XCTAssertTrue(try shop.run("doctor").output.contains("jobs was not started"))

        let ledger = "\(shop.project)/.deployctl/kit.json"
        let left = "\(shop.folder)/dkit-left"
        try made.sh("mkdir \(left); sed -i 's|{|{\"trial\":\"\(left)\",|' \(ledger)")
        XCTAssertTrue(try shop.run("doctor").expect(19).output.contains("was cut off"))
        try made.sh("rm \(made.kit)")
        _ = try made.create()
        XCTAssertTrue(
            try shop.run("doctor").expect(19).output.contains("was cut off"), "a new kit does not forget it")
        try shop.run("kit", "drill").expect(0)
        XCTAssertFalse(FileManager.default.fileExists(atPath: left))
    }

    func testTwoKeysMakeNoOneKit() throws {
        try require("age", "age-keygen")
        let made = try KitShop(DeployctlFixture(for: self))
        let shop = made.shop
        try shop.runProgram(["age-keygen", "-o", "\(shop.folder)/other.key"]).expect(0)
        let recipient = try shop.runProgram(["age-keygen", "-y", "\(shop.folder)/other.key"]).expect(0).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let encryption =
            "{\"with\": \"age\", \"recipients\": [\"\(recipient)\"], \"identity\": \"\(shop.folder)/other.key\"}"
        try shop.replace(
            "\"extends\": \"base.json\",",
            with: "\"extends\": \"base.json\", \"backup\": {\"encrypt\": \(encryption)},",
            in: "environments/staging.json")
        let refused = try shop.run("kit", "create", "--out", made.kit).expect(10).expectExplained()
        XCTAssertTrue(refused.errors.contains("different keys"), refused.errors)
        try shop.run("kit", "create", "production", "--out", made.kit).expect(0)
    }
}
