import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T11 for encrypted files: what happened to them is found on a machine that has no key.
final class SealedDamageTests: SQLiteFixture {
    override func setUpWithError() throws {
        try super.setUpWithError()
        try FileManager.default.createDirectory(
            atPath: "\(folder)/uploads", withIntermediateDirectories: true)
        let bytes = Data((0..<3000).map { _ in UInt8.random(in: .min ... .max) })
        try bytes.write(to: URL(fileURLWithPath: "\(folder)/uploads/one"))
        try write("CREATE TABLE a (n, t); INSERT INTO a VALUES (1, 'one'), (2, 'two');", to: live)
    }

    private func checkDamage(
        _ encryption: Environment.BackupRules.Encryption, thenHide key: () throws -> Void
    )
        throws
    {
        let backups = StoredBackups(
            engine: database, live: live, folder: folder, uploads: "\(folder)/uploads",
            encryption: encryption)
        let backup = try backups.take(2)
        XCTAssertEqual(
            backup.files.map { $0.name.hasSuffix(".\(encryption.tool)") }, [true, false, true, true])
        try key()
        XCTAssertTrue(backups.accepts(backup), "the whole backup needs no key to be compared")
        try backups.checkDamage("\(encryption.tool)", of: backup)
    }

    func testEveryFlippedBitAndEveryCutOfWhatAgeMadeIsFound_T11() throws {
        try require("age", "age-keygen")
        let identity = "\(folder)/key"
        try run("umask 077; age-keygen -o '\(identity)' 2> /dev/null")
        let key = try run("age-keygen -y '\(identity)'").trimmingCharacters(in: .whitespacesAndNewlines)
        try checkDamage(.init(tool: .age, recipients: [key], identity: "key")) {
            try FileManager.default.removeItem(atPath: identity)
        }
    }

    func testEveryFlippedBitAndEveryCutOfWhatGpgMadeIsFound_T11() throws {
        try require("gpg", "gpgconf")
        let ring = "\(folder)/ring"
        try FileManager.default.createDirectory(
            atPath: ring, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        setenv("GNUPGHOME", ring, 1)
        defer { unsetenv("GNUPGHOME") }
        defer { _ = try? run("GNUPGHOME='\(ring)' gpgconf --kill all") }
        try run(
            "gpg --batch --quiet --passphrase '' --quick-generate-key deploy@example.org default default never"
        )
        try checkDamage(.init(tool: .gpg, recipients: ["deploy@example.org"])) {
            try run("gpgconf --kill all; rm -r '\(ring)'")
        }
    }

    @discardableResult
    private func run(_ script: String) throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", script]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0, script)
        return text
    }
}
