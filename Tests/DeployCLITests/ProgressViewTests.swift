import DeployCLI
import DeployTestSupport
import Foundation
import Synchronization
import XCTest

@testable import DeployCore

final class ProgressViewTests: XCTestCase {
    private final class Captured: Sendable {
        let text = Mutex("")
        func stream(terminal: Bool, columns: Int = 50) -> OutputStreams.Stream {
            OutputStreams.Stream(
                isTerminal: terminal, size: { (columns, 24) },
                write: { new in self.text.withLock { $0 += new } })
        }
        var value: String { text.withLock { $0 } }
    }

    private let events: [RunEvent] = [
        .began(title: "Deploy 20261121021530 to staging", steps: ["build", "start services", "cut over"]),
        .started(position: 1, title: "build"),
        .noted(position: 1, text: "npm \u{1B}]0;owned\u{07}ci"),
        .finished(position: 1, title: "build", note: "12 files", seconds: 4.21),
        .warned("the disk is nearly full"),
        .started(position: 2, title: "start services"),
        .failed(
            position: 2, title: "start services",
            error: DeployError(
                .stepFailed, what: "backend ended", why: "exit 1", next: "deployctl logs staging"),
            seconds: 65),
        .undoing(position: 1, title: "build"),
        .undone(position: 1, title: "build"),
        .ended(outcome: "staging is as it was before", seconds: 70),
    ]

    private func run(
        _ mode: ProgressMode, terminal: Bool = true, columns: Int = 50,
        variables: [String: String] = ["LANG": "C.UTF-8"]
    ) -> String {
        let captured = Captured()
        let view = ProgressView(
            mode: mode, errors: captured.stream(terminal: terminal, columns: columns), style: .plain,
            variables: variables, now: { Date(timeIntervalSince1970: 1_795_227_330) }, ticks: false)
        for event in events {
            view.consume(event)
            view.tick()
        }
        return captured.value
    }

    func testPlainLines() throws {
        let text = run(.plain)
        XCTAssertFalse(text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
        try assertGolden(text, named: "progress-plain.txt")
    }

    func testQuietAlarmsBreakBetweenWordsAtATerminalAndNotInAPipe() {
        let words = Set(
            run(.quiet, terminal: false).split { $0 == " " || $0 == "\n" }.map(String.init))
        for columns in [24, 40, 80] {
            let text = run(.quiet, columns: columns)
            for line in text.split(separator: "\n") { XCTAssertLessThanOrEqual(line.count, max(columns, 28)) }
            XCTAssertEqual(Set(text.split { $0 == " " || $0 == "\n" }.map(String.init)), words)
        }
        XCTAssertEqual(run(.quiet, terminal: false).split(separator: "\n").count, 2)
        XCTAssertEqual(run(.quiet, columns: 40).split(separator: "\n").count, 4)
    }

    func testJSONLines() throws {
        let text = run(.json)
        for line in text.split(separator: "\n") {
            XCTAssertNotNil(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        try assertGolden(text, named: "progress.jsonl")
    }

    func testLiveDisplay() throws {
        try assertGolden(
            run(.tty).replacingOccurrences(of: "\u{1B}", with: "<ESC>"), named: "progress-tty.txt")
    }

    func testQuietShowsOnlyWarningsAndErrors() {
        let expected = """
            deployctl: warning: the disk is nearly full
            deployctl: 2. start services: failed after 1 min 5 s: backend ended

            """
        XCTAssertEqual(run(.quiet, columns: 80), expected)
    }

    func testLiveDisplayNeverReachesTheLastColumn() {
        for columns in [1, 12, 20] {
            let sequences = run(.tty, columns: columns).replacingOccurrences(
                of: "\u{1B}\\[[0-9]*[A-Z]", with: "", options: .regularExpression)
            for line in sequences.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
                XCTAssertLessThanOrEqual(line.count, max(1, columns - 1), String(line))
            }
        }
    }

    func testALocaleWithoutUTF8GetsASCII() {
        XCTAssertTrue(run(.tty, variables: ["LC_ALL": "C"]).utf8.allSatisfy { $0 < 128 })
        XCTAssertTrue(run(.tty).contains("✓"))
    }

    func testAutomaticIsLiveOnlyOnAnAttendedTerminal() {
        let utf8 = ["LANG": "C.UTF-8"]
        XCTAssertTrue(run(.auto).contains("\u{1B}"))
        XCTAssertFalse(run(.auto, terminal: false).contains("\u{1B}"))
        XCTAssertFalse(run(.auto, variables: utf8.merging(["CI": "true"]) { $1 }).contains("\u{1B}"))
        XCTAssertFalse(run(.auto, variables: utf8.merging(["TERM": "dumb"]) { $1 }).contains("\u{1B}"))
    }

    func testTheCursorIsNeverHidden() { XCTAssertFalse(run(.tty).contains("\u{1B}[?25l")) }
}
