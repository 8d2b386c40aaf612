import DeployTestSupport
import Foundation
import XCTest

/// The slo gate's figures are those an independent load generator finds.
final class LoadFiguresTests: XCTestCase {
    private struct Figures {
        var p95: Double
        var failed: Double
    }

    private final class Tally: @unchecked Sendable {
        private let guarded = NSLock()
        private var times: [Double] = []
        private var failed = 0

        func add(_ seconds: Double, isGood: Bool) {
            guarded.withLock {
                times.append(seconds)
                if !isGood { failed += 1 }
            }
        }

        var figures: Figures {
            guarded.withLock {
                Figures(
                    p95: times.sorted()[times.count * 95 / 100 - 1],
                    failed: Double(failed) / Double(times.count))
            }
        }
    }

    private static let requests = 400
    private static let concurrency = 4

    /// One answer in ten is slow and one in twenty fails, so that both figures stand out of the noise.
    private static let load = """
            if path == "/load":
                number = next(NUMBERS)
                time.sleep(0.06 if number % 10 == 0 else 0.02)
                return 500 if number % 20 == 0 else 200, {}
            if path == "/version":
        """

    func testTheFiguresAgreeWithinATenth() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace("import json, os", with: "import itertools, time, json, os", in: "app/server.py")
        try world.replace("HERE = ", with: "NUMBERS = itertools.count(1)\nHERE = ", in: "app/server.py")
        try world.replace("    if path == \"/version\":", with: Self.load, in: "app/server.py")
        try world.ask(
            #""slo": {"path": "/load", "requests": \#(Self.requests), "concurrency": \#(Self.concurrency), "p95": "1s", "errorRate": 0.5}"#
        )
        var gate: [Figures] = []
        var own: [Figures] = []
        var wrk: [Figures] = []
        for _ in 0..<3 {
            gate.append(try byTheGate(world))
            own.append(byThreads(world.port("staging")))
            if let figures = try byWrk(world) { wrk.append(figures) }
        }
        compare(gate, own, "threads with sockets")
        if wrk.isEmpty {
            throw lacking("wrk to compare with")
        } else {
            compare(wrk, gate, "wrk")
        }
    }

    private func compare(_ left: [Figures], _ right: [Figures], _ name: String) {
        let (one, other) = (Self.median(left), Self.median(right))
        print(
            String(
                format: "slo against %@: p95 %.1f and %.1f ms, failed %.2f and %.2f %%", name, one.p95 * 1000,
                other.p95 * 1000, one.failed * 100, other.failed * 100))
        XCTAssertEqual(one.p95 / other.p95, 1, accuracy: 0.1, name)
        XCTAssertEqual(one.failed / other.failed, 1, accuracy: 0.1, name)
    }

    private static func median(_ found: [Figures]) -> Figures {
        Figures(
            p95: found.map(\.p95).sorted()[found.count / 2],
            failed: found.map(\.failed).sorted()[found.count / 2])
    }

    /// `p95 61.2 ms of 1s, 20 of 400 failed, at 4 at once`.
    private func byTheGate(_ world: DeployctlFixture) throws -> Figures {
        let said = try world.find("slo", in: world.gates(0)).measured
        let words = said.split(separator: " ")
        let p95 = try XCTUnwrap(Double(words[1]), said)
        let failed = try XCTUnwrap(Double(words[5]), said)
        XCTAssertTrue(said.contains("of \(Self.requests) failed"), said)
        return Figures(p95: p95 / 1000, failed: failed / Double(Self.requests))
    }

    private func byThreads(_ port: Int) -> Figures {
        let tally = Tally()
        let group = DispatchGroup()
        for _ in 0..<Self.concurrency {
            let thread = Thread {
                for _ in 0..<(Self.requests / Self.concurrency) {
                    let began = Date()
                    let status = HTTP.ask("GET", "/load", port: port).status
                    let took = Date().timeIntervalSince(began)
                    tally.add(took, isGood: status == 200)
                }
                group.leave()
            }
            group.enter()
            thread.start()
        }
        group.wait()
        return tally.figures
    }

    /// nil where wrk is not installed.
    private func byWrk(_ world: DeployctlFixture) throws -> Figures? {
        guard access("/usr/bin/wrk", X_OK) == 0 else { return nil }
        let script = "\(world.folder)/figures.lua"
        try """
        done = function(summary, latency, requests)
          io.write(string.format("figures %f %d %d\\n", latency:percentile(95), summary.errors.status, summary.requests))
        end
        """.write(toFile: script, atomically: true, encoding: .utf8)
        let output = try world.runProgram([
            "wrk", "--threads", "1", "--connections", "\(Self.concurrency)", "--duration", "3s", "--script",
            script, "http://127.0.0.1:\(world.port("staging"))/load",
        ]).expect(0).output
        let line = output.split(separator: "\n").first { $0.hasPrefix("figures ") }
        let numbers = try XCTUnwrap(line, output).split(separator: " ").compactMap { Double($0) }
        return Figures(p95: numbers[0] / 1_000_000, failed: numbers[1] / numbers[2])
    }
}
