import DeployTestSupport
import Foundation
import XCTest

/// Backups that lie on a disk of their own.
final class BackupDiskTests: XCTestCase {
    func testNoBackupIsWrittenBelowADiskThatIsNotMounted() throws {
        try SmallDisk.demandRoot()
        let shop = try DeployctlFixture(for: self)
        let disk = "\(shop.project)/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        addTeardownBlock { _ = try? shop.runProgram(["umount", "--lazy", disk]) }
        try shop.runProgram(["mount", "-t", "tmpfs", "-o", "mode=0700,size=64m", "tmpfs", disk]).expect(0)
        try shop.replace(
            "\"beforeDeploy\": true", with: "\"directory\": \"disk/backups\", \"beforeDeploy\": true",
            in: "environments/production.json")
        try shop.append("disk/\n", to: ".gitignore")
        try shop.commit("Keep backups on a disk")
        for version in ["two", "three"] {
            try shop.commit(version: version)
            try shop.run("staging").expect(0)
            try shop.promote()
        }
        try shop.runProgram(["umount", disk]).expect(0)
        let run = try shop.run("backup", "create", "production").expect(14).expectExplained()
        try expect(run.errors.contains("The disk of the backups is not mounted"), run.errors)
        try expectEqual(shop.names(in: "disk"), [], "written below the disk")
        try shop.write(nil, to: ".deployctl/production/backups-disk")
        try shop.run("backup", "create", "production").expect(0)
    }
}
