import DeployTestSupport
import Foundation
import XCTest

/// A value goes from a person to the file that the definition names, and nowhere else.
final class SecretTests: XCTestCase {
    private let value = "canary-5c1d-value"

    struct Listing: Decodable {
        struct Place: Decodable {
            let name: String
            let secrets: [Secret]
        }
        struct Secret: Decodable {
            let name, state, source: String
            let fingerprint, changed: String?
        }
        let environments: [Place]
    }

    private func make<Shop: DeployctlFixture>(_ shop: Shop) throws -> Shop {
        for name in ["staging", "production"] {
            try shop.replace(
                "\"extends\": \"base.json\"",
                with: """
                    "extends": "base.json", "secrets": {"TOKEN": {"file": ".secrets/\(name)/TOKEN"},
                    "OTHER": {"env": "OTHER_TOKEN"}}
                    """, in: "environments/\(name).json")
        }
        try shop.append(".secrets/\n", to: ".gitignore")
        try shop.commit("Ask for secrets")
        return shop
    }

    private func list(_ shop: DeployctlFixture, _ code: Int32 = 10) throws -> [String: Listing.Secret] {
        let answer = try shop.run("secret", "list", "staging", "--json").expect(code).json(Listing.self)
        let secrets = answer.environments.flatMap(\.secrets)
        return Dictionary(uniqueKeysWithValues: secrets.map { ($0.name, $0) })
    }

    func testAPipedValueIsKeptPrivateShownNowhereAndKnownByItsFingerprint() throws {
        let shop = try make(DeployctlFixture(for: self))
        XCTAssertEqual(try list(shop)["TOKEN"]?.state, "missing")
        let set = try shop.run("secret", "set", "staging", "TOKEN", input: "\(value)\n").expect(0)
        let file = "\(shop.project)/.secrets/staging/TOKEN"
        XCTAssertEqual(try String(contentsOfFile: file, encoding: .utf8), value)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        XCTAssertEqual(mode, 0o600)
        XCTAssertFalse((set.output + set.errors).contains("canary"), set.output)

        let known = try XCTUnwrap(try list(shop)["TOKEN"])
        XCTAssertEqual(known.state, "set")
        XCTAssertNotNil(known.changed)
        let fingerprint = try XCTUnwrap(known.fingerprint)
        XCTAssertEqual(fingerprint.utf8.count, 12)
        XCTAssertTrue(set.output.contains(fingerprint), set.output)
        XCTAssertEqual(try list(shop)["OTHER"]?.state, "missing")
        XCTAssertTrue(try shop.run("secret", "list").expect(10).output.contains("OTHER_TOKEN"))

        try shop.run("secret", "set", "production", "TOKEN", input: "other").expect(0)
        try shop.run("secret", "set", "staging", "TOKEN", input: "other").expect(0)
        XCTAssertNotEqual(try list(shop)["TOKEN"]?.fingerprint, fingerprint)
        try shop.run("secret", "set", "staging", "TOKEN", input: value).expect(0)
        XCTAssertEqual(try list(shop)["TOKEN"]?.fingerprint, fingerprint)
        let second = try make(DeployctlFixture(for: self))
        try second.run("secret", "set", "staging", "TOKEN", input: value).expect(0)
        XCTAssertNotEqual(try list(second)["TOKEN"]?.fingerprint, fingerprint, "no key, no guess")

        let elsewhere = try shop.runProgram([
            "grep", "-r", "-l", "canary-5c1d", ".", "--exclude-dir=.secrets",
        ])
        XCTAssertEqual(elsewhere.output, "")
        let audit = try shop.run("audit", "--json").expect(0)
        XCTAssertTrue(audit.output.contains("set_secret"), audit.output)
        XCTAssertTrue(try shop.run("audit", "verify").expect(0).output.count > 0)
        XCTAssertEqual(
            try shop.run(
                "secret", "list", "staging", environment: ["OTHER_TOKEN": "x"]
            ).status, 0)
    }

    func testWhatRoutesNeedIsSetByItsKey() throws {
        let shop = try make(DeployctlFixture(for: self))
        try shop.replace(
            "\"secrets\": {",
            with: """
                "notify": [{"name": "team", "mail": {"to": ["a@b.example"], "from": "c@d.example",
                "server": {"file": ".secrets/staging/MAIL"}}}], "secrets": {
                """, in: "environments/staging.json")
        try shop.commit("Tell the team")
        XCTAssertEqual(try list(shop)["notify.team.mail.server"]?.state, "missing")
        try shop.run("secret", "set", "staging", "notify.team.mail.server", input: value).expect(0)
        XCTAssertEqual(
            try String(contentsOfFile: "\(shop.project)/.secrets/staging/MAIL", encoding: .utf8), value)
        XCTAssertEqual(try list(shop)["notify.team.mail.server"]?.state, "set")
    }

