import DeployTestSupport
import Foundation
import XCTest

/// A real machine with systemd restarts, in order and by a power cut, and everything is as it was.
final class RestartedMachineTests: XCTestCase {
    private struct Answer: Decodable { let version: String }
    private struct Standing: Decodable {
        struct Place: Decodable {
            let name: String
            let commit: String?
        }
        let environments: [Place]
    }

    func testBothEnvironmentsComeBackByThemselves() throws {
        let shop = try KeptServer("keeper", for: self)
        try shop.post("before")
        try shop.install()
        for (number, restart) in [shop.server.reboot, shop.server.cutPower, shop.server.reboot].enumerated() {
            try restart()
            XCTAssertEqual(try shop.items(), ["before"] + (0..<number).map { "after-\($0)" })
            try shop.run("deployctl status")
            try shop.post("after-\(number)")
        }
        let log = try shop.run("journalctl --user -u deployctl-shop --no-pager --output cat")
        XCTAssertTrue(log.contains("production: web ended with the machine"), log)
        XCTAssertTrue(log.contains("production: web runs again"), log)
        let status = try shop.run("deployctl status --json")
        XCTAssertFalse(status.contains("crash loop"), status)
        try sayWhatBecameOfItsUnit(shop)
    }

    private func sayWhatBecameOfItsUnit(_ shop: KeptServer) throws {
        try shop.run("systemctl --user disable deployctl-shop.service")
        let disabled = try shop.run("deployctl boot status", 19)
        XCTAssertTrue(disabled.contains("disabled the unit; type: deployctl boot install"), disabled)
        try shop.run("rm ~/.config/systemd/user/deployctl-shop.service && systemctl --user daemon-reload")
        let removed = try shop.run("deployctl boot status", 19)
        XCTAssertTrue(removed.contains("its unit is not there; type: deployctl boot install"), removed)
        try shop.run("deployctl boot install && deployctl boot status")
        XCTAssertFalse(try shop.run("deployctl status").contains("loginctl"))
        try shop.server.root("loginctl disable-linger deploy")
        let status = try shop.attempt("deployctl status").output
        XCTAssertTrue(status.contains("as root: loginctl enable-linger deploy"), status)
    }

    func testWhatWasStoppedStaysStoppedAndARolledBackReleaseComesBack() throws {
        let shop = try KeptServer("keeper", for: self)
        try shop.post("of-one")
        try shop.install()
        try shop.run("echo two > app/version; git commit -qam two; deployctl staging")
        try shop.run("deployctl production --confirm CONFIRM")
        try shop.post("of-two")
        try shop.run("deployctl rollback previous --confirm CONFIRM")
        try shop.run("deployctl stop staging")
        try shop.server.cutPower()
        XCTAssertEqual(try shop.items(), ["of-one"])
        let status = try shop.run("deployctl status --json staging")
        XCTAssertTrue(status.contains("\"state\":\"stopped\""), status)
    }

    /// The machine restarts, or loses its power, at some moment of a deployment: once each; with `DEPLOYCTL_SOAK=1`
    /// twenty times each.
    ///
    /// Within five seconds of its answering again both environments serve the release that `status` names.
    func testARestartInADeploymentLeavesTheRightReleaseAndDataServing() throws {
        let shop = try KeptServer("keeper", for: self)
        try shop.post("before")
        try shop.install()
        var kept = ["before"]
        var times: [Double] = []
        let rounds = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? 20 : 1
        for number in 0..<2 * rounds {
            let before = Set(try served(by: shop).values)
            _ = try shop.attempt("deployctl abort staging; deployctl abort production")
            try shop.run("echo \(number) > app/version; git commit -qam \(number)")
            try shop.run(
                "nohup sh -c \"deployctl staging; deployctl production --confirm CONFIRM\" >/dev/null 2>&1 & true"
            )
            usleep(UInt32.random(in: 100_000...5_000_000))
            try number % 2 == 0 ? shop.server.reboot() : shop.server.cutPower()
            let began = Date()
            let now = try served(by: shop)
            times.append(Date().timeIntervalSince(began))
            XCTAssertLessThan(times[number], 5, "round \(number)")
            XCTAssertTrue(before.union(["\(number)"]).isSuperset(of: now.values), "\(before) then \(now)")
            XCTAssertEqual(try shop.items(), kept)
            let status = try shop.attempt("deployctl status")
            XCTAssertTrue([0, 18, 19].contains(status.status), status.output)
            XCTAssertTrue(status.output.contains("running, healthy"), status.output)
            XCTAssertEqual(try named(shop), now, "what status says")
            if try shop.attempt("curl -sf -d of-\(number) \(address(shop))/items").status == 0 {
                kept.append("of-\(number)")
            }
        }
        print("served again within \(times.sorted().map { (($0 * 100).rounded() / 100) }) s")
        _ = try shop.attempt("deployctl abort staging; deployctl abort production")
        try shop.run("deployctl status")
    }

    private func address(_ shop: KeptServer) -> String { "http://127.0.0.1:\(shop.ports["production"] ?? 0)" }

    /// The version that each environment answers with.
    private func served(by shop: KeptServer) throws -> [String: String] {
        let ports = ["staging", "production"].map { "\(shop.ports[$0] ?? 0)" }
        var found: [String: String] = [:]
        let all = try eventually(within: 20) {
            let run = try shop.attempt(
                "for port in \(ports.joined(separator: " ")); do curl -sf http://127.0.0.1:$port/version || exit 1; echo; done"
            )
            let answers = run.output.split(separator: "\n").map(String.init)
            guard run.status == 0, answers.count == 2 else { return false }
            let versions = try answers.map {
                try JSONDecoder().decode(Answer.self, from: Data($0.utf8)).version
            }
            found = ["staging": versions[0], "production": versions[1]]
            return true
        }
        try expect(all, "both answer")
        return found
    }

    /// The version of the release that `status` names, by environment.
    private func named(_ shop: KeptServer) throws -> [String: String] {
        let text = try shop.attempt("deployctl status --json 2>/dev/null").output
        var found: [String: String] = [:]
        for place in try JSONDecoder().decode(Standing.self, from: Data(text.utf8)).environments {
            let commit = try XCTUnwrap(place.commit, text)
            found[place.name] = try shop.run("git show \(commit):app/version").trimmingCharacters(
                in: .whitespacesAndNewlines)
        }
        return found
    }
}
