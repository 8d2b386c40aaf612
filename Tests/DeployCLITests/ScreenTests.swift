import DeployTestSupport
import XCTest

@testable import DeployCLI
@testable import DeployCore

/// What is shown fits a terminal of 80 columns and 24 rows.
final class ScreenTests: XCTestCase {
    private let stream = OutputStreams.Stream(isTerminal: true, size: { (80, 24) }, write: { _ in })
    private var style: Style { Style(for: stream, noColor: true, variables: [:]) }

    func testTheCommandAloneFitsAScreen() {
        let lines = HelpRenderer().overview().split(separator: "\n", omittingEmptySubsequences: false)
        XCTAssertLessThan(lines.count, 23)
        XCTAssertTrue(lines.allSatisfy { $0.count <= 80 }, lines.joined(separator: "\n"))
        for verb in CommandTable.deployctl.verbs {
            XCTAssertTrue(HelpRenderer().overview().contains(verb.path[0]), verb.name)
        }
    }

    func testTheLastCellIsWrappedBelowItself() {
        var table = TextTable(indent: "  ")
        table.add("refused", "veto", "a b c d e f g h i j k l m n o p q r s t u v w x y z and so on and on")
        let lines = table.lines(width: 50)[0].split(separator: "\n")
        XCTAssertEqual(lines.count, 3)
        XCTAssertTrue(lines.allSatisfy { $0.count <= 50 }, "\(lines)")
        XCTAssertTrue(lines[1].hasPrefix("                 "), "\(lines)")
        XCTAssertEqual(table.lines()[0].split(separator: "\n").count, 1, "nothing is wrapped in a file")
    }

    func testAReasonIsWrappedAtWords() {
        let error = DeployError(
            .stepFailed, what: "It failed", why: String(repeating: "word ", count: 30),
            next: "deployctl status")
        let lines = ErrorView(style: style).text(error).split(separator: "\n")
        XCTAssertTrue(lines.allSatisfy { $0.count <= 80 && !$0.hasSuffix("wor") }, "\(lines)")
    }
}
