import DeployTestSupport
import Foundation
import XCTest

/// A service that writes without end: its log stays within bounds, and neither a line nor a forbidden word gets lost.
///
/// Ten minutes at 50 MB/s in a soak; DEPLOYCTL_SOAK_SECONDS makes that shorter. A sample otherwise.
final class LogFloodTests: XCTestCase {
    private struct Flood {
        var seconds: Double
        /// Bytes.
        var rate: Int
        var size: Int
        var within: Int
    }

    private struct Written {
        var lines = 0
        var forbidden = 0
        var bytes = 0
    }

    private var flood: Flood {
        let variables = ProcessInfo.processInfo.environment
        guard variables["DEPLOYCTL_SOAK"] == "1" else {
            return Flood(seconds: 3, rate: 10_000_000, size: 1_000_000, within: 8_000_000)
        }
        let seconds = variables["DEPLOYCTL_SOAK_SECONDS"].flatMap(Double.init) ?? 600
        return Flood(seconds: seconds, rate: 50_000_000, size: 20_000_000, within: 500_000_000)
    }

    private func shop(_ flood: Flood) throws -> DeployctlFixture {
        let shop = try DeployctlFixture(for: self)
        for (name, rules) in [
            (
                "staging",
                "\"logs\": {\"folder\": \"logs/staging\", \"size\": \"\(flood.size)B\", \"within\": \"\(flood.within)B\"}"
            ),
            ("production", "\"logs\": \"logs/production\""),
        ] {
            let path = "environments/\(name).json"
            try shop.replace("\"logs\": \"logs/\(name)\"", with: rules, in: path)
        }
        try shop.replace(
            "\"promotion\": {", with: "\"promotion\": {\"logs\": {\"forbid\": [\"FATAL\"]}, ",
            in: "environments/production.json")
        try shop.commit("Keep little of the logs")
        try shop.run("staging").expect(0)
        return shop
    }

    /// Bytes of the folder as they lie on the disk.
    private func onDisk(_ folder: String) -> Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).reduce(0) { sum, name in
            var status = stat()
            return stat("\(folder)/\(name)", &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
        }
    }

    /// Lines of about 500 bytes, each with its number, every ten thousandth forbidden.
    private func write(_ flood: Flood, to log: String, telling look: (Double) -> Void) throws -> Written {
        let file = open(log, O_WRONLY | O_APPEND)
        try expect(file >= 0, "\(log) can be written")
        defer { close(file) }
        let noise = FloodText.lines
        var written = Written()
        let began = ProcessInfo.processInfo.systemUptime
        var looked = -1.0
        while true {
            let time = ProcessInfo.processInfo.systemUptime - began
            if time >= flood.seconds { return written }
            if time - looked >= max(flood.seconds / 20, 0.5) { look(time); looked = time }
            guard Double(written.bytes) < time * Double(flood.rate) else { usleep(1000); continue }
            var block: [UInt8] = []
            for _ in 0..<200 {
                written.lines += 1
                let isForbidden = written.lines % 10_000 == 0
                if isForbidden { written.forbidden += 1 }
                block += "line \(written.lines) \(isForbidden ? "FATAL" : "fine") ".utf8
                block += noise[written.lines % noise.count]
            }
            let bytes = Glibc.write(file, block, block.count)
            try expectEqual(bytes, block.count, "one write")
            written.bytes += bytes
        }
    }

    /// What is still kept, oldest first.
    private func kept(_ folder: String, _ shop: DeployctlFixture) throws -> [Int] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let pieces = names.filter { $0.hasPrefix("web.log-") }.sorted() + ["web.log"]
        // A line may go on in the next piece. The numbers alone: one that was cut or joined has none or a second one.
        let filter = """
            for piece; do case $piece in *.zst) zstd -q -d -c "$piece" ;; *) cat "$piece" ;; esac; done \\
                | awk '/^line / && NF == 4 {print $2; next} {print -1}'
            """
        return try shop.runProgram(["sh", "-c", filter, "sh"] + pieces.map { "\(folder)/\($0)" }).expect(0)
            .output.split(separator: "\n").compactMap { Int($0) }
    }

    func testAFloodStaysWithinBoundsAndLosesNeitherALineNorAForbiddenWord() throws {
        let flood = flood
        let shop = try shop(flood)
        let keeper = try shop.start([shop.binary, "boot", "run"])
        let folder = "\(shop.project)/logs/staging"
        var most = 0
        let written = try write(flood, to: "\(folder)/web.log") { time in
            let size = onDisk(folder)
            most = max(most, size)
            print("\(Int(time)) s: \(size / 1_000_000) MB on disk")
        }
        let isKept = eventually(within: 120) { onDisk(folder) <= flood.within + flood.size }
        try expect(isKept, "\(onDisk(folder)) bytes are left")
        XCTAssertLessThan(most, flood.within * 3, "at its worst")
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait(upTo: 60)
        shop.patience = 300
        let refused = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(refused.errors.contains("web: \(written.forbidden) with FATAL"), refused.errors)
        let numbers = Array(try kept(folder, shop).drop { $0 == -1 })
        let first = try XCTUnwrap(numbers.first)
        XCTAssertEqual(numbers.last, written.lines, "the last line is there")
        XCTAssertEqual(numbers.count, written.lines - first + 1, "none between is lost or doubled")
        XCTAssertEqual(zip(numbers, first...).first { $0 != $1 }?.0, nil, "each is whole and in its place")
        print(
            "\(written.bytes / 1_000_000) MB, \(written.lines) lines, \(written.forbidden) forbidden;"
                + " at most \(most / 1_000_000) MB on disk, \(numbers.count) lines kept")
    }
}

/// Text that packs as badly as logs do at worst.
private enum FloodText {
    static var lines: [[UInt8]] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<10_000).map { _ in
            let words = (0..<40).map { _ -> String in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return String(state, radix: 36)
            }
            return Array("\(words.joined())\n".utf8)
        }
    }
}
