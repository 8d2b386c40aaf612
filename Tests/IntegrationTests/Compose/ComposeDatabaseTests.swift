import DeployTestSupport
import Foundation
import XCTest

/// What is said and done where the database's container, its volume, its password, its network or the engine is not as it was.
final class ComposeDatabaseTests: XCTestCase {
    private func shop() throws -> ComposeShape {
        try ContainerEngine.require("busybox", "postgres:15")
        let shop = try ComposeShape("postgres")
        addTeardownBlock { shop.end() }
        // However busy the machine is while the server sets itself up.
        try shop.replace("interval: 1s", with: "interval: 1s\n      start_period: 120s", in: "compose.yml")
        try shop.commit("Give it time")
        try shop.run("staging").expect(0)
        return shop
    }

    private func docker(_ shop: ComposeShape, _ words: String...) throws -> String {
        try shop.runProgram(["docker"] + words).expect(0).output
    }

    private func database(_ shop: ComposeShape) -> String { "\(shop.engineName)-staging-db-1" }

    @discardableResult
    private func sql(_ shop: ComposeShape, _ text: String) throws -> String {
        try docker(shop, "exec", database(shop), "psql", "-qAtU", "shop", "-c", text)
    }

    func testABackupIsRestoredWhereTheVolumeIsGone() throws {
        let shop = try shop()
        try sql(shop, "CREATE TABLE kept (note text); INSERT INTO kept VALUES ('here')")
        try shop.run("backup", "create", "staging").expect(0)
        let volume = "\(shop.engineName)-staging_data"
        _ = try docker(shop, "rm", "-f", database(shop))
        _ = try docker(shop, "volume", "rm", volume)
        let status = try shop.run("status", "staging", "--json").expect(19)
        XCTAssertFalse(status.output.contains("deployctl start"), status.output)
        let refused = try shop.run("start", "staging").expect(12)
        let advice = try XCTUnwrap(refused.errors.firstMatch(of: /deployctl (backup restore staging \d+)/)).1
        try shop.run(advice.split(separator: " ").map(String.init)).expect(0)
        XCTAssertEqual(try sql(shop, "SELECT note FROM kept"), "here\n")
        try shop.run("status", "staging").expect(0)

        _ = try docker(shop, "rm", "-f", database(shop))
        _ = try docker(shop, "volume", "rm", volume)
        let folder = try XCTUnwrap(
            FileManager.default.contentsOfDirectory(atPath: "\(shop.project)/backups/staging").max())
        try shop.write("nothing", to: "backups/staging/\(folder)/database.dump.zst")
        XCTAssertNotEqual(
            try shop.run(advice.split(separator: " ").map(String.init)).status, 0, "the backup is damaged")
        XCTAssertFalse(
            try docker(shop, "volume", "ls", "-q").contains(volume), "an empty one would pass for the data")
        try shop.run("start", "staging").expect(12)
    }

    func testARunWhoseDatabaseVanishedCanBeTakenBack() throws {
        let shop = try shop()
        try sql(
            shop,
            "CREATE TABLE kept (note text); INSERT INTO kept SELECT repeat('x', 200) FROM generate_series(1, 300000)"
        )
        let made = try shop.run("backup", "create", "staging").expect(0)
        let backup = try String(XCTUnwrap(made.errors.firstMatch(of: /Backup (\d{14}) of staging/)).1)
        let run = try shop.start([shop.binary, "backup", "restore", "staging", backup])
        let begun = eventually(within: 120) {
            usleep(100_000)
            let scratch =
                "SELECT count(*) FROM pg_database WHERE datname = 'shop__\(self.restore(of: shop) ?? "")'"
            return (try? self.sql(shop, scratch)) == "1\n"
        }
        kill(run.pid, SIGKILL)
        try run.wait(upTo: 10).expect(-SIGKILL)
        XCTAssertTrue(begun)
        try shop.run("status", "staging").expect(18)
        let volume = "\(shop.engineName)-staging_data"
        _ = try docker(shop, "rm", "-f", database(shop))
        _ = try docker(shop, "volume", "rm", volume)
        let taken = try shop.run("abort", "staging").expect(0).errors
        XCTAssertTrue(taken.contains("should serve, but data service db has no container"), taken)
        XCTAssertTrue(taken.contains("volume \(volume) is missing"), taken)
        XCTAssertFalse(taken.contains("warning:"), "what is gone needs no tidying up: \(taken)")
        XCTAssertFalse(try docker(shop, "volume", "ls", "-q").contains(volume))
        let refused = try shop.run("start", "staging").expect(12)
        let advice = try XCTUnwrap(refused.errors.firstMatch(of: /deployctl (backup restore staging \d+)/)).1
        try shop.run(advice.split(separator: " ").map(String.init)).expect(0)
        XCTAssertEqual(try sql(shop, "SELECT count(*) FROM kept"), "300000\n")
    }

