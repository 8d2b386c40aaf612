import DeployTestSupport
import Foundation
import XCTest

/// A Prometheus that scrapes what `metrics` writes calls a person for an outage, and takes that back when it is over.
final class PrometheusTests: XCTestCase {
    private var children: [StartedProgram] = []

    override func tearDown() {
        for child in children {
            kill(child.pid, SIGTERM)
            _ = try? child.wait()
        }
        children = []
    }

    /// As the rules are shipped with DEPLOYCTL_SOAK, otherwise with waits of seconds instead of minutes.
    private static let isWhole = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] != nil

    private struct Answer<Value: Decodable>: Decodable { let data: Value }
    private struct Alerts: Decodable {
        struct Alert: Decodable {
            let labels, annotations: [String: String]
            let state: String
        }
        let alerts: [Alert]
    }
    private struct Targets: Decodable {
        struct Target: Decodable { let health, lastError: String }
        let activeTargets: [Target]
    }
    private struct Found: Decodable {
        struct Series: Decodable { let metric: [String: String] }
        let result: [Series]
    }

    private func ask<Value: Decodable>(_ path: String, _ port: Int, _ type: Value.Type) throws -> Value {
        let answer = HTTP.ask("GET", "/api/v1/\(path)", port: port)
        return try JSONDecoder().decode(Answer<Value>.self, from: Data(answer.body.utf8)).data
    }

    func testAnOutageIsCalledForAndItsEndTakesTheCallBack() throws {
        try require("prometheus", "promtool")
        let world = try DeployctlFixture(for: self)
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        let folder = try makeTestFolder()
        func measure() throws {
            try world.run("metrics", "staging", "--output", "\(folder)/shop.prom").expect(0)
        }
        try measure()
        let port = try begin(in: folder, world)
        try eventually("a scrape of the file") {
            try ask("targets", port, Targets.self).activeTargets.map(\.health) == ["up"]
        }
        try eventually("that staging is well") {
            try ask("query?query=deployctl_environment_healthy==1", port, Found.self).result
                .map { $0.metric["environment"] } == ["staging"]
        }
        XCTAssertEqual(try ask("alerts", port, Alerts.self).alerts.count, 0)

        for process in world.processes() where process.command.contains("server.py") {
            kill(process.pid, SIGKILL)
        }
        try measure()
        var states: [String] = []
        try eventually("somebody to be called", within: Self.isWhole ? 200 : 40) {
            let down = try ask("alerts", port, Alerts.self).alerts.first {
                $0.labels["alertname"] == "DeployctlEnvironmentDown"
            }
            if let down, states.last != down.state { states.append(down.state) }
            guard down?.state == "firing" else { return false }
            XCTAssertEqual(down?.labels["severity"], "P0")
            XCTAssertEqual(down?.labels["environment"], "staging")
            XCTAssertEqual(down?.annotations["action"], "deployctl status staging")
            return true
        }
        XCTAssertEqual(states, ["pending", "firing"])
        try world.run("restart", "staging").expect(0)
        try measure()
        try eventually("the call to be taken back") {
            try ask("alerts", port, Alerts.self).alerts.allSatisfy {
                $0.labels["alertname"] != "DeployctlEnvironmentDown"
            }
        }
    }

    private func eventually(
        _ what: String, within seconds: Double = 40, _ holds: () throws -> Bool
    ) throws {
        let end = Date().addingTimeInterval(seconds)
        while (try? holds()) != true {
            guard Date() < end else {
                throw Unexpected(
                    "no \(what) within \(seconds) s: \(children.map(\.errors).joined().suffix(2000))")
            }
            Thread.sleep(forTimeInterval: 0.25)
        }
    }

    /// A server of the file, and a Prometheus that asks it each second; returns the port of its API.
    private func begin(in folder: String, _ world: DeployctlFixture) throws -> Int {
        let source = try HTTP.freePort()
        let port = try HTTP.freePort(except: source)
        var rules = try world.run("metrics", "--rules").expect(0).output
        if !Self.isWhole { rules = rules.replacing(#/for: \d+[mh]/#, with: "for: 3s") }
        let configuration = """
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: [\(folder)/rules.yml]
            scrape_configs:
              - job_name: deployctl
                metrics_path: /shop.prom
                static_configs: [{targets: ["127.0.0.1:\(source)"]}]

            """
        for (name, text) in ["rules.yml": rules, "prometheus.yml": configuration] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try world.runProgram(["promtool", "check", "config", "\(folder)/prometheus.yml"]).expect(0)
        children = [
            try world.start([
                "python3", "-m", "http.server", "\(source)", "--bind", "127.0.0.1", "--directory", folder,
            ]),
            try world.start([
                "prometheus", "--config.file=\(folder)/prometheus.yml", "--storage.tsdb.path=\(folder)/data",
                "--web.listen-address=127.0.0.1:\(port)",
            ]),
        ]
        return port
    }
}
