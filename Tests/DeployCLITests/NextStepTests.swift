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
        "forgets",
    ]

    func testEveryCommandInAMessageIsAccepted() throws {
        var count = 0
        for (file, literal) in try Self.literals() {
            for words in Self.commands(in: literal.text) {
                count += 1
                XCTAssertTrue(
                    Self.isAccepted(words) || (literal.label != "next" && Self.isName(words)),
                    "\(file): \(literal.label): deployctl \(words.joined(separator: " "))")
            }
        }
        XCTAssertGreaterThan(count, 150)
    }

    func testWhatIsNoCommandIsFound() {
        XCTAssertEqual(
            Self.commands(in: "run deployctl doctor production, then see"), [["doctor", "production"]])
        XCTAssertFalse(Self.isAccepted(["doctor", "production"]))
        XCTAssertFalse(Self.isAccepted(["backup", "create"]))
        XCTAssertFalse(Self.isAccepted(["deploy"]))
        XCTAssertTrue(Self.isAccepted(["staging", "again"]))
        XCTAssertTrue(Self.isAccepted(["rollback", "X", "--environment", "production"]))
        let found = Self.strings(in: #"f(next: "a \(b("c") ?? "d") e" + "f") // "g""#)
        XCTAssertEqual(found.map(\.text), ["a X ef"])
        XCTAssertEqual(found.map(\.label), ["next"])
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
    private static func commands(in text: String) -> [[String]] {
        let known = Set(CommandTable.deployctl.verbs.map { $0.path[0] }).union(["X", "deploy"])
        let text = text.replacing(#/"[^"]*"/#, with: "W")
        return text.components(separatedBy: "deployctl ").dropFirst().compactMap { rest in
            let end = rest.firstIndex { ",;:()`'\n&|…".contains($0) } ?? rest.endIndex
            let words = rest[..<end].split(separator: " ").map {
                $0.hasSuffix(".") ? String($0.dropLast()) : String($0)
            }
            // An environment's name is a command of its own.
            let spoken = words.first == "X" ? ["staging"] + words.dropFirst() : words
            return spoken.first.map(known.contains) == true ? spoken : nil
        }
    }

    private struct Literal {
        var label: String
        var text: String
    }

    private static func literals() throws -> [(file: String, literal: Literal)] {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = try XCTUnwrap(
            FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.flatMap { file in
            strings(in: try String(contentsOf: file, encoding: .utf8)).map { (file.lastPathComponent, $0) }
        }
    }

    /// The literals of a source, those joined by `+` as one, with X for what is put in.
    private static func strings(in source: String) -> [Literal] {
        var found: [Literal] = []
        var rest = Array(source)[...]
        var joins = false
        var (label, word) = ("", "")
        while let first = rest.first {
            if rest.starts(with: "//") {
                rest = rest.drop { $0 != "\n" }
            } else if first == "\"" {
                let text = literal(&rest)
                if joins {
                    found[found.count - 1].text += text
                } else {
                    found.append(Literal(label: label, text: text))
                }
                let after = rest.drop(while: \.isWhitespace)
                joins = after.first == "+" && after.dropFirst().drop(while: \.isWhitespace).first == "\""
                if joins { rest = after.dropFirst().drop(while: \.isWhitespace) }
            } else {
                if first == ":", !word.isEmpty { label = word }
                word = first.isLetter ? word + String(first) : ""
                rest.removeFirst()
            }
        }
        return found
    }

    private static func literal(_ rest: inout ArraySlice<Character>) -> String {
        let quote = rest.starts(with: "\"\"\"") ? "\"\"\"" : "\""
        rest = rest.dropFirst(quote.count)
        var text = ""
        while !rest.isEmpty, !rest.starts(with: quote) {
            if rest.starts(with: "\\(") {
                skipInterpolation(&rest)
                text += "X"
            } else if rest.starts(with: "\\\n") {
                rest = rest.dropFirst(2).drop { $0 == " " }
            } else if rest.first == "\\" {
                text.append(rest.dropFirst().first == "n" ? "\n" : rest.dropFirst().first ?? " ")
                rest = rest.dropFirst(2)
            } else {
                text.append(rest.removeFirst())
            }
        }
        rest = rest.dropFirst(quote.count)
        return text
    }

    private static func skipInterpolation(_ rest: inout ArraySlice<Character>) {
        rest = rest.dropFirst(2)
        var depth = 1
        while depth > 0, let next = rest.first {
            switch next {
            case "\"": _ = literal(&rest)
            case "(":
                depth += 1
                rest.removeFirst()
            case ")":
                depth -= 1
                rest.removeFirst()
            default: rest.removeFirst()
            }
        }
    }
}
