import DeployTestSupport
import Foundation
import XCTest

/// Copies off the machine, by the built program and real programs.
final class BackupCopyTests: XCTestCase {
    private struct Listed: Decodable {
        struct Entry: Decodable {
            let timestamp: String
            let copied: String
        }
        let backups: [Entry]
    }

    private func copied(_ shop: DeployctlFixture) throws -> [String] {
        try shop.run("backup", "list", "production", "--json").expect(0).json(Listed.self).backups.map(
            \.copied)
    }

    /// `backup.copy` of production becomes this; `{off}` is a folder of the test's.
    private func define(_ copies: String, in shop: DeployctlFixture) throws {
        let off = "\(shop.folder)/off"
        try FileManager.default.createDirectory(atPath: off, withIntermediateDirectories: true)
        let copy = "\"copy\": \(copies.replacingOccurrences(of: "{off}", with: off)),"
        let text = try shop.read("environments/production.json")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("\"copy\":") }.joined(separator: "\n")
        let marked = lines.replacingOccurrences(of: "\"backup\": {", with: "\"backup\": {\n\(copy)\n")
        try shop.write(marked, to: "environments/production.json")
        try shop.commit("Copy")
        try shop.run("staging").expect(0)
    }

    private static let honest = """
        [{"command": ["cp", "-a", "{backup}", "{off}/"], "fetch": ["cp", "-a", "{off}/{timestamp}", "{folder}"]}]
        """

    func testACopyIsFetchedBackAndCompared() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        try define(Self.honest, in: shop)
        try shop.promote()
        XCTAssertEqual(try copied(shop), ["verified", "no"])
        XCTAssertEqual(shop.leftovers(), [])
        let plan = try shop.run("plan", "rollback", "previous", "--json").expect(0).json(PlanReport.self)
        XCTAssertEqual(plan.steps.map(\.id).suffix(3), ["copy-backup", "copy-backup", "prune"])

        let copying = try shop.run("backup", "copy", "production").expect(0)
        XCTAssertTrue(copying.errors.contains("Copy a backup of production"), copying.errors)
        XCTAssertEqual(try copied(shop), ["verified", "verified"], "the one that was not copied yet")
        let history = try shop.run("history", "production").expect(0).output
        XCTAssertEqual(history.split(separator: "\n").filter { $0.contains(" copy ") }.count, 1, history)
        let none = try shop.run("backup", "copy", "production").expect(0)
        XCTAssertTrue(none.errors.contains("every backup of production is copied"), none.errors)
        try shop.run("backup", "create", "production").expect(0)
        XCTAssertEqual(try copied(shop).first, "verified")
    }

    func testALyingProgramStopsTheDeployment_T10() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        let get = "\"fetch\": [\"sh\", \"-c\", \"cp -a $1/. $2 && SPOIL\", \"x\", \"{backup}\", \"{folder}\"]"
        let lies = [
            "[{\"command\": [\"true\", \"{backup}\"], \"fetch\": [\"true\", \"{folder}\"]}]",
            "[{\"command\": [\"true\", \"{backup}\"], \(get.replacing("SPOIL", with: "truncate -s 100 $2/database.*"))}]",
            "[{\"command\": [\"true\", \"{backup}\"], "
                + get.replacing(
                    "SPOIL", with: "printf X | dd conv=notrunc bs=1 seek=90 of=$(echo $2/database.*)") + "}]",
            "[[\"false\", \"{backup}\"]]",
        ]
        for lie in lies {
            try define(lie, in: shop)
            let before = try shop.world("production")
            try shop.run("production", "--confirm", "CONFIRM").expect(14, lie).expectExplained()
            XCTAssertEqual(try shop.world("production"), before, lie)
            XCTAssertEqual(try copied(shop).first, "no", lie)
            XCTAssertEqual(shop.leftovers(), [], lie)
        }
    }

    func testWhatWasNotDeployedNeitherCopiesNorEncryptsABackup() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        let ran = "\(shop.folder)/ran"
        try shop.replace(
            "\"backup\": {",
            with: """
                "backup": {
                "copy": [["sh", "-c", "touch \(ran)", "x", "{backup}"]],
                "encrypt": {"with": "age", "identity": ".secrets/none",
                "recipients": ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"]},
                """, in: "environments/production.json")
        try shop.commit("Copy")
        try shop.run("validate").expect(0)
        try shop.run("backup", "create", "production").expect(0)
        try shop.run("backup", "copy", "production")
        XCTAssertNotEqual(access(ran, F_OK), 0, "a program that nobody confirmed for production")
        let newest = try XCTUnwrap(try shop.backups("production").first?.timestamp)
        let files = shop.names(in: "backups/production/\(newest)")
        XCTAssertTrue(files.contains { $0.hasPrefix("database.") }, "\(files)")
        XCTAssertFalse(files.contains { $0.hasSuffix(".age") }, "\(files)")
    }

    /// An application's `PATH` may lead into its release.
    func testACopyIsMadeByNoProgramThatTheApplicationsVariablesLeadTo() throws {
        let shop = try DeployctlFixture(for: self)
        let ran = "\(shop.folder)/ran"
        try shop.write("#!/bin/sh\ntouch \(ran)\nexec /bin/cp \"$@\"\n", to: "bin/cp")
        chmod("\(shop.project)/bin/cp", 0o755)
        try shop.replace(
            "\"watch\":",
            with: "\"variables\": {\"PATH\": \"\(shop.project)/bin:/usr/bin:/bin\"}, \"watch\":",
            in: "environments/base.json")
        try shop.commit("Bring a program")
        try shop.deployTwoReleases()
        try define(Self.honest, in: shop)
        try shop.promote()
        XCTAssertEqual(try copied(shop).first, "verified")
        XCTAssertNotEqual(access(ran, F_OK), 0)
    }

    func testACopyDoesNotGoWhereSomebodyElseMayLeadIt() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        try define(Self.honest, in: shop)
        let off = "\(shop.folder)/off"
        for (open, close) in [
            (["chmod", "o+w", off], ["chmod", "o-w", off]),
            (["setfacl", "-m", "u:nobody:rwx", off], ["setfacl", "-b", off]),
        ] {
            try shop.runProgram(open).expect(0)
            let refused = try shop.run("production", "--confirm", "CONFIRM").expect(14).expectExplained()
            XCTAssertTrue(refused.errors.contains("\(off) may be written by"), refused.errors)
            XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: off), [])
            try shop.runProgram(close).expect(0)
        }
        try shop.promote()
        XCTAssertEqual(try copied(shop).first, "verified")
    }

    private struct Pruned: Decodable {
        let expired: [String]
        let uncopied: [String]
        let removed: Bool
    }

    func testABackupOfWhichNoCopyExistsIsNotPrunedUnlessAsked_T16() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace("\"last\": 2", with: "\"last\": 1", in: "environments/production.json")
        try shop.commit("Keep one")
        try define("[{\"command\": [\"false\", \"{backup}\"], \"required\": false}]", in: shop)
        try shop.deployTwoReleases()
        for _ in 0..<2 { try shop.run("backup", "create", "production").expect(0) }
        let listed = try shop.run("backup", "list", "production").expect(0).output
        XCTAssertTrue(listed.contains("(past retention, kept until it is copied)"), listed)
        let known = try shop.backups("production").map(\.timestamp)

        let shown = try shop.run("backup", "prune", "production", "--yes").expect(0).output
        XCTAssertTrue(
            shown.contains("1 is past retention and kept, because no copy exists:\n\(known[1])"), shown)
        XCTAssertEqual(try shop.backups("production").map(\.timestamp), known)
        let pruned = try shop.run("backup", "prune", "production", "--json").expect(0).json(Pruned.self)
        XCTAssertEqual(pruned.uncopied, [known[1]])
        XCTAssertEqual(pruned.expired, [])

        try shop.run("backup", "prune", "production", "--yes", "--uncopied").expect(0)
        XCTAssertEqual(try shop.backups("production").map(\.timestamp), [known[0]] + known.dropFirst(2))
    }

    func testACopyThatMayFailIsAWarningThatStays() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        try define("[{\"command\": [\"false\", \"{backup}\"], \"required\": false}]", in: shop)
        let run = try shop.run("production", "--confirm", "CONFIRM").expect(0)
        XCTAssertTrue(run.errors.contains("warning: The backup cannot be copied"), run.errors)
        let latest = try XCTUnwrap(try shop.history("production").first)
        let shown = try shop.run("show", latest).expect(0).output
        XCTAssertTrue(shown.contains("warned"), shown)
        XCTAssertEqual(try copied(shop).first, "no")
        try shop.run("backup", "copy", "production").expect(14)

        try define("[[\"false\", \"{backup}\"]]", in: shop)
        let back = try shop.run("rollback", "previous", "--confirm", "CONFIRM").expect(0)
        XCTAssertTrue(back.errors.contains("warning: The backup cannot be copied"), back.errors)
    }
}