    func testAVolumeThatWasThereBeforeIsSaid() throws {
        let shop = try shop()
        try sql(shop, "CREATE TABLE old (note text)")
        let volume = "\(shop.engineName)-staging_data"
        XCTAssertFalse(
            try shop.run("staging").expect(0).errors.contains("volume \(volume) was on the engine"))
        try shop.run("stop", "staging").expect(0)
        try FileManager.default.removeItem(atPath: "\(shop.project)/.deployctl")
        let first = try shop.run("staging").expect(0)
        XCTAssertTrue(
            first.errors.contains("warning: volume \(volume) was on the engine before the first deployment"),
            first.errors)
        XCTAssertEqual(try sql(shop, "SELECT count(*) FROM old"), "0\n")
    }

    private func restore(of shop: ComposeShape) -> String? {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: "\(shop.project)/logs/staging/deployctl")
        return names?.max()?.split(separator: ".").first.map(String.init)
    }

    func testAPasswordThatTheServerRefusesIsFound() throws {
        let shop = try shop()
        try shop.run("doctor").expect(0)
        try sql(shop, "ALTER USER shop PASSWORD 'another'")
        let status = try shop.run("status", "staging").expect(19)
        XCTAssertTrue(status.output.contains("password authentication failed"), status.output)
        let doctor = try shop.run("doctor").expect(19)
        XCTAssertTrue(
            doctor.output.contains("deployctl secret set staging database.password"), doctor.output)
    }

    func testADatabaseThatWasPausedOrTakenOffItsNetworkComesBack() throws {
        let shop = try shop()
        _ = try docker(shop, "pause", database(shop))
        try shop.run("status", "staging").expect(19)
        try shop.run("start", "staging").expect(0)
        try shop.run("status", "staging").expect(0)

        let network = "\(shop.engineName)-staging"
        _ = try docker(shop, "network", "disconnect", network, database(shop))
        let status = try shop.run("status", "staging").expect(19)
        XCTAssertTrue(status.output.contains("off network \(network)"), status.output)
        try shop.run("restart", "staging").expect(0)
        try shop.run("status", "staging").expect(0)
    }

    func testAnEngineThatDoesNotAnswerHasEndedNothing() throws {
        let shop = try shop()
        shop.variables["DOCKER_HOST"] = "unix:///nowhere.sock"
        let status = try shop.run("status", "staging").expect(19)
        XCTAssertTrue(status.output.contains("web unknown"), status.output)
        XCTAssertFalse(status.output.contains("does not run"), status.output)
        for words in [["start", "staging"], ["staging"]] {
            let refused = try shop.run(words).expect(15)
            XCTAssertTrue(refused.errors.contains("The container engine does not answer"), refused.errors)
            XCTAssertTrue(refused.errors.contains("whether it runs cannot be asked now"), refused.errors)
            XCTAssertTrue(refused.errors.contains("nothing was changed"), refused.errors)
        }
        let doctor = try shop.run("doctor").expect(19)
        XCTAssertFalse(doctor.output.contains("stop that program"), doctor.output)
        shop.variables["DOCKER_HOST"] = nil
    }
}
