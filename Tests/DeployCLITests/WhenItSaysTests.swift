import DeployCore
import Foundation
import XCTest

@testable import DeployTestSupport

/// The page for the moment after an error speaks of every exit code, of messages that there are, and of commands that can be typed.
final class WhenItSaysTests: XCTestCase {
    private func page() throws -> String {
        let file = SourceLiterals.folder.appendingPathComponent("DeployCore/Documentation.docc/WhenItSays.md")
        return try String(contentsOf: file, encoding: .utf8)
    }

    func testEveryExitCodeHasItsPlace() throws {
        let headings = try page().split(separator: "\n").filter { $0.hasPrefix("### ") }.joined(
            separator: ";")
        let numbers = headings.matches(of: #/[0-9]+/#).compactMap { Int32($0.output) }
        XCTAssertEqual(numbers, ExitCode.allCases.map(\.rawValue))
    }

    func testEveryMessageIsOneOfTheSources() throws {
        let texts = Set(try SourceLiterals.all().map(\.literal.text))
        let messages = try page().split(separator: "\n").filter { $0.hasPrefix("> ") }
            .map { $0.dropFirst(2).replacing("…", with: "X") }
        XCTAssertGreaterThan(messages.count, 12)
        for message in messages { XCTAssertTrue(texts.contains(String(message)), "\(message)") }
    }

    func testEveryCommandCanBeTyped() throws {
        let typed = try page().matches(of: #/`(deployctl [^`]*)`/#).map { String($0.output.1) }
        XCTAssertGreaterThan(typed.count, 20)
        for line in typed {
            for words in NextSteps.commands(in: line, ofAnyName: true) {
                XCTAssertTrue(NextSteps.isAccepted(words), line)
            }
        }
    }
}
