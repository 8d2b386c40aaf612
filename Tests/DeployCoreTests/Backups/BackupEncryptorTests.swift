import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class BackupEncryptorTests: XCTestCase {
    private let files = MemoryFileStore()
    private let folder = "/srv/shop/backups/production/b.partial"

    private func seal(
        verify: Environment.BackupRules.Verification = .restore,
        _ lie: (@Sendable (Bool, Data) -> (CommandResult.Ending, Data))? = nil
    ) throws -> BackupEncryptor {
        var environment = Environment(name: "production", project: "shop")
        environment.backup.verify = verify
        environment.backup.encryption = .init(
            tool: .age, recipients: ["age1x", "age1y"], identity: ".secrets/backup.key")
        files.write("AGE-SECRET-KEY-1", to: "/srv/shop/.secrets/backup.key")
        files.write("rows", to: "\(folder)/database.sqlite")
        return try XCTUnwrap(
            BackupEncryptor(
                Layout(project: "/srv/shop", environment: environment), files: files,
                commands: FakeAge(files: files, lie: lie)))
    }

    func testWhatIsSealedIsOpenedAndNothingPlainStaysBesideIt() throws {
        let seal = try seal(verify: .checksum)
        XCTAssertEqual(try seal.seal("database.sqlite", from: folder, to: folder), "database.sqlite.age")
        XCTAssertEqual(files.names(in: folder), ["database.sqlite.age"])
        try seal.open("\(folder)/database.sqlite.age", to: "\(folder)/plain")
        XCTAssertEqual(try files.read("\(folder)/plain"), Data("rows".utf8))
        let sealed = try XCTUnwrap(try files.read("\(folder)/database.sqlite.age"))
        XCTAssertEqual(try seal.read(sealed, named: "database.sqlite.age"), "rows")
        try seal.tryOut()
    }

    func testNoLyingProgramIsBelievedAndNothingPlainStays_T10() throws {
        let header = Data("age-encryption.org/v1\n".utf8)
        let lies: [(String, @Sendable (Bool, Data) -> (CommandResult.Ending, Data))] = [
            ("it passes through", { _, data in (.exited(0), data) }),
            ("it writes nothing", { _, _ in (.exited(0), Data()) }),
            ("it fails", { _, _ in (.exited(1), Data()) }), ("it hangs", { _, _ in (.timedOut, header) }),
            ("it is missing", { _, _ in (.notStarted("no such file"), Data()) }),
            ("it forgets the content", { decrypts, _ in (.exited(0), decrypts ? Data() : header) }),
            (
                "it cuts",
                { decrypts, data in (.exited(0), decrypts ? data.dropFirst(22) : header + data.prefix(2)) }
            ),
        ]
        for (lie, act) in lies {
            let seal = try seal(verify: .checksum, act)
            expectError(.backupFailed, lie) {
                _ = try seal.seal("database.sqlite", from: self.folder, to: self.folder)
            }
            XCTAssertFalse(files.names(in: folder).contains("database.sqlite"), lie)
            XCTAssertFalse(files.names(in: folder).contains("database.sqlite.opened"), lie)
            expectError(.backupFailed, "trying out: \(lie)") { try seal.tryOut() }
        }
    }

    func testNothingOfTheKeyIsRepeatedOfWhatTheProgramSays_S02() throws {
        let other = "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0S0R5Q9"
        let path = "/srv/shop/.secrets/backup.key"
        let seal = try seal()
        files.write("# public key: age1x\nhush-hush-line\n", to: path)
        let result = CommandResult(
            .exited(1), output: "", errors: "age: error: hush-hush-line and \(other.lowercased()): no match\n"
        )
        XCTAssertEqual(
            seal.complaint(result).contains("no match"), true, "what it says otherwise is passed on")
        for secret in ["hush-hush-line", other, other.lowercased()] {
            XCTAssertFalse(seal.complaint(result).contains(secret), seal.complaint(result))
        }
        XCTAssertFalse(
            seal.complaint(
                CommandResult(.exited(1), output: "", errors: "-----BEGIN PGP PRIVATE KEY BLOCK-----\nabc")
            )
            .contains("abc"))
    }

    func testAFileThatDoesNotOpenNamesThoseItIsFor() throws {
        let seal = try seal { decrypts, _ in (.exited(decrypts ? 1 : 0), Data()) }
        files.write("age-encryption.org/v1\nrows", to: "\(folder)/database.sqlite.age")
        do {
            try seal.open("\(folder)/database.sqlite.age", to: "\(folder)/plain")
            XCTFail("it opens")
        } catch { XCTAssertTrue(error.why.hasSuffix("it is encrypted for age1x, age1y"), error.why) }
    }

    func testWhatIsNotEncryptedIsNotOpened_T10() throws {
        let seal = try seal { _, data in (.exited(0), data) }
        for text in ["rows", "", "\u{A8}\u{03}packed", "-----BEGIN PGP SIGNED MESSAGE-----\n"] {
            files.write(text, to: "\(folder)/database.sqlite.age")
            expectError(.backupFailed, text) {
                try seal.open("\(self.folder)/database.sqlite.age", to: "\(self.folder)/plain")
            }
            expectError(.backupFailed, text) { _ = try seal.read(Data(text.utf8), named: "uploads.list.age") }
            XCTAssertNil(files.kind(of: "\(folder)/plain"))
        }
    }

    func testAnIdentityOthersMayReadOrNobodyCanUseIsRefused() throws {
        let seal = try seal()
        let path = "/srv/shop/.secrets/backup.key"
        files.write(Data("AGE-SECRET-KEY-1".utf8), to: path, mode: 0o640)
        expectError(.backupFailed, "open to the group") { try seal.refuseUnready() }
        files.write("age-encryption.org/v1\n-> scrypt", to: path)
        expectError(.backupFailed, "with a passphrase") { try seal.refuseUnready() }
        try files.remove(path)
        expectError(.backupFailed, "missing") { try seal.refuseUnready() }
        try files.pointLink(path, to: "/elsewhere")
        expectError(.backupFailed, "a link") { try seal.refuseUnready() }
    }

    func testAFileOfTheOtherProgramIsKnownByItsName() {
        XCTAssertEqual(BackupEncryptor.Tool(of: "database.dump.gpg"), .gpg)
        XCTAssertEqual(BackupEncryptor.Tool(of: "uploads.list.age"), .age)
        XCTAssertNil(BackupEncryptor.Tool(of: "database.sqlite.zst"))
    }
}