    func testATypedValueIsNotShownAndTypedTwice() throws {
        let shop = try make(DeployctlFixture(for: self))
        let typed = try shop.runOnTerminal("secret", "set", "staging", "TOKEN")
        try typed.await("not shown")
        typed.type("\(value)\n")
        try typed.await("The same again")
        typed.type("\(value)\n")
        let done = try typed.wait().expect(0)
        XCTAssertFalse(done.output.contains("canary"), done.output)
        XCTAssertEqual(
            try String(contentsOfFile: "\(shop.project)/.secrets/staging/TOKEN", encoding: .utf8), value)

        let mistyped = try shop.runOnTerminal("secret", "set", "staging", "TOKEN")
        try mistyped.await("not shown")
        mistyped.type("one\n")
        try mistyped.await("The same again")
        mistyped.type("two\n")
        try mistyped.wait().expect(13)
        let interrupted = try shop.runOnTerminal("secret", "set", "staging", "TOKEN")
        try interrupted.await("not shown")
        interrupted.type("thr\u{3}")
        try interrupted.wait().expect(130)
        XCTAssertEqual(
            try String(contentsOfFile: "\(shop.project)/.secrets/staging/TOKEN", encoding: .utf8), value)
    }

    func testWhatCannotBeSetIsRefusedAndNothingChanges() throws {
        let shop = try make(DeployctlFixture(for: self))
        let unknown = try shop.run("secret", "set", "staging", "TOKEM", input: "x").expect(17)
        XCTAssertTrue(unknown.errors.contains("the nearest is TOKEN"), unknown.errors)
        try shop.run("secret", "set", "staging", "OTHER", input: "x").expect(10)
        try shop.run("secret", "set", "nowhere", "TOKEN", input: "x").expect(17)
        for wrong in ["", "\n"] {
            try shop.run("secret", "set", "staging", "TOKEN", input: wrong).expect(2)
        }
        let long = "head -c 100000 /dev/zero | tr '\\0' x | \(shop.binary) secret set staging TOKEN"
        try shop.runProgram(["sh", "-c", long]).expect(2)
        XCTAssertNil(try? shop.read(".secrets/staging/TOKEN"))
        try shop.write("x", to: ".secrets/staging/TOKEN")
        try shop.git("add", "--force", ".secrets/staging/TOKEN")
        let tracked = try shop.run("secret", "set", "staging", "TOKEN", input: "y").expect(10)
        XCTAssertTrue(tracked.errors.contains("Secrets are in git"), tracked.errors)
        XCTAssertEqual(try shop.read(".secrets/staging/TOKEN"), "x")
        let hook = try shop.run(
            "secret", "set", "production", "TOKEN", input: "y", environment: ["DEPLOYCTL_TRIGGER": "hook"]
        ).expect(13)
        XCTAssertTrue(hook.errors.contains("hook"), hook.errors)
    }

    func testOneThatIsAskedForIsRemovedByItsNameAlone() throws {
        let shop = try make(DeployctlFixture(for: self))
        try shop.run("secret", "set", "staging", "TOKEN", input: value).expect(0)
        try shop.write("old", to: ".secrets/staging/OLD")
        chmod("\(shop.project)/.secrets/staging/OLD", 0o600)
        XCTAssertEqual(try list(shop)["OLD"]?.state, "unused")
        try shop.run("secret", "remove", "staging", "OLD").expect(0)
        try shop.run("secret", "remove", "staging", "OLD").expect(17)
        for answer in [["--confirm", "token"], []] {
            try shop.run(["secret", "remove", "staging", "TOKEN"] + answer).expect(13)
        }
        XCTAssertEqual(try list(shop)["TOKEN"]?.state, "set")
        try shop.run("secret", "remove", "staging", "TOKEN", "--confirm", "TOKEN").expect(0)
        XCTAssertEqual(try list(shop)["TOKEN"]?.state, "missing")
    }

    func testOverHostAValueLiesThereBeforeItsDefinitionIsDeployed() throws {
        let shop = try make(FarShop(for: self))
        try shop.run("secret", "set", "staging", "TOKEN", input: value).expect(0)
        let file = "\(shop.place)/.secrets/staging/TOKEN"
        XCTAssertEqual(try String(contentsOfFile: file, encoding: .utf8), value)
        XCTAssertNil(try? shop.read(".secrets/staging/TOKEN"))
        XCTAssertFalse(shop.calls.contains("canary"), shop.calls)
        XCTAssertEqual(try list(shop)["TOKEN"]?.state, "set")

        let typed = try shop.runOnTerminal("secret", "set", "staging", "TOKEN")
        try typed.await("not shown")
        typed.type("typed-5c1d\n")
        try typed.await("The same again")
        typed.type("typed-5c1d\n")
        XCTAssertFalse(try typed.wait().expect(0).output.contains("typed-5c1d"))
        XCTAssertEqual(try String(contentsOfFile: file, encoding: .utf8), "typed-5c1d")
        try shop.run("secret", "remove", "staging", "TOKEN", "--confirm", "TOKEN").expect(0)
        XCTAssertFalse(FileManager.default.fileExists(atPath: file))
    }
}
