import Foundation
import XCTest

@testable import DeployCore

/// Malformed definitions, the same ones on every run: twenty thousand, with `DEPLOYCTL_SOAK=1` a hundred thousand.
final class DefinitionFuzzTests: XCTestCase {
    private static let seeds = [
        "{\"project\":\"a\",\"logs\":\"l\"}", "{\"ports\":{\"http\":80}}",
        "{\"build\":[[\"a\",\"b\"]],\"drain\":\"5s\"}",
        "{\"services\":{\"a\":{\"role\":\"app\",\"command\":[\"x\"]}}}",
        "{project:'é',/*c*/url:\"http://a\"}",
        "{\"secrets\":{\"A\":{\"env\":\"B\"}},\"runtime\":\"process\"}",
        "[1,-2.5e3,0x1F,null,true,\"\\u00e9\\n\"]",
        "{\"database\":{\"engine\":\"sqlite\",\"file\":\"a\"},}",
        "{\"backup\":{\"keep\":{\"within\":\"1GB\"}}}",
    ].map { Array($0.utf8) }

    private static let pieces =
        [
            "\"", "'", "{", "}", "[", "]", ":", ",", "\\", "\\u", "//", "/*", "*/", "\n", "null", "1e", "-",
            "0x", "\u{2028}",
        ]
        .map { Array($0.utf8) } + [
            [0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90], [0xEF, 0xBB, 0xBF],
        ]

    func testMalformedDefinitionsNeverCrashAndAlwaysSayWhere() {
        var random = SplitMix(seed: 20_261_121)
        var refused = 0
        var tried = 0
        let isSoak = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        let count = isSoak ? 100_000 : 20_000
        while refused < count {
            tried += 1
            let bytes = mutated(&random)
            let problems = Self.problems(bytes)
            guard !problems.isEmpty else { continue }
            refused += 1
            let lines = bytes.reduce(1) { $0 + ($1 == 0x0A || $1 == 0x0D ? 1 : 0) }
            let placed = problems.allSatisfy { problem in
                problem.file == "f.json" && (1...lines).contains(problem.line) && problem.column >= 1
                    && !problem.what.isEmpty && !problem.next.isEmpty
                    && problem.summary.unicodeScalars.allSatisfy(Shown.isVisible)
            }
            if !placed {
                XCTFail("\(String(decoding: bytes, as: UTF8.self).debugDescription): \(problems)")
                return
            }
        }
        XCTAssertLessThan(tried, count * 11 / 10, "most mutations must be malformed")
    }

    func testLongRunsOfOneByteAreAnsweredAtOnce() {
        let clock = ContinuousClock()
        for piece in [
            "[", "{", "{\"a\":", "\"", "'\\", "/*", "//", "1", "-", " ", "\\", "a", "[1,", "{a:1,", "é",
        ] {
            let bytes = Array(String(repeating: piece, count: (1 << 20) / piece.utf8.count).utf8)
            let took = clock.measure { XCTAssertFalse(Self.problems(bytes).isEmpty, piece) }
            XCTAssertLessThan(took, .seconds(20), piece)
        }
    }

    private static func problems(_ bytes: [UInt8]) -> [DefinitionProblem] {
        let result = JSON5Reader.read(bytes, file: "f.json")
        guard result.problems.isEmpty, let tree = result.value else { return result.problems }
        var shape = ShapeCheck()
        shape.check(tree, DefinitionKeys.root, path: "")
        var checks = DefinitionChecks(name: "staging", tree: tree, environments: ["staging"])
        checks.run()
        _ = EnvironmentBuilder(name: "staging", tree: tree).build()
        return shape.problems + checks.problems
    }

    private func mutated(_ random: inout SplitMix) -> [UInt8] {
        var bytes = random.pick(Self.seeds)
        for _ in 0...random.below(3) {
            let place = random.below(bytes.count + 1)
            switch random.below(5) {
            case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2: bytes.removeSubrange(place...)
            case 3: bytes.insert(contentsOf: random.pick(Self.seeds).prefix(random.below(12)), at: place)
            default: bytes.insert(contentsOf: random.pick(Self.pieces), at: place)
            }
        }
        return bytes
    }
}
