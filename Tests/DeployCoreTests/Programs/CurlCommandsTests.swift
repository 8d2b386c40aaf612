import Foundation
import XCTest

@testable import DeployCore

final class CurlCommandsTests: XCTestCase {
    private func read(_ text: String) -> [String] {
        CurlCommands.answers(text).map { "\($0.status) \($0.instance ?? "-")" }
    }

    func testAnswersAreReadWhateverTheirHeadersLookLike() {
        for (name, text, answers) in [
            ("nothing", "", []), ("no answer", "garbage\r\n\r\n", []),
            ("one", "HTTP/1.1 200 OK\r\nX-Deployctl-Deployment: 7\r\n\r\n", ["200 7"]),
            ("HTTP/2 without a reason", "HTTP/2 204 \r\nx-deployctl-deployment: 7\r\n\r\n", ["204 7"]),
            ("other case, no space", "HTTP/1.1 200\r\nX-DEPLOYCTL-DEPLOYMENT:7\r\n\r\n", ["200 7"]),
            ("another header", "HTTP/1.1 200 OK\r\nX-Deployctl-Deployments: 7\r\n\r\n", ["200 -"]),
            ("a value with a colon", "HTTP/1.1 200 OK\r\nX-Deployctl-Deployment: a:b\r\n\r\n", ["200 a:b"]),
            ("100-continue before", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", ["200 -"]),
            (
                "early hints before", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                ["200 -"]
            ),
            (
                "several, each with its own",
                "HTTP/1.1 200 OK\r\nX-Deployctl-Deployment: 1\r\n\r\nHTTP/1.1 503 No\r\n\r\nHTTP/1.1 200 OK\r\nX-Deployctl-Deployment: 2\r\n\r\n",
                ["200 1", "503 -", "200 2"]
            ),
            ("a header before any answer", "X-Deployctl-Deployment: 7\r\nHTTP/1.1 200 OK\r\n\r\n", ["200 -"]),
            ("a broken status", "HTTP/1.1 abc\r\n\r\nHTTP/1.1\r\n\r\n", ["0 -", "0 -"]),
        ] as [(String, String, [String])] {
            XCTAssertEqual(read(text), answers, name)
        }
    }

    func testAProbeAsksExactlyOnePlaceAndFollowsNothing() {
        let probe = CurlCommands.probe(
            at: .socket("/run/a b.sock"), path: "/health", times: 2, deadline: .milliseconds(1))
        XCTAssertEqual(
            probe.vector,
            [
                "curl", "--disable", "--silent", "--show-error", "--globoff", "--noproxy", "*", "--max-time",
                "1",
                "--unix-socket",
                "/run/a b.sock", "--dump-header", "-", "--output", "/dev/null", "http://localhost/health",
                "--output",
                "/dev/null", "http://localhost/health",
            ])
        XCTAssertEqual(
            CurlCommands.probe(at: .tls(443), path: "/", deadline: .seconds(5)).arguments.suffix(3),
            ["--output", "/dev/null", "https://127.0.0.1:443/"])
        XCTAssertTrue(
            CurlCommands.probe(at: .tls(1), path: "/", deadline: .seconds(5)).arguments.contains("--insecure")
        )
        XCTAssertFalse(
            CurlCommands.probe(at: .port("1"), path: "/", deadline: .seconds(5)).arguments.contains(
                "--insecure"))
    }
}

extension CurlCommandsTests {
    func testWhatIsSaidInABodyIsOneBoundedLineAndNeverAnAnswer() {
        for (text, status, said) in [
            ("HTTP/1.1 503 X\r\nA: b\r\n\r\nno database\n", 503, "no database"),
            ("HTTP/1.1 503 X\r\n\r\nHTTP/1.1 200 OK\r\n\r\nfine", 503, "HTTP/1.1 200 OK fine"),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 X\r\n\r\n{\n  \"a\": 1\n}", 500, "{ \"a\": 1 }"),
            ("HTTP/1.1 200 OK\r\n\r\n", 200, ""), ("HTTP/1.1 503 X\r\n\r\na\u{1B}[2Jb", 503, "a\u{FFFD}[2Jb"),
            (
                "HTTP/1.1 503 X\r\n\r\n\(String(repeating: "x", count: 9000))", 503,
                String(repeating: "x", count: 300) + "…"
            ),
        ] as [(String, Int, String)] {
            let read = CurlCommands.answer(text)
            XCTAssertEqual(read?.answer.status, status, text)
            XCTAssertEqual(read?.said, said)
        }
        XCTAssertNil(CurlCommands.answer("garbage"))
    }
}

final class CommandTests: XCTestCase {
    /// What a person copies from a dry run gives the program the very same arguments.
    func testAPrintedCommandSurvivesAShell() throws {
        let words = [
            "", " ", "plain", "two words", "it's", "''", "'", "\"", "$HOME", "`id`", "a\nb", "\\", "\\n", "*",
            "~", "#x",
            "-n", "--flag=x y", "é🚀", "a;b", "a&b|c>d<e", "(x)", "{a,b}", "!1", "tab\t", "%s%d", "[a]", "a=b",
            "^", "\r",
        ]
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let printed = Command("printf", ["%s\\0"] + words).description
        process.arguments = ["-c", printed]
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let read = data.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            String(decoding: $0, as: UTF8.self)
        }
        XCTAssertEqual(read, words)
    }

    func testAPlainWordIsNotQuoted() {
        XCTAssertEqual(
            Command("git", ["log", "--format=%H", "a/b.c", "x y"]).description,
            "git log --format=%H a/b.c 'x y'")
        XCTAssertNil(Command(vector: []))
        XCTAssertEqual(Command(vector: ["a", "b"]), Command("a", ["b"]))
    }
}
