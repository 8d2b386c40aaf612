import Foundation
import XCTest

@testable import DeployCLI
@testable import DeployCore

/// Whatever the sources tell a person to type is a command that the parser accepts.
final class NextStepTests: XCTestCase {
    /// Words that go on with the sentence after a command.
    private static let prose: Set = [
        "again", "which", "that", "then", "says", "say", "lists", "describes", "for", "and", "with", "to",
        "or", "by", "on",
        "does", "would", "without", "cannot", "itself", "is", "brings", "needs", "until", "in", "of", "from",
        "has",
        "forgets", "as", "keeps",
    ]

    func testEveryCommandInAMessageIsAccepted() throws {
        var count = 0
        for (file, literal) in try Self.literals() {
            for words in Self.commands(in: literal.text, ofAnyName: literal.label == "next") {
                count += 1
                XCTAssertTrue(
                    Self.isAccepted(words) || (literal.label != "next" && Self.isName(words)),
                    "\(file): \(literal.label): deployctl \(words.joined(separator: " "))")
            }
        }
        XCTAssertGreaterThan(count, 150)
    }

    /// A scanner that loses its place would only look thorough.
    func testNoCommandOfTheSourcesIsOverlooked() throws {
        var found: [String: Int] = [:]
        for (file, literal) in try Self.literals() {
            found[file, default: 0] += literal.text.components(separatedBy: Self.name).count - 1
        }
        for (file, source) in try Self.sources() {
            let lines = source.split(separator: "\n").filter {
                !$0.drop(while: \.isWhitespace).hasPrefix("//") && !$0.contains("let \(Self.name)")
            }
            let written = lines.reduce(0) { $0 + $1.components(separatedBy: Self.name).count - 1 }
            XCTAssertEqual(found[file] ?? 0, written, "\(file): what is read of what is written")
        }
    }

    func testWhatIsNoCommandIsFound() {
        XCTAssertEqual(
            Self.commands(in: "run deployctl doctor production, then see"), [["doctor", "production"]])
        XCTAssertEqual(Self.commands(in: "deployctl rolback X"), [], "a sentence may begin so")
        XCTAssertEqual(
            Self.commands(in: "deployctl rolback X", ofAnyName: true), [["rolback", "X"]], "but no next step")
        XCTAssertFalse(Self.isAccepted(["doctor", "production"]))
        XCTAssertFalse(Self.isAccepted(["backup", "create"]))
        XCTAssertFalse(Self.isAccepted(["deploy"]))
        XCTAssertTrue(Self.isAccepted(["staging", "again"]))
        XCTAssertTrue(Self.isAccepted(["rollback", "X", "--environment", "production"]))
        let found = Self.strings(in: #"f(next: "a \(b("c") ?? "d") e" + "f") // "g""#)
        XCTAssertEqual(found.map(\.text), ["c", "d", "a X ef"])
        XCTAssertEqual(found.map(\.label), ["next", "next", "next"])
        XCTAssertEqual(
            Self.strings(in: #"let next = "a \(b ? "c" : "d")""#).map(\.label), ["next", "next", "next"])
        XCTAssertEqual(Self.strings(in: ##"f(#"a "b" \(c)"#, "d")"##).map(\.text), [#"a "b" \(c)"#, "d"])
    }

    private static func isAccepted(_ words: [String]) -> Bool {
        let parser = ArgumentParser()
        let ends = words.indices.filter { prose.contains(words[$0]) } + [words.count]
        return ends.contains { end in end > 0 && (try? parser.parse(Array(words[..<end]))) != nil }
    }

    /// Whether a sentence only speaks of a command.
    private static func isName(_ words: [String]) -> Bool {
        let table = CommandTable.deployctl
        let path = Array(words.prefix { !$0.hasPrefix("-") && !prose.contains($0) })
        return table.verb(path) != nil || !table.verbs(below: path).isEmpty
    }

    /// The words after each `deployctl`, as far as punctuation lets them belong to it.
    ///
    /// With `ofAnyName` also where the first of them is no command's name.
    private static func commands(in text: String, ofAnyName: Bool = false) -> [[String]] {
        let known = Set(CommandTable.deployctl.verbs.map { $0.path[0] }).union(["X", "deploy"])
        let text = text.replacing(#/"[^"]*"/#, with: "W")
        return text.components(separatedBy: name).dropFirst().compactMap { rest in
            let end = rest.firstIndex { ",;:()`'\n&|…".contains($0) } ?? rest.endIndex
            let words = rest[..<end].split(separator: " ").map {
                $0.hasSuffix(".") ? String($0.dropLast()) : String($0)
            }
            // An environment's name is a command of its own.
            let spoken =
                words.first?.allSatisfy { $0 == "X" } == true ? ["staging"] + words.dropFirst() : words
            return spoken.first.map { ofAnyName && !prose.contains($0) || known.contains($0) } == true
                ? spoken : nil
        }
    }

    private static let name = "deployctl "

    private static func literals() throws -> [(file: String, literal: LiteralScanner.Literal)] {
        try sources().flatMap { file, source in strings(in: source).map { (file, $0) } }
    }

    private static func sources() throws -> [(file: String, text: String)] {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = try XCTUnwrap(
            FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map { file in
            (file.lastPathComponent, try String(contentsOf: file, encoding: .utf8))
        }
    }

    private static func strings(in source: String) -> [LiteralScanner.Literal] {
        var scanner = LiteralScanner(source)
        return scanner.literals()
    }
}
