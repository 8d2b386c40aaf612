import DeployTestSupport
import Foundation
import XCTest

/// Logs stay within bounds while services write, and nothing that the gate forbids gets lost by that.
final class KeptLogsTests: XCTestCase {
    private func size(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return sum + ((attributes?[.size] as? Int) ?? 0)
        }
    }

    func testAKeeperKeepsLogsWithinBoundsAndTheGateStillRefuses() throws {
        let world = try DeployctlFixture(for: self)
        for name in ["staging", "production"] {
            let path = "environments/\(name).json"
            let rules = "\"logs\": {\"folder\": \"logs/\(name)\", \"size\": \"64KiB\", \"within\": \"150kB\"}"
            try world.write(
                world.read(path).replacingOccurrences(of: "\"logs\": \"logs/\(name)\"", with: rules)
                    .replacingOccurrences(
                        of: "\"promotion\": {", with: "\"promotion\": {\"logs\": {\"forbid\": [\"FATAL\"]}, "),
                to: path)
        }
        try world.commit("Keep little of the logs")
        try world.run("staging").expect(0)
        let keeper = try world.start([world.binary, "boot", "run"])
        let folder = "\(world.project)/logs/staging"
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/web.log"))
        _ = fcntl(log.fileDescriptor, F_SETFL, O_APPEND)
        try log.write(contentsOf: Data("FATAL once, and long ago\n".utf8))
        for number in 0..<20_000 {
            let noise = Noise.of(number)
            try log.write(contentsOf: Data("line \(number) \(noise)\n".utf8))
        }
        try log.write(contentsOf: Data("the last line\n".utf8))
        let isKept = try eventually(within: 60) { try size(folder) < 230_000 }
        let left = try size(folder)
        try expect(isKept, "\(left) bytes are left")
        let tail = try world.run("logs", "staging", "web", "-n", "3").expect(0)
        XCTAssertTrue(tail.output.hasSuffix("the last line\n"), tail.output)
        let many = try world.run("logs", "staging", "web", "-n", "1500", "--grep", "line 19").expect(0)
        XCTAssertGreaterThan(many.output.split(separator: "\n").count, 900, "pieces are read on in")
        let refused = try world.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(refused.errors.contains("web: 1 with FATAL"), refused.errors)
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait(upTo: 10)
    }
}

/// Text that does not pack well.
private enum Noise {
    static func of(_ number: Int) -> String {
        var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        return (0..<4).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return String(state, radix: 16)
        }.joined()
    }
}
