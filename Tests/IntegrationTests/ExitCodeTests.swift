import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Every exit code, from the built program.
final class ExitCodeTests: XCTestCase {
    private typealias Provocation = @Sendable (DeployctlFixture) throws -> ProgramRun

    private static let provocations: [ExitCode: Provocation] = [
        .done: { try $0.run("staging") },
        .unexpected: { shop in
            try shop.run("staging").expect(0)
            let lock = "\(shop.project)/.deployctl/staging/lock"
            try FileManager.default.removeItem(atPath: lock)
            try FileManager.default.createDirectory(atPath: lock, withIntermediateDirectories: false)
            return try shop.run("restart", "staging")
        },
        .usage: { try $0.run("stagin") },
        .invalidDefinition: { shop in
            try shop.run("staging").expect(0)
            try shop.replace("\"ports\"", with: "\"prots\"", in: "environments/staging.json")
            return try shop.unharmed("staging")
        },
        .locked: { shop in
            try shop.deployTwoReleases()
            try shop.run("lock", "acquire", "production", "-m", "stocktaking").expect(0)
            try shop.commit(version: "three")
            try shop.run("staging").expect(0)
            return try shop.refused("production", "--confirm", "CONFIRM")
        },
        .gateRefused: { try $0.run("production", "--confirm", "CONFIRM") },
        .notConfirmed: { shop in
            try shop.deployTwoReleases()
            try shop.commit(version: "three")
            try shop.run("staging").expect(0)
            return try shop.refused("production")
        },
        .backupFailed: { shop in
            try shop.deployTwoReleases()
            try shop.commit(version: "three")
            try shop.run("staging").expect(0)
            try FileManager.default.removeItem(atPath: "\(shop.project)/backups/production")
            try shop.write("in the way", to: "backups/production")
            return try shop.unharmed("production", "--confirm", "CONFIRM")
        },
        .stepFailed: { shop in
            try shop.deployTwoReleases()
            try shop.commit(["app/health": "503", "app/version": "three"])
            return try shop.unharmed("staging")
        },
        .needsPerson: { shop in
            try shop.deployTwoReleases()
            try shop.commit([
                "app/health": "503",
                "migrations/V0003_size.sql": "ALTER TABLE item ADD COLUMN size INTEGER;\n",
            ])
            return try shop.unharmed("staging")
        },
        .notFound: { shop in
            try shop.deployTwoReleases()
            return try shop.refused("rollback", "19990101000000", "--confirm", "CONFIRM")
        },
        .unfinishedRun: { shop in
            try shop.deployTwoReleases()
            try shop.commit(version: "three")
            try shop.run("staging").expect(0)
            try shop.run(
                killedAt: CrashPoint(commit: 8, side: .after), ["production", "--confirm", "CONFIRM"]
            )
            .expect(-SIGKILL)
            return try shop.refused("production", "--confirm", "CONFIRM")
        },
        .unhealthy: { shop in
            try shop.deployTwoReleases()
            try shop.killService("production")
            return try shop.run("status")
        },
        .connectionLost: { _ in
            let far = try FarShop(for: nil)
            defer { far.end() }
            try far.run("staging").expect(0)
            for file in ["../cut", "../deaf"] { try far.write("", to: file) }
            return try far.run("status")
        },
        .hungUp: { try $0.interruptWatch(SIGHUP) },
        .interrupted: { try $0.interruptWatch(SIGINT) },
        .terminated: { try $0.interruptWatch(SIGTERM) },
    ]

    func testEveryExitCodeIsReachedAndExplained() throws {
        XCTAssertEqual(Set(Self.provocations.keys), Set(ExitCode.allCases))
        for code in ExitCode.allCases {
            let shop = try DeployctlFixture(for: self)
            let provoke = try XCTUnwrap(Self.provocations[code])
            do {
                let run = try provoke(shop).expect(code.rawValue, code.name)
                if ![.done, .unhealthy].contains(code) { try run.expectExplained() }
            } catch {
                XCTFail("\(code.name): \(error)")
            }
            shop.end()
        }
    }

