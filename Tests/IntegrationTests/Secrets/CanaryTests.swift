import DeployTestSupport
import Foundation
import XCTest

/// No secret is where somebody else reads it, whatever goes well or wrong.
final class CanaryTests: XCTestCase {
    private static func canary(_ name: String) -> String { "\(name)-\(UUID().uuidString)" }

    private let start = Date()

    func testNoSecretLeavesProcessesThroughDeployPromoteRollbackAndFailures_S01_S02() throws {
        let server = try ServerShop(.postgresql, for: self)
        let shop = server.shop
        let secrets = ["TOKEN": Self.canary("token"), "URL": "https://u:\(Self.canary("p @%\"'"))@host/"]
        var canaries = secrets
        for environment in ["staging", "production"] {
            canaries["\(environment)'s database password"] = "hush-\(environment)-\(server.stem)"
            for (name, value) in secrets { try plant(value, at: ".secrets/\(environment)-\(name)", in: shop) }
            let sources = secrets.keys.sorted().map {
                "\"\($0)\": {\"file\": \".secrets/\(environment)-\($0)\"}"
            }
            try shop.replace(
                "\"logs\": ",
                with: "\"secrets\": {\(sources.joined(separator: ", "))},\n \"sharedOnPurpose\": "
                    + "[\"database.server\", \"secrets.TOKEN\", \"secrets.URL\"], \"logs\": ",
                in: "environments/\(environment).json")
        }
        try shop.replace(
            "\"watch\":", with: "\"release\": [[\"sh\", \"release.sh\"]], \"watch\":",
            in: "environments/base.json")
        try shop.commit(["release.sh": "exit 0\n"])
        let scan = CanaryScan(canaries, in: shop, homes: ["/.secrets/", "script"])
        try scan.watch {
            try shop.deployTwoReleases()
            try shop.run("rollback", "previous", "--environment", "production", "--confirm", "CONFIRM")
                .expect(0)
            try shop.run("restart", "staging").expect(0)
            try failures(of: shop)
        }
        for command in [["status"], ["history"], ["gates"], ["show", "--json"], ["logs", "staging"]] {
            try shop.run(command)
        }
        scan.lookAtFiles(since: start)
        XCTAssertEqual(scan.findings, [])
        XCTAssertGreaterThan(scan.looks, 1000)
    }

    /// A release command that prints what it knows, a migration that quotes it, a service that dies.
    private func failures(of shop: DeployctlFixture) throws {
        try shop.commit(["release.sh": "echo \"$TOKEN $URL $DATABASE_URL\"; echo \"$TOKEN\" >&2; exit 3\n"])
        let command = try shop.run("staging").expect(15)
        XCTAssertTrue(command.errors.contains("release.sh"), command.errors)
        try shop.commit([
            "release.sh": "exit 0\n", "migrations/V0009_bad.sql": "SELECT nothing FROM nowhere;\n",
        ])
        try shop.run("staging").expect(15)
        try shop.git("rm", "--quiet", "migrations/V0009_bad.sql")
        try shop.commit(["app/health": "500"])
        try shop.run("staging").expect(15)
        try shop.commit(["app/health": "200"])
        try shop.run("staging").expect(0)
    }

    func testNoSecretLeavesContainersThroughDeployAndFailures_S02_S03() throws {
        try ContainerEngine.require("python:3.11", "busybox")
        let world = try ComposeWorld(for: self)
        let token = Self.canary("token")
        try plant(token, at: ".secrets/TOKEN", in: world)
        let scan = CanaryScan(["TOKEN": token], in: world, homes: ["/.secrets/", "/secrets/TOKEN"])
        try scan.watch {
            try world.run("staging").expect(0)
            try world.commit(version: "two")
            try world.run("staging").expect(0)
            try world.run("rollback", "previous", "--environment", "staging", "--code-only").expect(
                0)
            try world.commit(["app/health": "500\n"])
            try world.run("staging").expect(15)
        }
        for container in try world.containers() {
            scan.look(
                at: try world.runProgram(["docker", "inspect", container]).expect(0).output,
                of: "docker inspect")
        }
        scan.lookAtFiles(since: start)
        XCTAssertEqual(scan.findings, [])
        XCTAssertGreaterThan(scan.looks, 1000)
    }

    /// What the scan cannot see it does not find: each place is shown to be looked at.
    func testAPlantedLeakIsFoundInEveryPlace() throws {
        let shop = try DeployctlFixture(for: self)
        let canary = Self.canary("planted")
        let scan = CanaryScan(["it": canary], in: shop, homes: ["/.secrets/"])
        try plant(canary, at: ".secrets/x", in: shop)
        let temporary = "/tmp/deployctl-canary-\(UUID().uuidString)"
        addTeardownBlock { try? FileManager.default.removeItem(atPath: temporary) }
        try shop.run("staging").expect(0)
        try scan.watch {
            try lookedAt(by: scan, ["sh", "-c", "read answer", canary])
            try lookedAt(by: scan, ["cat"], environment: ["LEAK": canary])
            let state = "\(shop.project)/.deployctl/state.db"
            try shop.runProgram([
                "sqlite3", state,
                "PRAGMA secure_delete = OFF; CREATE TABLE leak AS SELECT '\(canary)' AS a; DROP TABLE leak",
            ])
            try scan.expectAWholeLook()
        }
        XCTAssertTrue(
            scan.findings.contains { $0.contains("arguments of sh -c read answer") }, "\(scan.findings)")
        XCTAssertTrue(scan.findings.contains { $0.contains("environment of cat") }, "\(scan.findings)")
        XCTAssertTrue(scan.findings.contains { $0.contains("state.db") }, "free pages too: \(scan.findings)")
        try shop.write(Data(canary.utf8).base64EncodedString(), to: "logs/staging/other.log")
        try canary.write(toFile: temporary, atomically: false, encoding: .utf8)
        scan.lookAtFiles(since: start)
        for place in ["logs/staging/other.log", temporary] {
            XCTAssertTrue(scan.findings.contains { $0.contains(place) }, "\(place): \(scan.findings)")
        }
        XCTAssertFalse(scan.findings.contains { $0.contains(".secrets/x") })
    }

    /// A program that waits for its input for as long as the scan takes to see it.
    private func lookedAt(by scan: CanaryScan, _ arguments: [String], environment: [String: String] = [:])
        throws
    {
        let (process, input) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, added in added }
        process.standardInput = input
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        try scan.expectAWholeLook()
    }

    private func plant(_ value: String, at path: String, in world: ProjectWorld) throws {
        try world.write(value, to: path)
        chmod("\(world.project)/\(path)", 0o600)
    }
}
