import DeployCLI
import Foundation
import XCTest

@testable import DeployCore

final class TextTests: XCTestCase {
    func testAnOutcomeIsSaidInWords() {
        XCTAssertEqual(HumanText.outcome("rolled_back"), "rolled back")
        XCTAssertEqual(HumanText.outcome("succeeded"), "succeeded")
        XCTAssertEqual(HumanText.outcome("interrupted"), "taken back", "none that is over lies there still")
    }

    func testForeignTextIsInert() {
        let corpus: [(String, String, String)] = [
            ("plain text stays", "kept é 漢 🚀", "kept é 漢 🚀"),
            ("line feeds and tabs stay", "a\n\tb", "a\n\tb"),
            ("colour disappears", "\u{1B}[1;31mred\u{1B}[0m", "red"),
            ("clearing the screen is shown", "\u{1B}[2J", "<U+001B>[2J"),
            ("a title is shown", "\u{1B}]0;x\u{07}", "<U+001B>]0;x<U+0007>"),
            ("a clipboard write is shown", "\u{1B}]52;c;eA==\u{1B}\\", "<U+001B>]52;c;eA==<U+001B>\\"),
            ("a device string is shown", "\u{1B}Pq\u{1B}\\", "<U+001B>Pq<U+001B>\\"),
            ("an eight-bit sequence is shown", "\u{9B}31m", "<U+009B>31m"),
            ("a lone return cannot overwrite", "safe\rEVIL", "safe\nEVIL"),
            ("a Windows line end is a line end", "a\r\nb", "a\nb"),
            ("a backspace is shown", "a\u{08}b", "a<U+0008>b"),
            ("a delete is shown", "\u{7F}", "<U+007F>"),
            ("a null is shown", "\0", "<U+0000>"),
            ("a bidirectional override is shown", "\u{202E}gpj", "<U+202E>gpj"),
            ("an isolate is shown", "\u{2066}x\u{2069}", "<U+2066>x<U+2069>"),
            ("a zero-width space is shown", "a\u{200B}b", "a<U+200B>b"),
            ("a byte order mark is shown", "\u{FEFF}a", "<U+FEFF>a"),
            ("a line separator is shown", "a\u{2028}b", "a<U+2028>b"),
            ("an unfinished sequence is shown", "\u{1B}[31", "<U+001B>[31"),
            ("an escape at the end is shown", "a\u{1B}", "a<U+001B>"),
        ]
        for (sentence, text, expected) in corpus { XCTAssertEqual(InertText.block(text), expected, sentence) }
        XCTAssertEqual(InertText.line("a\n\tb"), "a  b")
    }

    func testLongLinesAreCut() {
        let text = InertText.block(String(repeating: "x", count: 100_000) + "\nshort")
        XCTAssertTrue(text.hasSuffix("x… (98000 more characters)\nshort"))
        XCTAssertLessThan(text.count, 2_100)
    }

    func testTableAlignsByWidthAndNeverPadsTheEnd() {
        var table = TextTable(header: ["NAME", "STATE", "NOTE"])
        table.add("backend", "running", "ok")
        table.add("倉庫", "stopped", "")
        XCTAssertEqual(
            table.text(),
            """
            NAME     STATE    NOTE
            backend  running  ok
            倉庫     stopped

            """)
        XCTAssertEqual(table.lines(width: 10)[1], "backend\n    running ok")
        XCTAssertEqual(table.lines(width: 20)[1], "backend  running  ok")
    }

    func testDurationsSizesAndAges() {
        let durations: [(Double, String)] = [
            (0, "0.0 s"), (4.21, "4.2 s"), (9.96, "10 s"), (59.7, "1 min"), (185, "3 min 5 s"),
            (11_520, "3 h 12 min"),
            (187_200, "2 d 4 h"), (-1, "0.0 s"), (.nan, "0.0 s"),
        ]
        for (seconds, text) in durations { XCTAssertEqual(HumanText.duration(seconds), text) }
        let sizes: [(Int64, String)] = [
            (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_234_567, "1.2 MB"), (999_999, "1.0 MB"),
            (20_000_000_000, "20 GB"), (.max, "9.2 EB"),
        ]
        for (bytes, text) in sizes { XCTAssertEqual(HumanText.size(bytes), text) }
        let now = Date(timeIntervalSince1970: 1_000_000)
        let ages: [(Double, String)] = [
            (0, "just now"), (40, "40 s ago"), (250, "4 min ago"), (7_300, "2 h ago"), (180_000, "2 d ago"),
            (-300, "in 5 min"),
        ]
        for (seconds, text) in ages {
            XCTAssertEqual(HumanText.age(of: now.addingTimeInterval(-seconds), at: now), text)
        }
    }

    func testColourOnlyOnAWillingTerminal() {
        let terminal = OutputStreams.Stream(isTerminal: true) { _ in }
        let pipe = OutputStreams.Stream(isTerminal: false) { _ in }
        XCTAssertTrue(Style(for: terminal, noColor: false, variables: [:]).colour)
        XCTAssertFalse(Style(for: pipe, noColor: false, variables: [:]).colour)
        XCTAssertFalse(Style(for: terminal, noColor: true, variables: [:]).colour)
        XCTAssertFalse(Style(for: terminal, noColor: false, variables: ["NO_COLOR": "1"]).colour)
        XCTAssertFalse(Style(for: terminal, noColor: false, variables: ["TERM": "dumb"]).colour)
    }

    func testAnErrorHasThreePartsAndIsInert() {
        let error = DeployError(
            .gateRefused, what: "soak \u{1B}[2J", why: "one\ntwo", next: "deployctl gates")
        XCTAssertEqual(
            ErrorView().text(error),
            "deployctl: soak <U+001B>[2J\n  why:   one\n         two\n  next:  deployctl gates\n")
    }

    func testAnErrorAsJSONKeepsItsTextEscaped() throws {
        let error = DeployError(.gateRefused, what: "a/b \u{9B}\u{202E}", why: "\u{1B}", next: "n")
        let json = ErrorView().json(error)
        XCTAssertEqual(
            json,
            #"{"error":{"code":12,"name":"gate_refused","next":"n","what":"a/b \u009b\u202e","why":"\u001b"},"schema_version":1}"#
                + "\n")
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        XCTAssertEqual((object?["error"] as? [String: Any])?["what"] as? String, "a/b \u{9B}\u{202E}")
    }
}
