import XCTest

@testable import DeployCore

/// A value without locations, as Foundation's decoder and our reader both give it.
private indirect enum Plain: Decodable, Equatable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([Plain])
    case object([String: Plain])

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let flag = try? single.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? single.decode(Double.self) {
            self = .number(number)
        } else if let text = try? single.decode(String.self) {
            self = .text(text)
        } else if let list = try? single.decode([Plain].self) {
            self = .list(list)
        } else {
            self = .object(try single.decode([String: Plain].self))
        }
    }

    init(_ value: Located) {
        switch value.content {
        case .null: self = .null
        case .flag(let flag): self = .flag(flag)
        case .integer(let number): self = .number(Double(number))
        case .fraction(let number): self = .number(number)
        case .text(let text): self = .text(text)
        case .list(let items): self = .list(items.map(Plain.init))
        case .object(let members):
            self = .object(Dictionary(members.map { ($0.key, Plain($0.value)) }) { $1 })
        }
    }
}

final class JSON5ReaderTests: XCTestCase {
    private func ours(_ text: String) -> Plain? {
        let result = JSON5Reader.read(Array(text.utf8), file: "f")
        return result.problems.isEmpty ? result.value.map(Plain.init) : nil
    }

    private func foundations(_ text: String) -> Plain? {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        return try? decoder.decode(Plain.self, from: Data(text.utf8))
    }

    func testGeneratedTextsAreReadAsFoundationReadsThem() {
        var random = SplitMix(seed: 5)
        var accepted = 0
        for _ in 0..<4000 {
            let text = generated(&random, depth: 0)
            let expected = foundations(text)
            accepted += expected == nil ? 0 : 1
            XCTAssertEqual(ours(text), expected, text.debugDescription)
        }
        XCTAssertGreaterThan(accepted, 2000)
    }

    func testOrdinaryMistakesAreRefusedByBoth() {
        for text in [
            "", "{", "[", "{]", "[}", "{\"a\"}", "{\"a\":}", "{,}", "[,]", "[1,,2]", "[1 2]",
            "{\"a\":1 \"b\":2}", "tru", "nul",
            "'a", "\"a", "'a\nb'", "\"\\u12\"", "\"\\x1\"", "1 2", "--1", "+", "-", ".", "1e", "0x", "0xg",
            "/* a", "/ a",
            "{1: 2}", "{a-b: 2}", "]", ":", "{\"a\" 1}", "\"\\1\"", "\u{7F}",
        ] {
            XCTAssertNil(ours(text), text.debugDescription)
            XCTAssertNil(foundations(text), text.debugDescription)
        }
    }

    /// What Foundation takes and a definition may not hold.
    func testDeliberateDifferencesAreStricter() {
        for text in [
            "{\"a\": 1, \"a\": 2}", "NaN", "Infinity", "-Infinity", "9223372036854775808", "\u{FEFF}{}",
        ] {
            XCTAssertNotNil(foundations(text), text.debugDescription)
            XCTAssertNil(ours(text), text.debugDescription)
        }
    }

    /// JSON5 drops an escaped line break; Foundation keeps it.
    func testAnEscapedLineBreakIsDropped() {
        XCTAssertEqual(ours("'a\\\nb\\\r\nc\\\u{2028}d'"), .text("abcd"))
        XCTAssertEqual(foundations("'a\\\nb'"), .text("a\nb"))
    }

    func testEveryFormOfJSON5IsRead() {
        let text = """
            // a comment
            { unquoted: 'single "quotes"', "line": "one \\
            two", $a_1: +1, hex: -0xFf, point: .5, after: 5., exponent: 1e3, \\u0061: null, é: [1, 2,], /* block */ }
            """
        XCTAssertEqual(
            ours(text),
            .object([
                "unquoted": .text("single \"quotes\""), "line": .text("one two"), "$a_1": .number(1),
                "hex": .number(-255),
                "point": .number(0.5), "after": .number(5), "exponent": .number(1000), "a": .null,
                "é": .list([.number(1), .number(2)]),
            ]))
        XCTAssertEqual(ours("'\\x41\\u00e9\\ud83d\\ude00\\v\\/\\q'"), .text("Aé😀\u{B}/q"))
        XCTAssertEqual(ours("[9223372036854775807, -9223372036854775808, -0]").map { $0 != .null }, true)
    }

