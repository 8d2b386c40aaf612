import DeployTestSupport
import Foundation
import XCTest

/// Folders that belong to the data: backed up, proved and rolled back with the database.
final class FolderBackupTests: XCTestCase {
    func testARollbackBringsFilesBackWithTheirRowsAndItsUndoTheNewerOnes() throws {
        let shop = try DeployctlFixture(withUploadsFor: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("first", to: "production")
        try shop.shell(
            """
            cd .deployctl/production/shared/uploads
            mkdir -m 750 empty 'with blank'; ln -s ../nowhere link; head -c 300000 /dev/urandom > big
            printf a > "$(printf 'gr\\374n')"; printf b > "$(printf 'line\nbreak')"; printf c > 'Größe 9%'
            printf d > run; chmod 751 run; mkfifo pipe
            """)
        let before = try shop.fingerprint("production")
        let older = try XCTUnwrap(try shop.status("production").place.release)
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try shop.promote()

        try shop.post("second", to: "production")
        try shop.shell(
            "cd .deployctl/production/shared/uploads; rm big; printf other > run; printf new > new; rmdir empty"
        )
        let after = try shop.fingerprint("production")
        let traffic = LiveTraffic(port: shop.port("production"))
        let plan = try shop.run("rollback", older, "--dry-run").expect(0).output
        let promise = "uploads: 1 that came since go, 1 is restored, 1 of another size get their old content"
        XCTAssertTrue(plan.contains(promise), plan)
        let rollback = try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.world("production"), World(version: "one", items: ["first"]))
        XCTAssertEqual(try shop.fingerprint("production"), before, "every name, mode, time and byte")
        XCTAssertEqual(shop.names(in: ".deployctl/production/shared"), ["data", "uploads"])
        try shop.expectConsistent("production")

        let line = try XCTUnwrap(
            rollback.errors.split(separator: "\n").first { $0.hasPrefix("To undo: deployctl ") })
        let words = line.dropFirst("To undo: deployctl ".count).split(separator: " ").map(String.init)
        try shop.run(words + ["--confirm", "CONFIRM"]).expect(0)
        XCTAssertEqual(try shop.world("production"), World(version: "two", items: ["first", "second"]))
        XCTAssertEqual(try shop.fingerprint("production"), after)
        try traffic.expectUnharmed("a rollback of files and rows, and its undo")
        XCTAssertGreaterThan(traffic.stop(), 0)
    }

