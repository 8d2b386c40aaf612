import DeployTestSupport
import Foundation
import XCTest

/// Encrypted backups by the built program, with the real age and gpg.
final class BackupEncryptionTests: XCTestCase {
    private func define(_ rules: String, in shop: DeployctlFixture) throws {
        try shop.append("\n.secrets/\n", to: ".gitignore")
        try shop.replace(
            "\"backup\": {", with: "\"backup\": {\"encrypt\": \(rules), ", in: "environments/production.json")
        try shop.commit("Encrypt")
    }

    /// Makes a key and returns its public half.
    private func makeKey(_ name: String, in shop: DeployctlFixture) throws -> String {
        try shop.runProgram(["mkdir", "-p", "-m", "700", ".secrets"]).expect(0)
        try shop.runProgram(["rm", "-f", ".secrets/\(name)"]).expect(0)
        try shop.runProgram(["age-keygen", "-o", ".secrets/\(name)"]).expect(0)
        return try shop.runProgram(["age-keygen", "-y", ".secrets/\(name)"]).expect(0).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Whether a text of the database lies readable anywhere in the backups.
    private func names(in shop: DeployctlFixture) throws -> Set<String> {
        Set(shop.names(in: "backups/production").flatMap { shop.names(in: "backups/production/\($0)") })
    }

    func testARollbackComesFromAnEncryptedBackupAndNoOtherKeyOpensIt() throws {
        try require("age", "age-keygen")
        let shop = try DeployctlFixture(for: self)
        let key = try makeKey("backup.key", in: shop)
        try define(
            "{\"with\": \"age\", \"recipients\": [\"\(key)\"], \"identity\": \".secrets/backup.key\"}",
            in: shop)
        try shop.replace(
            "\"watch\"", with: "\"shared\": [\"uploads\"], \"watch\"", in: "environments/base.json")
        try shop.replace(
            "\"encrypt\"", with: "\"include\": [\"database\", \"uploads\"], \"encrypt\"",
            in: "environments/production.json")
        try shop.commit("Upload")
        let upload = ".deployctl/production/shared/uploads/note"
        try shop.write("before", to: upload)
        let older = try shop.deployTwoReleases()
        try shop.write("after", to: upload)
        let sealed = ["database.sqlite.zst", "uploads.list", "uploads.tar.zst"].map { "\($0).age" }
        XCTAssertEqual(try names(in: shop), Set(sealed + ["manifest.json"]))
        XCTAssertTrue(try shop.run("doctor").output.contains("age opens what it encrypts here"))

        try shop.runProgram(["cp", "-p", ".secrets/backup.key", ".secrets/kept"]).expect(0)
        let before = try shop.world("production")
        for (wrong, spoil) in [
            ("another key", "age-keygen -o k 2>/dev/null; mv k .secrets/backup.key"),
            ("no key", "rm .secrets/backup.key"), ("a key for everybody", "chmod 644 .secrets/backup.key"),
        ] {
            try shop.runProgram(["sh", "-ec", "umask 077; \(spoil)"]).expect(0, wrong)
            let history = try shop.history("production")
            let refused = try shop.run("rollback", older, "--confirm", "CONFIRM").expect(14, wrong)
                .expectExplained()
            XCTAssertTrue(refused.errors.contains("needs a key: age \(key)"), "\(wrong): \(refused.errors)")
            XCTAssertEqual(try shop.history("production"), history, "\(wrong): nothing began")
            for verb in [["backup", "list", "production"], ["status"], ["rollback"]] {
                let said = try shop.run(verb).output
                XCTAssertTrue(said.contains("needs a key: age age1"), "\(wrong), \(verb): \(said)")
            }
            XCTAssertEqual(try shop.world("production"), before, wrong)
            XCTAssertEqual(shop.leftovers(), [], wrong)
            try shop.run("backup", "verify", "production").expect(15, wrong)
            let examined = try shop.run("doctor").expect(19, wrong).output
            XCTAssertFalse(examined.contains("→ deployctl doctor"), "\(wrong): \(examined)")
            try shop.runProgram(["cp", "-p", ".secrets/kept", ".secrets/backup.key"]).expect(0)
        }
        XCTAssertEqual(try shop.backups("production").map(\.verified), ["restored"])
        XCTAssertFalse(try shop.run("backup", "list").expect(0).output.contains("needs a key"))
        try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
        XCTAssertEqual(try shop.read(upload), "before")
        XCTAssertEqual(shop.leftovers(), [])
    }

    func testWhatAKilledProofLeftInTheOpenIsRemoved_T01() throws {
        try require("age", "age-keygen")
        let shop = try DeployctlFixture(for: self)
        let key = try makeKey("backup.key", in: shop)
        try define(
            "{\"with\": \"age\", \"recipients\": [\"\(key)\"], \"identity\": \".secrets/backup.key\"}",
            in: shop)
        try shop.deployTwoReleases()
        let before = try shop.world("production")
        let path = try shop.putBefore(
            "age", "case $1 in --decrypt) real \"$@\"; exec sleep 60;; *) real \"$@\";; esac")
        for verb in ["abort", "resume"] {
            let run = try shop.start(
                [shop.binary, "backup", "create", "production"], environment: ["PATH": path])
            XCTAssertTrue(
                eventually(within: 30) {
                    shop.leftovers().contains { $0.hasSuffix("-plain/database.sqlite.zst") }
                },
                "nothing was decrypted")
            kill(run.pid, SIGKILL)
            try run.wait().expect(-SIGKILL)
            try shop.run(verb, "production").expect(0)
            XCTAssertEqual(shop.leftovers(), [], verb)
        }
        XCTAssertEqual(try shop.backups("production").map(\.verified), ["restored", "restored"])
        XCTAssertEqual(try shop.world("production"), before)
    }

    func testGpgEncryptsForTheKeyRing() throws {
        try require("gpg", "gpgconf")
        let shop = try DeployctlFixture(for: self)
        addTeardownBlock { _ = try? shop.runProgram(["gpgconf", "--kill", "all"]) }
        try shop.runProgram(["sh", "-c", "umask 077; mkdir -p \"$HOME/.gnupg\""]).expect(0)
        try shop.runProgram([
            "gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "deploy@example.org",
            "default",
            "default", "never",
        ]).expect(0)
        try define("{\"with\": \"gpg\", \"recipients\": [\"deploy@example.org\"]}", in: shop)
        let older = try shop.deployTwoReleases()
        XCTAssertEqual(try names(in: shop), ["database.sqlite.zst.gpg", "manifest.json"])
        XCTAssertFalse(try shop.run("backup", "list").expect(0).output.contains("needs a key"))
        try shop.runProgram(["sh", "-c", "mv \"$HOME/.gnupg\" \"$HOME/away\""]).expect(0)
        let listed = try shop.run("backup", "list").expect(0).output
        XCTAssertTrue(listed.contains("needs a key: gpg deploy@examp"), listed)
        try shop.run("rollback", older, "--confirm", "CONFIRM").expect(14).expectExplained()
        try shop.runProgram([
            "sh", "-c", "gpgconf --kill all; rm -rf \"$HOME/.gnupg\"; mv \"$HOME/away\" \"$HOME/.gnupg\"",
        ]).expect(0)
        try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
        XCTAssertEqual(shop.leftovers(), [])
    }
}
