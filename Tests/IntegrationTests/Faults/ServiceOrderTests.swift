import DeployTestSupport
import Foundation
import XCTest

/// In which order services start and end, and how they are asked to.
final class ServiceOrderTests: XCTestCase {
    /// Says in `events` when it is up and by which signal it went down; the lock is had by one at a time.
    private func part(_ shop: DeployctlFixture) -> String {
        """
        import fcntl, os, signal, sys, time
        name = sys.argv[1]
        def say(word):
            with open("\(shop.folder)/events", "a") as file: file.write(name + " " + word + "\\n")
        lock = open("\(shop.folder)/" + name + ".lock", "w")
        try: fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("twice"); time.sleep(60)
        def end(number, frame):
            say(signal.Signals(number).name)
            if "deaf" not in name:
                time.sleep(0.2); os._exit(0)
        for number in (signal.SIGTERM, signal.SIGINT): signal.signal(number, end)
        say("up " + open("app/version").read().strip())
        while True: time.sleep(60)
        """
    }

    private func shop(_ services: String) throws -> DeployctlFixture {
        try require("python3")
        let shop = try DeployctlFixture(for: self)
        try shop.write(part(shop), to: "app/part.py")
        try shop.replace("\"front\":", with: "\(services),\n    \"front\":", in: "environments/base.json")
        try shop.commit("More services")
        return shop
    }

    private func worker(_ name: String, _ more: String) -> String {
        "\"\(name)\": {\"role\": \"app\", \"command\": [\"python3\", \"app/part.py\", \"\(name)\"], \"listen\": \"none\", \(more)}"
    }

    private func events(_ shop: DeployctlFixture) -> [String] {
        ((try? String(contentsOfFile: "\(shop.folder)/events", encoding: .utf8)) ?? "")
            .split(separator: "\n").map(String.init)
    }

    private func expectEvents(_ wanted: [String], _ shop: DeployctlFixture) throws {
        try expect(eventually { self.events(shop) == wanted }, "\(events(shop)) instead of \(wanted)")
    }

    func testAServiceThatMayNotOverlapIsHandedOverOneAtATime() throws {
        let shop = try shop(worker("beat", "\"overlap\": false"))
        try shop.run("staging").expect(0)
        try expectEvents(["beat up one"], shop)
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try expectEvents(["beat up one", "beat SIGTERM", "beat up two"], shop)
        try shop.commit(["app/health": "503", "app/version": "bad"])
        try shop.run("staging").expect(15)
        try expect(
            eventually { self.events(shop).last == "beat up two" }, "the old one runs again: \(events(shop))")
        try expect(!events(shop).contains("beat twice"), "\(events(shop))")
        try expectEqual(
            shop.processes().filter { $0.command.contains("part.py") }.map(\.instance),
            [try shop.currentInstance("staging")], "who runs")
        try expectEqual(try shop.status("staging").code, 0, "status")
    }

    func testAServiceEndsByItsOwnSignalAndIsKilledAfterItsOwnTime() throws {
        let shop = try shop(
            worker("polite", "\"stop\": {\"signal\": \"INT\"}") + ",\n"
                + worker("deaf", "\"stop\": {\"timeout\": \"1s\"}"))
        try shop.replace("\"drain\": \"2s\"", with: "\"drain\": \"60s\"", in: "environments/base.json")
        try shop.commit("Patience")
        try shop.run("staging").expect(0)
        try expect(eventually { self.events(shop).count == 2 }, "\(events(shop))")
        let stop = try shop.run("stop", "staging").expect(0)
        try expect(stop.errors.contains("deaf did not end in time and was killed"), stop.errors)
        try expect(events(shop).contains("polite SIGINT"), "\(events(shop))")
        try expect(stop.seconds < 30, "\(stop.seconds) s")
    }

    func testServicesStartAfterThoseTheyNeedAndEndBeforeThem() throws {
        let shop = try shop(
            worker("last", "\"after\": [\"first\", \"web\"]") + ",\n"
                + worker("first", "\"after\": [\"web\"]"))
        try shop.run("staging").expect(0)
        try expectEvents(["first up one", "last up one"], shop)
        try shop.run("stop", "staging").expect(0)
        try expectEvents(["first up one", "last up one", "last SIGTERM", "first SIGTERM"], shop)
    }
}
