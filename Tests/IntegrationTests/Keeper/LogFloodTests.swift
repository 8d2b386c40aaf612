import DeployTestSupport
import Foundation
import XCTest

/// A service that writes without end: its log stays within bounds, and neither a line nor a forbidden word gets lost.
///
/// Ten minutes at 50 MB/s in a soak, and its limit holds whenever one looks, ten times a second; DEPLOYCTL_SOAK_SECONDS makes that
/// shorter, DEPLOYCTL_SOAK_RATE slower. A sample otherwise, of so small a limit that what is written in a second may stand above it.
final class LogFloodTests: XCTestCase {
    private struct Flood {
        var seconds: Double
        /// Bytes.
        var rate: Int
        var size: Int
        var within: Int
        /// Bytes that may stand above the limit.
        var leeway = 0
    }

    private struct Written {
        var lines = 0
        var forbidden = 0
        var bytes = 0
    }

    private var flood: Flood {
        let variables = ProcessInfo.processInfo.environment
        guard variables["DEPLOYCTL_SOAK"] == "1" else {
            return Flood(seconds: 6, rate: 10_000_000, size: 1_000_000, within: 8_000_000, leeway: 10_000_000)
        }
        let seconds = variables["DEPLOYCTL_SOAK_SECONDS"].flatMap(Double.init) ?? 600
        let rate = variables["DEPLOYCTL_SOAK_RATE"].flatMap(Int.init) ?? 50_000_000
        return Flood(seconds: seconds, rate: rate, size: 20_000_000, within: 500_000_000)
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

    /// Bytes of all files of the folder, and of those beneath.
    private struct Held: CustomStringConvertible {
        var (live, taken, packed, other) = (0, 0, 0, 0)
        var total: Int { live + taken + packed + other }

        init(_ folder: String) {
            for name in (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? [] {
                var status = stat()
                guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                    continue
                }
                let size = Int(status.st_size)
                switch true {
                case name.hasSuffix(".log"): live += size
                case name.hasPrefix("."): other += size
                case name.hasSuffix(".zst"): packed += size
                default: taken += size
                }
            }
        }

        var description: String {
            "\(total / 1_000_000) MB: \(live / 1_000_000) log, \(taken / 1_000_000) taken off, \(packed / 1_000_000) packed, \(other / 1_000_000) unfinished"
        }
    }

    /// As evenly as it can: what the machine kept it from writing is not written faster later.
    private func write(_ flood: Flood, to log: String, telling look: (Double) -> Void) throws -> Written {
        let file = open(log, O_WRONLY | O_APPEND)
        try expect(file >= 0, "\(log) can be written")
        defer { close(file) }
        var text = FloodText()
        var written = Written()
        let began = ProcessInfo.processInfo.systemUptime
        var (looked, due) = (-1.0, 0.0)
        while true {
            let time = ProcessInfo.processInfo.systemUptime - began
            if time >= flood.seconds { return written }
            if time - looked >= 0.1 { look(time); looked = time }
            guard due <= time else { usleep(1000); continue }
            let bytes = text.next { Glibc.write(file, $0.baseAddress, $0.count) == $0.count ? $0.count : -1 }
            try expect(bytes > 0, "one write")
            due = max(due, time - 0.1) + Double(bytes) / Double(flood.rate)
            written.bytes += bytes
            written.lines += FloodText.block
            if text.blocks % 10 == 1 { written.forbidden += 1 }
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
        var looks: [Held] = []
        let written = try write(flood, to: "\(folder)/web.log") { time in
            looks.append(Held(folder))
            if looks.count % 300 == 0 { print("\(Int(time)) s: \(looks.last.map(\.description) ?? "")") }
        }
        looks.append(Held(folder))
        let most = try XCTUnwrap(looks.max { $0.total < $1.total })
        let over = looks.filter { $0.total > flood.within }
        XCTAssertLessThanOrEqual(
            most.total, flood.within + flood.leeway,
            "\(over.count) of \(looks.count) looks are over the limit, at most \(most)")
        try expect(
            eventually(within: 60) {
                (keeper.output + keeper.errors).contains("grows faster than it can be packed")
            },
            "what is given up is said")
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait(upTo: 60)
        shop.patience = 300
        let refused = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(refused.errors.contains("web: \(written.forbidden) with FATAL"), refused.errors)
        let numbers = Array(try kept(folder, shop).drop { $0 == -1 })
        let first = try XCTUnwrap(numbers.first)
        XCTAssertEqual(numbers.last, written.lines - 1, "the last line is there")
        XCTAssertEqual(numbers.count, written.lines - first, "none between is lost or doubled")
        XCTAssertEqual(zip(numbers, first...).first { $0 != $1 }?.0, nil, "each is whole and in its place")
        print(
            "\(written.bytes / 1_000_000) MB, \(written.lines) lines, \(written.forbidden) forbidden;"
                + " at most \(most), \(over.count) of \(looks.count) looks over the limit, \(numbers.count) lines kept"
        )
    }
}

/// Lines of about 250 bytes, each with its number from 0 on, that pack as badly as logs do at worst; every ten thousandth is forbidden.
private struct FloodText {
    /// Lines that are written at once.
    static let block = 1000
    private(set) var blocks = 0
    private var texts: [[UInt8]] = []
    /// Where the numbers of the lines of a block begin.
    private var places: [[Int]] = []

    init() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for text in 0..<10 {
            var (bytes, places): ([UInt8], [Int]) = ([], [])
            for line in 0..<Self.block {
                let words = (0..<40).map { _ -> String in
                    state ^= state << 13
                    state ^= state >> 7
                    state ^= state << 17
                    return String(state, radix: 36)
                }
                places.append(bytes.count + 5)
                let number = "000000\(String(1000 + line).dropFirst())"
                bytes += "line \(number) \(text + line == 0 ? "FATAL" : "fine") \(words.joined())\n".utf8
            }
            texts.append(bytes)
            self.places.append(places)
        }
    }

    /// Hands the next lines out.
    mutating func next<Value>(_ take: (UnsafeRawBufferPointer) -> Value) -> Value {
        let text = blocks % texts.count
        let number = Array(String(1_000_000 + blocks).utf8.dropFirst())
        blocks += 1
        return texts[text].withUnsafeMutableBytes { bytes in
            for place in places[text] {
                UnsafeMutableRawBufferPointer(rebasing: bytes[place...]).copyBytes(from: number)
            }
            return take(UnsafeRawBufferPointer(bytes))
        }
    }
}
