import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// The catalogue says what the sources say, and its links lead somewhere.
final class DocumentationTests: XCTestCase {
    private let catalogue = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/DeployCore/Documentation.docc")

    func testExitCodesArticleIsGeneratedFromTheCodes() throws {
        let rows = ExitCode.allCases.map { "| \($0.rawValue) | `\($0.name)` | \($0.meaning) |" }
        let article = """
            # Exit codes

            What the program's exit code says; scripts may depend on the numbers.

            ## Overview

            A code is never renumbered. The name is the one in JSON answers, `error.name`. A refusal is never 0. This page is
            written from ``ExitCode`` with `UPDATE_GOLDEN=1 swift test --filter DocumentationTests`.

            | code | name | meaning |
            |---|---|---|
            \(rows.joined(separator: "\n"))

            """
        let file = catalogue.appendingPathComponent("ExitCodes.md")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try Data(article.utf8).write(to: file)
            return XCTFail("rewrote ExitCodes.md; run again without UPDATE_GOLDEN")
        }
        XCTAssertEqual(article, try String(contentsOf: file, encoding: .utf8))
    }

    func testEveryKeyOfADefinitionIsExplained() throws {
        let article = try text("Definitions")
        let schema = try JSONSerialization.jsonObject(with: Data(DefinitionSchema.json.utf8))
        let paths = Self.keys(of: schema)
        XCTAssertGreaterThan(paths.count, 50)
        for path in paths.sorted() {
            let isExplained = article.contains("| `\(path)` |") || article.contains("| `\(path).")
            XCTAssertTrue(isExplained, "\(path) has no row")
        }
    }

    func testEveryExplainedKeyExists() throws {
        let known = Self.keys(of: try JSONSerialization.jsonObject(with: Data(DefinitionSchema.json.utf8)))
        for match in try text("Definitions").matches(of: #/(?m)^\| `(?<key>[^`]+)` \|/#) {
            XCTAssertTrue(known.contains(String(match.output.key)), "\(match.output.key) is no key")
        }
    }

    private func testSources() throws -> [String] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let files = try XCTUnwrap(FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil))
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }
    }

    func testTheRulesThatTestsNameAreExplainedAndNoOthers() throws {
        var named: Set<String> = []
        for sources in try testSources() {
            for test in sources.matches(of: #/func test\w*?(?<rules>(?:_[A-Z]\d\d)+)\(/#) {
                named.formUnion(test.output.rules.split(separator: "_").map(String.init))
            }
        }
        let explained = try text("Contributing").matches(of: #/(?m)^\| (?<rule>[A-Z]\d\d) \| .+ \|$/#)
        XCTAssertEqual(explained.map { String($0.output.rule) }.sorted(), named.sorted())
    }

    func testEveryPageThatIsLinkedExists() throws {
        let pages = Set(try articles())
        for page in pages {
            for match in try text(page).matches(of: #/<doc:(?<page>[^>]+)>/#) {
                XCTAssertTrue(pages.contains(String(match.output.page)), "\(page) links \(match.output.page)")
            }
        }
    }

    func testTheLandingPageNamesEveryArticle() throws {
        let landing = try text("DeployCore")
        for page in try articles() where page != "DeployCore" {
            XCTAssertTrue(landing.contains("- <doc:\(page)>"), page)
        }
    }

    func testEverySymbolThatIsNamedExists() throws {
        let declared = try declaredNames()
        for page in try articles() {
            for match in try text(page).matches(of: #/``(?<path>[A-Za-z/]+)``/#) {
                for name in match.output.path.split(separator: "/") where name != "DeployCore" {
                    XCTAssertTrue(declared.contains(String(name)), "\(page) names \(name)")
                }
            }
        }
    }

    /// S01 to S25 in order, each with a test; what none can hold says why in its place.
    func testEveryRuleOfTheThreatModelHasATest() throws {
        let rows = try text("ThreatModel").matches(
            of: #/(?m)^\| (?<rule>S\d\d) \| (?<what>[^|]+) \| (?<held>[^|]+) \|$/#)
        XCTAssertEqual(
            rows.map { String($0.output.rule) }, (1...25).map { "S" + ($0 < 10 ? "0" : "") + "\($0)" })
        for row in rows where !row.output.held.contains("Tests`") {
            XCTAssertTrue(row.output.held.hasPrefix("none: "), "\(row.output.rule): \(row.output.held)")
        }
    }

    func testEveryTestThatHoldsARuleExists() throws {
        let declared = try testSources().flatMap {
            $0.matches(of: #/class (?<name>\w+Tests)\b/#).map { String($0.output.name) }
        }
        let named = try text("ThreatModel").matches(of: #/`(?<name>\w+Tests)`/#).map {
            String($0.output.name)
        }
        XCTAssertGreaterThan(named.count, 20)
        XCTAssertEqual(named.filter { !declared.contains($0) }, [])
    }

    func testEveryFileOfTheWalkExists() throws {
        let core = catalogue.deletingLastPathComponent()
        let walk = try text("Architecture").split(separator: "\n").filter { $0.hasPrefix("| ") }
        var count = 0
        for match in walk.flatMap({ $0.matches(of: #/`(?<path>[A-Za-z/+]+\.swift)`/#) }) {
            let path = String(match.output.path)
            let places = [core, core.deletingLastPathComponent()].map { $0.appendingPathComponent(path).path }
            XCTAssertTrue(places.contains(where: FileManager.default.fileExists), path)
            count += 1
        }
        XCTAssertGreaterThan(count, 15)
    }

    private func articles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: catalogue.path)
            .filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()
    }

    private func text(_ article: String) throws -> String {
        try String(contentsOf: catalogue.appendingPathComponent("\(article).md"), encoding: .utf8)
    }

    /// The words after a declaring keyword in the core's sources.
    private func declaredNames() throws -> Set<String> {
        let folder = catalogue.deletingLastPathComponent()
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        let keywords: Set = ["struct", "enum", "class", "protocol", "func", "case", "var", "let"]
        var names: Set<String> = []
        for file in files where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            for (word, next) in zip(words, words.dropFirst()) where keywords.contains(String(word)) {
                names.insert(String(next))
            }
        }
        return names
    }

    /// Dotted paths of every property; names a person chooses are `<name>`, or `<NAME>` for variables.
    private static func keys(of schema: Any, below path: String = "") -> Set<String> {
        guard let object = schema as? [String: Any] else { return [] }
        var found: Set<String> = []
        for (name, value) in object["properties"] as? [String: Any] ?? [:] {
            let key = path.isEmpty ? name : "\(path).\(name)"
            found.insert(key)
            found.formUnion(keys(of: value, below: key))
        }
        if let values = object["additionalProperties"] {
            found.formUnion(keys(of: values, below: "\(path).\(path == "secrets" ? "<NAME>" : "<name>")"))
        }
        for one in object["anyOf"] as? [Any] ?? [] { found.formUnion(keys(of: one, below: path)) }
        if let items = object["items"] { found.formUnion(keys(of: items, below: path)) }
        return found
    }
}
