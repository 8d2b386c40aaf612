import DeployTestSupport
import Foundation
import XCTest

/// What is measured is what happened, and Prometheus' own tools read it.
final class MetricsTests: XCTestCase {
    private func value(_ sample: String, in text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix("\(sample) ") }
            .flatMap { Double($0.dropFirst(sample.count + 1)) }
    }

    private func check(_ arguments: [String], reading text: String? = nil, _ world: DeployctlFixture) throws {
        try require("promtool")
        let file = "\(world.folder)/promtool-input"
        try Data((text ?? "").utf8).write(to: URL(fileURLWithPath: file))
        let run = try world.runProgram(["sh", "-c", "exec promtool \"$@\" < \"$0\"", file] + arguments)
        try run.expect(0)
        XCTAssertEqual(run.errors, "")
    }

    func testWhatHappenedIsMeasuredAndNothingTwice() throws {
        let world = try DeployctlFixture(for: self)
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        for _ in 0..<4 { XCTAssertEqual(world.get("/version", from: "staging").status, 200) }
        XCTAssertEqual(world.get("/none-such", from: "staging").status, 404)
        let before = try world.run("metrics", "staging").expect(0).output
        let served = value(#"deployctl_http_requests_total{environment="staging",code="2xx"}"#, in: before)
        XCTAssertGreaterThanOrEqual(try XCTUnwrap(served, before), 4)
        XCTAssertEqual(
            value(#"deployctl_http_requests_total{environment="staging",code="4xx"}"#, in: before), 1)
        XCTAssertEqual(value(#"deployctl_environment_healthy{environment="staging"}"#, in: before), 1)
        XCTAssertEqual(
            value(
                #"deployctl_runs_total{environment="staging",kind="deploy",outcome="succeeded"}"#, in: before),
            1)
        XCTAssertEqual(value(#"deployctl_slo_error_budget_ratio{environment="staging"}"#, in: before), 1)
        XCTAssertEqual(value(#"deployctl_probe_success{environment="staging",service="web"}"#, in: before), 1)
        XCTAssertTrue(before.hasSuffix("# EOF\n"))
        XCTAssertEqual(world.get("/none-such", from: "staging").status, 404)
        let after = try world.run("metrics", "staging").expect(0).output
        XCTAssertEqual(
            value(#"deployctl_http_requests_total{environment="staging",code="4xx"}"#, in: after), 2)

        try world.run("metrics", "--output", "metrics/shop.prom").expect(15).expectExplained()
        try FileManager.default.createDirectory(
            atPath: "\(world.project)/metrics", withIntermediateDirectories: false)
        for _ in 0..<2 { try world.run("metrics", "--output", "metrics/shop.prom").expect(0) }
        let file = "\(world.project)/metrics/shop.prom"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try check(["check", "metrics"], reading: text, world)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        XCTAssertEqual(mode.map { $0 & 0o444 }, 0o444, "node_exporter reads it under another account")
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: "\(world.project)/metrics"), ["shop.prom"])
    }

    func testAPieceOfTheLogThatIsDamagedKeepsNothingElseFromBeingMeasured() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            #""logs": "logs/staging""#, with: #""logs": {"folder": "logs/staging", "size": "64KiB"}"#,
            in: "environments/staging.json")
        try world.commit("Keep logs small")
        try world.run("staging").expect(0)
        try world.run("metrics", "staging").expect(0)
        let log = "\(world.project)/logs/staging/access.jsonl"
        let file = try XCTUnwrap(FileHandle(forWritingAtPath: log))
        // Pieces end where a line and a block of 4096 do.
        let rest = 4096 - Int(file.seekToEndOfFile() % 4096)
        file.write(Data((String(repeating: " ", count: rest - 1) + "\n").utf8))
        let line = #"{"time":"2026-01-01T00:00:00.000+00:00","request_id":"1","status":503,"seconds":0.010}"#
        let padded = line + String(repeating: " ", count: 127 - line.utf8.count) + "\n"
        for _ in 0..<2048 { file.write(Data(padded.utf8)) }
        try file.close()
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        let pieces = try FileManager.default.contentsOfDirectory(atPath: "\(world.project)/logs/staging")
            .filter { $0.hasPrefix("access.jsonl-") && $0.hasSuffix(".zst") }.sorted()
        let first = "\(world.project)/logs/staging/\(try XCTUnwrap(pieces.first))"
        let packed = try Data(contentsOf: URL(fileURLWithPath: first))
        try packed.prefix(packed.count / 2).write(to: URL(fileURLWithPath: first))
        let run = try world.run("metrics", "staging").expect(0)
        XCTAssertTrue(run.errors.contains("cannot be unpacked"), run.errors)
        XCTAssertEqual(value(#"deployctl_environment_healthy{environment="staging"}"#, in: run.output), 1)
        let again = try world.run("metrics", "staging").expect(0)
        XCTAssertEqual(again.errors, "")
    }

    func testSeveralThatWriteOneFileLeaveItWhole() throws {
        let world = try DeployctlFixture(for: self)
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        let writers = try (0..<4).map { _ in
            try world.start([world.binary, "metrics", "staging", "--output", "shop.prom"])
        }
        for writer in writers { try writer.wait().expect(0) }
        try check(
            ["check", "metrics"],
            reading: try String(contentsOfFile: "\(world.project)/shop.prom", encoding: .utf8), world)
        let left = try FileManager.default.contentsOfDirectory(atPath: world.project)
        XCTAssertEqual(left.filter { $0.contains("shop.prom") }, ["shop.prom"])
    }

    /// An outage as `metrics` tells of it lets Prometheus call a person, and its end takes that back.
    func testTheRulesCallForAnOutageAndNotForHealth() throws {
        let world = try DeployctlFixture(for: self)
        let rules = "\(world.folder)/rules.yml"
        try Data(try world.run("metrics", "--rules").expect(0).output.utf8)
            .write(to: URL(fileURLWithPath: rules))
        try check(["check", "rules", "--lint=all", "--lint-fatal", rules], world)
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        let healthy = try samples(world)
        for process in world.processes() where process.command.contains("server.py") {
            kill(process.pid, SIGKILL)
        }
        let outage = try samples(world)
        let down = outage.filter { $0.contains("environment_state") && $0.hasSuffix(" 1") }
        XCTAssertTrue(down.contains { $0.contains("unhealthy") || $0.contains("crash loop") }, "\(down)")
        for (samples, alerts) in [(healthy, 0), (outage, 1)] {
            let series = samples.filter { $0.hasPrefix("deployctl_environment_state{") }.map { sample in
                let cut = sample.lastIndex(of: " ") ?? sample.endIndex
                let value = sample[sample.index(after: cut)...]
                return "      - series: '\(sample[..<cut])'\n        values: '\(value)x10'"
            }
            let expected =
                alerts == 0
                ? "[]"
                : """

                          - exp_labels: {environment: staging, state: unhealthy, severity: P0}
                            exp_annotations: {summary: staging is unhealthy, action: deployctl status staging}
                """
            let test = """
                rule_files: [\(rules)]
                evaluation_interval: 1m
                tests:
                  - interval: 1m
                    input_series:
                \(series.joined(separator: "\n"))
                    alert_rule_test:
                      - alertname: DeployctlEnvironmentDown
                        eval_time: 5m
                        exp_alerts: \(expected)

                """
            let file = "\(world.folder)/rules-test.yml"
            try Data(test.utf8).write(to: URL(fileURLWithPath: file))
            try check(["test", "rules", file], world)
        }
    }

    private func samples(_ world: DeployctlFixture) throws -> [String] {
        try world.run("metrics", "staging").expect(0).output.split(separator: "\n").map(String.init)
    }

    func testTheDashboardAsksOnlyForWhatIsMeasured() throws {
        let world = try DeployctlFixture(for: self)
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        try world.promote()
        try world.run("backup", "create", "production").expect(0)
        _ = world.get("/version", from: "production")
        let measured = Set(
            try world.run("metrics").expect(0).output.matches(of: #/# TYPE (\w+)/#).map { String($0.1) })
        let texts = [
            try world.run("metrics", "--dashboard").expect(0).output,
            try world.run("metrics", "--rules").expect(0).output,
        ]
        XCTAssertNotNil(
            try JSONSerialization.jsonObject(with: Data(texts[0].utf8)) as? [String: Any])
        // Only there once something has TLS or a schedule.
        let absent: Set = [
            "deployctl_certificate_not_after_timestamp_seconds", "deployctl_schedule_last_success",
        ]
        for name in Set(texts.flatMap { $0.matches(of: #/deployctl_\w+/#).map { String($0.0) } }) {
            let family = ["_total", "_bucket", "_sum", "_count"].reduce(name) {
                $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0
            }
            XCTAssertTrue(
                measured.contains(family) || measured.contains(name) || absent.contains(name), name)
        }
    }
}