    func testDeployingTheSameCommitAgainIsDoneAlready() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        let again = try shop.refused("staging").expect(0)
        XCTAssertTrue(again.errors.contains("is live and healthy in staging"), again.errors)
    }

    func testASecondRunIsRefusedWhileTheFirstIsUnderWay() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace("\"watch\": \"0s\"", with: "\"watch\": \"30s\"", in: "environments/base.json")
        let first = try shop.start([shop.binary, "staging"])
        try first.awaitError("Watch it")
        let second = try shop.run("staging").expect(11).expectExplained()
        XCTAssertTrue(second.errors.contains("deployctl staging by"), second.errors)
        kill(first.pid, SIGINT)
        try first.wait().expect(130)
    }

    func testAWrongConfirmationIsRefused() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        try shop.commit(version: "three")
        try shop.run("staging").expect(0)
        for wrong in ["confirm", "CONFIRM ", "yes", "0123456789abcdef"] {
            try shop.refused("production", "--confirm", wrong).expect(13).expectExplained()
        }
    }

    func testAFlippedByteInABackupIsFound() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        let backup = try XCTUnwrap(try shop.backups("production").first?.timestamp)
        let path = "\(shop.project)/backups/production/\(backup)/database.sqlite.zst"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let verified = try shop.run("backup", "verify", "production").expect(19)
        XCTAssertTrue(verified.output.contains("\(backup)  damaged"), verified.output)
        XCTAssertEqual(try shop.backups("production").first?.verified, "no")
    }

    /// Two hundred gigabytes that take no room until somebody copies them.
    func testAPayloadThatGrewIsRefusedBeforeItIsRead() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        let backup = try XCTUnwrap(try shop.backups("production").first?.timestamp)
        let path = "\(shop.project)/backups/production/\(backup)/database.sqlite.zst"
        XCTAssertEqual(truncate(path, 200 << 30), 0)
        let verified = try shop.run("backup", "verify", "production", backup).expect(19)
        XCTAssertTrue(verified.output.contains("has 214748364800 bytes; taken were"), verified.output)
    }
}

extension DeployctlFixture {
    /// Runs what must leave environments and history as they are.
    func refused(_ arguments: String...) throws -> ProgramRun {
        let before = (try look(), try history("staging"), try history("production"))
        let run = try run(arguments)
        let after = (try look(), try history("staging"), try history("production"))
        try expect(before == after, "\(arguments) changed something: \(before) became \(after)")
        return run
    }

    /// Runs what must leave serving releases and data as they are.
    func unharmed(_ arguments: String...) throws -> ProgramRun {
        let before = try look()
        let run = try run(arguments)
        try expectEqual(try look(), before, "\(arguments) changed something")
        return run
    }

    /// What serves, by environment.
    private func look() throws -> [String] {
        try ["staging", "production"].map { name in
            guard let instance = try? currentInstance(name) else { return "\(name): nothing" }
            return "\(instance) \(try world(name))"
        }
    }

    func killService(_ environment: String) throws {
        let instance = try currentInstance(environment)
        let services = processes().filter { $0.instance == instance && $0.command.contains("app/server.py") }
        try expect(!services.isEmpty, "no service of \(instance) runs")
        for service in services { kill(service.pid, SIGKILL) }
        try expect(
            eventually { !processes().contains { services.contains($0) } }, "the service does not end")
    }

    /// Stops a deployment while the new release is watched; the old one must serve on.
    func interruptWatch(_ signal: Int32) throws -> ProgramRun {
        try run("staging").expect(0)
        try post("kept", to: "staging")
        let before = try world("staging")
        try replace("\"watch\": \"0s\"", with: "\"watch\": \"30s\"", in: "environments/base.json")
        try commit(version: "two")
        let run = try start([binary, "staging"])
        try run.awaitError("Watch it")
        try expectEqual(try version("staging"), "two", "what serves while it is watched")
        kill(run.pid, signal)
        let ended = try run.wait()
        try expectEqual(try world("staging"), before, "what serves after the signal")
        return ended
    }
}
