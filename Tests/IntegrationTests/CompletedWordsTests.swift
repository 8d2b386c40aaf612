import DeployCLI
import DeployTestSupport
import Foundation
import XCTest

/// Words that only the project knows, as a key press completes them.
final class CompletedWordsTests: XCTestCase {
    func testServicesGatesItemsSecretsFeaturesReferencesReleasesAndBackupsOfTheEnvironment() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace(
            "\"promotion\": {",
            with:
                "\"features\": {\"payme\": false}, \"secrets\": {\"TOKEN\": {\"file\": \".secrets/token\"}}, \"promotion\": {\"checklist\": [\"no layout damage\"], ",
            in: "environments/production.json")
        try shop.commit("Ask for more")
        try shop.runProgram(["git", "-C", shop.project, "branch", "topic"]).expect(0)
        try shop.run("staging").expect(0)
        try shop.run("approve", "no layout damage").expect(0)
        try shop.run("secret", "set", "production", "TOKEN", input: "x").expect(0)
        try shop.promote()
        try shop.run("backup", "create", "production").expect(0)
        let staged = try XCTUnwrap(try shop.status("production").place.release)
        let backup = try XCTUnwrap(try shop.backups("production").first?.timestamp)
        let before = try shop.world("production")
        let cases: [(words: [String], wanted: [String])] = [
            (["logs", "production", ""], ["web", "front"]),
            (["production", "--override", "so"], ["soak"]),
            (["approve", ""], [#"no\ layout\ damage"#]),
            (["secret", "set", "production", ""], ["TOKEN"]),
            (["feature", ""], ["payme"]),
            (["staging", "--ref", "to"], ["topic"]),
            (["rollback", "2"], [staged]),
            (["production", "--release", ""], [staged]),
            (["backup", "verify", "production", ""], ["\(backup)"]),
            (["backup", "verify", "staging", ""], []),
        ]
        for (words, wanted) in cases {
            XCTAssertEqual(try complete(words, in: shop), wanted, words.joined(separator: " "))
        }
        XCTAssertEqual(try shop.world("production"), before, "a key press changes nothing")
        try shop.write("{ broken", to: "environments/production.json")
        XCTAssertEqual(
            try complete(["logs", "production", ""], in: shop), [], "and says nothing of what is wrong")
    }

    private func complete(_ words: [String], in shop: DeployctlFixture) throws -> [String] {
        let script =
            CompletionRenderer().script(.bash)
            + "COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _deployctl; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
        let folder = (shop.binary as NSString).deletingLastPathComponent
        let run = try shop.runProgram(
            ["bash", "--norc", "-c", "cd \(shop.project)\n\(script)", "bash", "deployctl"] + words,
            environment: ["PATH": "\(folder):\(shop.variables["PATH"] ?? "/usr/bin:/bin")"])
        XCTAssertEqual(run.errors, "")
        return run.output.split(separator: "\n").map(String.init)
    }
}