    func testWhatLiesAboutAFolderIsNotBelieved_T10() throws {
        let shop = try DeployctlFixture(withUploadsFor: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.shell("cd .deployctl/production/shared/uploads; echo one > one; echo two > two")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let files = try shop.fingerprint("production")
        for (program, lie) in [
            ("tar", "exit 0"), ("tar", "real --exclude=./one \"$@\""), ("tar", "real \"$@\"; exit 2"),
            ("tar", "real \"$@\" | head -c 1200; exit 0"), ("zstd", "exit 0"),
            ("zstd", "real \"$@\" | head -c 60; exit 0"), ("zstd", "kill -9 $$"),
            ("cp", "mkdir \"${@: -1}\""), ("cp", "real \"$@\"; echo x >> \"${@: -1}/one\""),
            ("cp", "real \"$@\"; rm \"${@: -1}/two\""), ("cp", "exit 1"),
        ] {
            let path = try shop.putBefore(program, lie)
            let run = try shop.run("production", "--confirm", "CONFIRM", environment: ["PATH": path])
            try run.expect(14, "\(program): \(lie)").expectExplained()
            try FileManager.default.removeItem(atPath: "\(shop.folder)/tools/\(program)")
            XCTAssertEqual(try shop.version("production"), "one", lie)
            XCTAssertEqual(try shop.fingerprint("production"), files, lie)
            XCTAssertEqual(shop.leftovers(), [], lie)
        }
        try shop.promote()
        XCTAssertEqual(try shop.version("production"), "two", "honest programs are believed")
    }

    func testASpoiltFolderOfABackupIsRefusedBeforeAnythingChanges_T11_T16() throws {
        let shop = try DeployctlFixture(withUploadsFor: self)
        let older = try shop.deployTwoReleases()
        let backup = try XCTUnwrap(try shop.backups("production").first { $0.release == older }?.timestamp)
        let before = (try shop.world("production"), try shop.fingerprint("production"))
        let folder = "backups/production/\(backup)"
        for (spoiling, command) in [
            ("cut", "truncate -s -1 \(folder)/uploads.tar.zst"),
            ("a byte changed", "printf X | dd conv=notrunc bs=1 seek=20 of=\(folder)/uploads.tar.zst"),
            ("gone", "rm \(folder)/uploads.tar.zst"), ("another listing", "echo >> \(folder)/uploads.list"),
        ] {
            try shop.shell("cp -a \(folder) kept; \(command)")
            let run = try shop.run("rollback", older, "--confirm", "CONFIRM")
            try run.expect(14, spoiling).expectExplained()
            try shop.run("backup", "verify", "production", backup).expect(19, spoiling)
            try shop.shell("rm -r \(folder); mv kept \(folder)")
            try shop.run("backup", "verify", "production", backup).expect(0)
            XCTAssertEqual(try shop.world("production"), before.0, spoiling)
            XCTAssertEqual(try shop.fingerprint("production"), before.1, spoiling)
        }
        try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
    }

    func testAFolderOnAnotherDiskStaysThereAndAMountIsRefused() throws {
        let shop = try DeployctlFixture(withUploadsFor: self)
        let older = try shop.deployTwoReleases()
        let uploads = ".deployctl/production/shared/uploads"
        try shop.shell(
            "mkdir ../disk; mv \(uploads) ../disk/files; ln -s \(shop.folder)/disk/files \(uploads)")
        try shop.shell("echo new > \(uploads)/new")
        try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        try shop.shell("test -L \(uploads) && test ! -e \(uploads)/new && test \"$(ls ../disk)\" = files")
        guard getuid() == 0 else { throw XCTSkip("only root may mount") }
        try shop.shell("rm \(uploads); mkdir \(uploads); mount -t tmpfs none \(uploads)")
        defer { try? shop.shell("umount \(uploads)") }
        let newer = try XCTUnwrap(try shop.backups("production").first?.timestamp)
        let run = try shop.unharmed("rollback", newer, "--confirm", "CONFIRM").expect(15).expectExplained()
        XCTAssertTrue(run.errors.contains("a disk is mounted there"), run.errors)
    }

    /// The same names and bytes before and after, as a program leaves them that replaces a file by renaming.
    func testWhatIsAsBeforeAndWasAwayWhileItWasCopiedDoesNotSpoilABackup_T13() throws {
        let shop = try DeployctlFixture(withUploadsFor: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        let uploads = "\(shop.project)/.deployctl/production/shared/uploads"
        try shop.shell("echo stays > \(uploads)/stays; echo goes > \(uploads)/goes")
        for busy in [
            "mv \(uploads)/goes \(uploads)/../goes; real \"$@\"; mv \(uploads)/../goes \(uploads)/goes",
            "echo > \(uploads)/came; real \"$@\"; rm \(uploads)/came",
            "echo half > \(uploads)/goes; real \"$@\"; echo goes > \(uploads)/goes",
            "mv \(uploads)/goes \(uploads)/../goes; real \"$@\"; mv \(uploads)/../goes \(uploads)/goes; exit 1",
        ] {
            let path = try shop.putBefore("cp", busy)
            try shop.run("backup", "create", "production", environment: ["PATH": path]).expect(0, busy)
        }
        let path = try shop.putBefore("cp", "echo > \(uploads)/goes; real \"$@\"; rm \"${@: -1}/stays\"")
        try shop.run("backup", "create", "production", environment: ["PATH": path]).expect(14)
        try shop.run("backup", "verify", "production", "--all").expect(0)
    }

    func testFilesThatComeAndGoWhileABackupIsTakenDoNotSpoilIt_T13() throws {
        let shop = try DeployctlFixture(withUploadsFor: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        let uploads = ".deployctl/production/shared/uploads"
        try shop.shell("cd \(uploads); for i in $(seq 300); do head -c 300 /dev/urandom > keep$i; done")
        let writer = try shop.start([
            "sh", "-c",
            "while :; do date +%N > \(uploads)/comes; rm -f \(uploads)/goes; cp \(uploads)/keep1 \(uploads)/goes; sleep 0.01; done",
        ])
        defer { kill(writer.pid, SIGKILL) }
        for _ in 0..<3 { try shop.run("backup", "create", "production").expect(0) }
        try shop.run("backup", "verify", "production", "--all").expect(0)
    }
}

extension DeployctlFixture {
    /// A project whose uploads are part of production's backups.
    convenience init(withUploadsFor test: XCTestCase) throws {
        try self.init(for: test)
        try replace("\"drain\":", with: "\"shared\": [\"uploads\"], \"drain\":", in: "environments/base.json")
        try replace(
            "\"beforeDeploy\":", with: "\"include\": [\"database\", \"uploads\"], \"beforeDeploy\":",
            in: "environments/production.json")
        try commit("Uploads belong to the data")
    }

    func shell(_ script: String) throws { try runProgram(["sh", "-ec", script]).expect(0) }

    /// One digest of every name, mode, time and byte of an environment's uploads.
    fileprivate func fingerprint(_ environment: String) throws -> String {
        let folder = ".deployctl/\(environment)/shared/uploads"
        let archive = "tar --create --sort=name --numeric-owner --directory \(folder) . | sha256sum"
        return try runProgram(["sh", "-ec", archive]).expect(0).output
    }
}
