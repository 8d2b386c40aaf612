import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What a shell, nginx and Compose read is what was written, by the programs themselves.
final class HostileShellTests: XCTestCase {
    func testAShellGivesEveryWordBack() throws {
        let words = HostileText.texts(of: [
            "'", "\"", "\\", "$(id)", "`id`", "\n", ";", "&", "*", "~", " ", "!", "#",
        ])
        for some in words.chunked(2_000) {
            let script = "printf '%s\\0' \(some.map(ShellText.quoted).joined(separator: " "))"
            let (status, output) = try run(["/bin/sh", "-c", script])
            XCTAssertEqual(status, 0)
            let found = output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
                Array($0)
            }
            XCTAssertEqual(found.count, some.count)
            for (word, back) in zip(some, found) { XCTAssertEqual(Array(word.utf8), back, hexadecimal(word)) }
        }
    }

    func testNginxTakesEveryValueThatIsNotRefused() throws {
        let values = HostileText.texts(of: ["\"", "\\", ";", "{", "}", "'", "#", "\\\"", "$", "\n"])
        let written = values.filter(NginxText.isWritable)
        for value in values where value.utf8.contains(where: { "$\"\\;{}\n".utf8.contains($0) }) {
            XCTAssertFalse(written.contains { $0 == value }, hexadecimal(value))
        }
        XCTAssertGreaterThan(written.count, 200)
        // Those that are refused as paths can still be quoted, but for the dollar sign.
        let quotable = values.filter { !$0.utf8.contains(UInt8(ascii: "$")) }
        guard FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx") else {
            throw XCTSkip("no nginx")
        }
        let folder = try makeTestFolder()
        let lines = quotable.map { "add_header X-A \(NginxText.quoted($0));" }.joined(separator: "\n")
        let file =
            "pid \(folder)/pid; error_log \(folder)/log; events {} http { server { location / {\n\(lines)\n} } }"
        try file.write(toFile: "\(folder)/nginx.conf", atomically: true, encoding: .utf8)
        let (status, output) = try run(["/usr/sbin/nginx", "-t", "-q", "-c", "\(folder)/nginx.conf"])
        XCTAssertEqual(status, 0, String(decoding: output, as: UTF8.self))
    }

    /// What is written bare into a file of nginx, or becomes a path in one.
    func testNoKeyOfTheFrontTakesWhatNginxReadsOtherwise_S08() {
        let wanted = ["index.html", "0.0.0.0", "::1", "20/s", "502", "10.0.0.0/8", "X-Probe"]
        let rules: [TextRule] = [
            .pagePath, .address, .address, .rate, .errorStatus, .network, .headerName,
        ]
        for (rule, text) in zip(rules, wanted) { XCTAssertTrue(rule.accepts(text), text) }
        let marks = ["\"", "\\", ";", "{", "}", "'", "#", "$uri", "\n", " ", "/../", "~", "@", "*", "%"]
        for mark in marks {
            for hostile in HostileText.texts(of: [mark]) {
                for (rule, text) in zip(rules, wanted) {
                    for value in [hostile + text, text + hostile, hostile] {
                        XCTAssertFalse(rule.accepts(value), "\(text): \(hexadecimal(value))")
                    }
                }
            }
        }
    }

    func testComposeGivesEveryValueBack() throws {
        let values = HostileText.texts(of: ["$", "${HOME}", "$HOME", "$$", "${", "\"", "\\", "#{", "\n"])
        let members = Dictionary(
            uniqueKeysWithValues: values.enumerated().map { ("V\($0.offset)", $0.element) })
        let tree = JSONTree.object([
            "services": .object([
                "a": .object([
                    "image": .text("a"), "environment": .texts(members.mapValues(ComposeText.escaped)),
                ])
            ])
        ])
        let folder = try makeTestFolder()
        try JSON.data(tree).write(to: URL(fileURLWithPath: "\(folder)/compose.json"))
        let (status, output) = try run(
            [
                "/usr/bin/env", "docker", "compose", "-f", "\(folder)/compose.json", "config", "--format",
                "json", "--no-interpolate=false",
            ])
        guard status == 0 else { throw XCTSkip("no docker compose") }
        let found = try JSONDecoder().decode(JSONTree.self, from: output)["services"]?["a"]?["environment"]
        for (name, value) in members {
            // What Compose prints is escaped again.
            let back = found?[name]?.text
            XCTAssertEqual(back.map(hexadecimal), hexadecimal(ComposeText.escaped(value)), name)
        }
    }

    private func run(_ vector: [String]) throws -> (Int32, Data) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: vector[0])
        process.arguments = Array(vector.dropFirst())
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}

extension Array {
    fileprivate func chunked(_ size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
