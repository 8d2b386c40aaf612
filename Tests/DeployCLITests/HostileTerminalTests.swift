import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCLI

/// What a person or a commit wrote never drives the terminal of who reads it.
final class HostileTerminalTests: XCTestCase {
    private let marks = [
        "\u{1B}[2J", "\u{1B}]0;t\u{7}", "\u{1B}]52;c;eA==\u{1B}\\", "\u{1B}[31m", "\u{9B}31m", "\r", "\u{8}",
        "\0", "\u{7F}",
        "\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{2028}", "\u{85}", "\u{115F}", "\u{3164}",
        "\u{34F}", "\u{E0001}", "\u{61C}",
    ]

    func testNothingIsLeftThatMovesOrHides() {
        for text in HostileText.texts(of: marks) {
            for shown in [InertText.line(text), InertText.block(text)] {
                for scalar in shown.unicodeScalars where scalar != "\n" && scalar != "\u{FE0F}" {
                    let properties = scalar.properties
                    XCTAssertFalse(
                        properties.isDefaultIgnorableCodePoint || properties.generalCategory == .control
                            || properties.generalCategory == .format || scalar == "\u{2028}",
                        hexadecimal(text))
                }
            }
            XCTAssertFalse(InertText.line(text).utf8.contains(0x0A), hexadecimal(text))
        }
    }

    func testMarksOnOneLetterDoNotMakeALineLonger() {
        let line = "a" + String(repeating: "\u{301}", count: 100_000)
        XCTAssertLessThan(InertText.line(line).unicodeScalars.count, InertText.longestLine + 100)
    }

    func testMarksAreNotPiledUpOverOtherLines() {
        for mark in ["\u{301}", "\u{20DD}", "\u{903}"] {
            let shown = InertText.line("a\(String(repeating: mark, count: 300))b")
            XCTAssertEqual(shown, "a\(String(repeating: mark, count: 4))b")
        }
        XCTAssertEqual(InertText.line("e\u{301}\u{323}a"), "e\u{301}\u{323}a")
    }

    func testAHookRunsTheVeryProgramWithTheVeryProject() throws {
        let folder = try makeTestFolder()
        let texts = HostileText.texts(of: ["'", "\"", "$(id)", "`id`", "\n", ";", "#", "\\"])
            .filter { !$0.utf8.contains(UInt8(ascii: "/")) && $0.utf8.count < 200 }
        let answer = "\(folder)/answer"
        let program = "#!/bin/sh\nprintf '%s\\0' \"$0\" \"$@\" > '\(answer)'\n"
        try program.write(toFile: "\(folder)/program", atomically: true, encoding: .utf8)
        XCTAssertEqual(chmod("\(folder)/program", 0o755), 0)
        for (number, text) in texts.enumerated() where number % 5 == 0 || number < 200 {
            let link = "\(folder)/p\(text)"
            unlink(link)
            XCTAssertEqual(symlink("program", link), 0)
            try HookText(program: link, project: text).postCommit.write(
                toFile: "\(folder)/hook", atomically: true, encoding: .utf8)
            unlink(answer)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["\(folder)/hook"]
            try process.run()
            process.waitUntilExit()
            let wanted = [link, "--project", text, "staging", "--detach", "--quiet", ""].joined(
                separator: "\0")
            let found = FileManager.default.contents(atPath: answer).map {
                String(decoding: $0, as: UTF8.self)
            }
            XCTAssertEqual(found.map(hexadecimal), hexadecimal(wanted))
        }
    }
}