    func testLinesAndColumnsCountFromOneInCharacters() throws {
        let text = "{\r\n  \"é\": 'ü', x: [\r 1,\n\n\t{y: 2}]}"
        let tree = try XCTUnwrap(JSON5Reader.read(Array(text.utf8), file: "f").value)
        func place(_ value: Located?) -> [Int] { value.map { [$0.location.line, $0.location.column] } ?? [] }
        XCTAssertEqual(place(tree), [1, 1])
        XCTAssertEqual(place(tree["é"]), [2, 8])
        XCTAssertEqual(tree.member("x")?.location.column, 13)
        XCTAssertEqual(place(tree["x"]?.items.first), [3, 2])
        XCTAssertEqual(place(tree["x"]?.items.last), [5, 2])
        XCTAssertEqual(place(tree["x"]?.items.last?["y"]), [5, 6])
    }

    func testSixtyFourLevelsAreReadAndSixtyFiveAreNot() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        XCTAssertNotNil(ours(nested(64)))
        XCTAssertNil(ours(nested(65)))
    }

    func testEveryDuplicateIsReportedAndTheRestIsRead() {
        let result = JSON5Reader.read(Array("{a: 1,\na: 2,\na: {b: 1, b: 2},\nc: 3}".utf8), file: "f")
        XCTAssertEqual(
            result.problems.map(\.summary),
            [
                "f:2: a: the key is written twice, first on line 1",
                "f:3: a.b: the key is written twice, first on line 3",
                "f:3: a: the key is written twice, first on line 1",
            ])
        XCTAssertEqual(result.value?["c"]?.integer, 3)
    }

    func testAPatchIsMergedAsRFC7396Says() {
        let table: [(String, String, String)] = [
            ("{a: 'b'}", "{a: 'c'}", "{a: 'c'}"), ("{a: 'b'}", "{b: 'c'}", "{a: 'b', b: 'c'}"),
            ("{a: 'b', b: 'c'}", "{a: null}", "{a: null, b: 'c'}"), ("{a: ['b']}", "{a: 'c'}", "{a: 'c'}"),
            ("{a: 'c'}", "{a: ['b']}", "{a: ['b']}"),
            ("{a: {b: 'c'}}", "{a: {b: 'd', c: null}}", "{a: {b: 'd', c: null}}"),
            ("{a: [{b: 'c'}]}", "{a: [1]}", "{a: [1]}"), ("{e: null}", "{a: 1}", "{e: null, a: 1}"),
            ("{a: 'foo'}", "{a: {b: 1}}", "{a: {b: 1}}"),
        ]
        for (base, patch, expected) in table {
            let trees = [base, patch].compactMap { JSON5Reader.read(Array($0.utf8), file: $0).value }
            XCTAssertEqual(Plain(trees[0].merged(with: trees[1])), ours(expected), "\(base) \(patch)")
        }
    }
}

extension JSON5ReaderTests {
    /// Mostly valid JSON5; now and then with a slip.
    private func generated(_ random: inout SplitMix, depth: Int) -> String {
        switch random.below(depth > 3 ? 6 : 9) {
        case 0: random.pick(["null", "true", "false"])
        case 1:
            random.pick([
                "0", "-1", "12", "+7", "0x1F", ".5", "5.", "1.25", "-2e3", "1E-2", "1e+2", "123456789",
            ])
        case 2, 3:
            random.pick([
                "\"a b\"", "'it\\'s'", "\"\\n\\t\\u00e9\"", "'\\x41'", "\"é😀\"", "\"\\ud83d\\ude00\"", "''",
            ])
        case 4: random.pick(["[]", "{}", "[ ]", "{ }"])
        case 5: random.pick(["1", "'x'", "nulL", "'", "1..2", "\"\\u00\"", "{a}", "[1,,]"])
        case 6:
            "["
                + (0..<random.below(4)).map { _ in space(&random) + generated(&random, depth: depth + 1) }
                .joined(separator: ",") + random.pick(["]", ",]", " ]", "]"])
        default: generatedObject(&random, depth: depth)
        }
    }

    private func generatedObject(_ random: inout SplitMix, depth: Int) -> String {
        let members = (0..<random.below(4)).map { number in
            let key = random.pick([
                "k\(number)", "\"k\(number)\"", "'k \(number)'", "_\(number)", "$\(number)",
            ])
            return
                "\(space(&random))\(key)\(space(&random)):\(space(&random))\(generated(&random, depth: depth + 1))"
        }
        return "{" + members.joined(separator: ",") + space(&random)
            + (members.isEmpty ? "}" : random.pick(["}", ",}", "}", "}"]))
    }

    private func space(_ random: inout SplitMix) -> String {
        random.pick(["", " ", "\n", "\t", "/* c */", "// c\n", "\r\n", ""])
    }
}
