import Foundation
import XCTest

@testable import DeployCLI
@testable import DeployCore
@testable import DeployTestSupport

/// Whatever the sources tell a person to type is a command that the parser accepts.
final class NextStepTests: XCTestCase {
    func testEveryCommandInAMessageIsAccepted() throws {
        var count = 0
        for (file, literal) in try SourceLiterals.all() {
            if literal.label == "next" {
                XCTAssertEqual(NextSteps.unknown(in: literal.text), [], "\(file): next: \(literal.text)")
            }
            for words in NextSteps.commands(in: literal.text, ofAnyName: literal.label == "next") {
                count += 1
                XCTAssertTrue(
                    NextSteps.isAccepted(words) || (literal.label != "next" && Self.isName(words)),
                    "\(file): \(literal.label): deployctl \(words.joined(separator: " "))")
            }
        }
        XCTAssertGreaterThan(count, 150)
    }

    /// A scanner that loses its place would only look thorough.
    func testNoCommandOfTheSourcesIsOverlooked() throws {
        var found: [String: Int] = [:]
        for (file, literal) in try SourceLiterals.all() {
            found[file, default: 0] += literal.text.components(separatedBy: Self.name).count - 1
        }
        for (file, source) in try SourceLiterals.sources() {
            let lines = source.split(separator: "\n").filter {
                !$0.drop(while: \.isWhitespace).hasPrefix("//") && !$0.contains("let \(Self.name)")
            }
            let written = lines.reduce(0) { $0 + $1.components(separatedBy: Self.name).count - 1 }
            XCTAssertEqual(found[file] ?? 0, written, "\(file): what is read of what is written")
        }
    }

    func testWhatIsNoCommandIsFound() {
        XCTAssertEqual(
            NextSteps.commands(in: "run deployctl doctor production, then see"), [["doctor", "production"]])
        XCTAssertEqual(NextSteps.commands(in: "deployctl rolback X"), [], "a sentence may begin so")
        XCTAssertEqual(
            NextSteps.commands(in: "deployctl rolback X", ofAnyName: true), [["rolback", "X"]],
            "but no next step")
        XCTAssertFalse(NextSteps.isAccepted(["doctor", "production"]))
        XCTAssertFalse(NextSteps.isAccepted(["backup", "create"]))
        XCTAssertFalse(NextSteps.isAccepted(["deploy"]))
        XCTAssertTrue(NextSteps.isAccepted(["staging", "again"]))
        XCTAssertTrue(NextSteps.isAccepted(["rollback", "X", "--environment", "production"]))
        let printed =
            "deployctl: It\n  why:   so\n  next:  git comit, then\n         deployctl qa --json; deployctl gtes\n"
        let step = "next: git comit, then\ndeployctl qa --json; deployctl gtes"
        XCTAssertEqual(
            NextSteps.faults(in: printed, environments: ["qa"]),
            ["\(step): deployctl gtes cannot be typed", "\(step): git comit cannot be typed"])
        XCTAssertEqual(NextSteps.faults(in: printed, environments: []).count, 3)
        let found = SourceLiterals.strings(in: #"f(next: "a \(b("c") ?? "d") e" + "f") // "g""#)
        XCTAssertEqual(found.map(\.text), ["c", "d", "a X ef"])
        XCTAssertEqual(found.map(\.label), ["next", "next", "next"])
        XCTAssertEqual(
            SourceLiterals.strings(in: #"let next = "a \(b ? "c" : "d")""#).map(\.label),
            ["next", "next", "next"])
        XCTAssertEqual(
            SourceLiterals.strings(in: ##"f(#"a "b" \(c)"#, "d")"##).map(\.text), [#"a "b" \(c)"#, "d"])
    }

    /// Whether a sentence only speaks of a command.
    private static func isName(_ words: [String]) -> Bool {
        let table = CommandTable.deployctl
        let path = Array(words.prefix { !$0.hasPrefix("-") && !NextSteps.prose.contains($0) })
        return table.verb(path) != nil || !table.verbs(below: path).isEmpty
    }

    private static let name = "deployctl "
}
