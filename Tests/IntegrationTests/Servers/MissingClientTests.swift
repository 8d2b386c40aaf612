import DeployTestSupport
import Foundation
import XCTest

/// A client that is missing or too old is named with what installs it, before a promotion begins.
final class MissingClientTests: XCTestCase {
    func testPostgreSQLsProgramsAreNamedWhereTheyAreMissing() throws {
        try missing(.postgresql, ["pg_dump", "pg_restore"], "apt-get install postgresql-client")
    }

    func testMariaDBsProgramsAreNamedWhereTheyAreMissing() throws {
        try missing(.mysql, ["mariadb-dump", "mysqldump"], "apt-get install mariadb-client")
    }

    private func missing(_ engine: DatabaseServer.Engine, _ programs: [String], _ line: String) throws {
        let world = try deployed(engine)
        let shop = world.shop
        let path = try search(shop, without: programs)
        let refused = try shop.run("production", "--confirm", "CONFIRM", environment: ["PATH": path]).expect(
            12)
        XCTAssertTrue(refused.errors.contains("\(programs[0]) is not installed"), refused.errors)
        XCTAssertTrue(refused.errors.contains(line), refused.errors)
        let backup = try shop.run("backup", "create", "production", environment: ["PATH": path]).expect(14)
        XCTAssertTrue(backup.errors.contains(line), backup.errors)
        let doctor = try shop.run("doctor", environment: ["PATH": path]).expect(19)
        XCTAssertTrue(doctor.output.contains(line), doctor.output)
        try shop.promote()
    }

    func testAnOldPgDumpIsFoundByDoctorAndByABackup() throws {
        let world = try deployed(.postgresql)
        let shop = world.shop
        let path = try search(shop, without: ["pg_dump"])
        let file = "\(shop.folder)/programs/pg_dump"
        let script = """
            #!/bin/sh
            case "$*" in *--version*) echo "pg_dump (PostgreSQL) 9.6.24"; exit 0;; esac
            echo "pg_dump: error: aborting because of server version mismatch" >&2
            echo "pg_dump: detail: server version: 15.4 (Debian 15.4-1); pg_dump version: 9.6.24" >&2
            exit 1

            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: file))
        chmod(file, 0o755)
        let doctor = try shop.run("doctor", environment: ["PATH": path]).expect(19)
        XCTAssertTrue(doctor.output.contains("pg_dump has version 9, the server "), doctor.output)
        let backup = try shop.run("backup", "create", "production", environment: ["PATH": path]).expect(14)
        XCTAssertTrue(backup.errors.contains("apt-get install postgresql-client-15"), backup.errors)
    }

    private func deployed(_ engine: DatabaseServer.Engine) throws -> ServerShop {
        let world = try ServerShop(engine, for: self)
        try world.shop.run("staging").expect(0)
        try world.shop.promote()
        try world.shop.commit(version: "two")
        try world.shop.run("staging").expect(0)
        return world
    }

    /// One folder with links to everything of this machine but these programs.
    private func search(_ shop: DeployctlFixture, without programs: [String]) throws -> String {
        let folder = "\(shop.folder)/programs"
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for place in "\(path):/usr/sbin:/sbin".split(separator: ":").map(String.init) {
            for name in (try? files.contentsOfDirectory(atPath: place)) ?? [] where !programs.contains(name) {
                symlink("\(place)/\(name)", "\(folder)/\(name)")
            }
        }
        // The program adds the servers' own folders, in which no client lies.
        return folder
    }
}
