import DeployTestSupport
import Foundation
import XCTest

/// Restarts and deployments in turn, under clients that never try twice.
final class CutoverTests: XCTestCase {
    private struct Summary: Decodable {
        struct Failure: Decodable {
            var time: String
            var request: String
            var text: String
        }

        var cutovers: Int
        var requests: Int
        var written: Int
        var failed: Int
        var stale: Int
        var failures: [Failure]
        var releases: Int
        var clients: Int
        var seconds: Double
    }

    /// The whole number in a soak, a sample otherwise.
    private var count: Int { ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? 200 : 20 }

    func testLosesNoRequest() throws {
        let summary = try cutOver(count)
        print("\(summary)")
        XCTAssertEqual(
            summary.failed, 0,
            summary.failures.map { "\($0.time) \($0.request): \($0.text)" }.joined(separator: "\n"))
        XCTAssertEqual(summary.stale, 0, "answers of a release that had been replaced")
        XCTAssertEqual(summary.cutovers, count)
        XCTAssertEqual(summary.releases, count / 2 + 1, "each deployed release answered somebody")
        XCTAssertGreaterThan(summary.requests, 100 * count, "the load was on all the time")
        XCTAssertGreaterThan(summary.written, count / 2, "writes went through as well")
    }

    private func cutOver(_ count: Int) throws -> Summary {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B", script, try ProjectWorld.findBinary(), "--cutovers", "\(count)",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0, "the driver ends well")
        let decoder = JSONDecoder()
        return try decoder.decode(Summary.self, from: data)
    }

    private var script: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Load/cutovers.py").path
    }
}
