import XCTest

@testable import DeployCore

final class BytesTests: XCTestCase {
    func testAMarkIsFoundBesideWhateverStands() {
        for neighbour in ["\u{301}", "\u{600}", "\u{200D}", "\u{FE0F}"] {
            let text = "a\(neighbour)'\(neighbour)b"
            XCTAssertTrue(text.holds("'"))
            XCTAssertEqual(hex(text.replacing("'", by: "''")), hex("a\(neighbour)''\(neighbour)b"))
            XCTAssertEqual(
                text.split(at: "'").map { hex(String($0)) }, [hex("a\(neighbour)"), hex("\(neighbour)b")])
            XCTAssertTrue("'\(neighbour)".begins(with: "'") && "\(neighbour)'".ends(with: "'"))
            XCTAssertEqual("'\(neighbour)".after("'").map { hex(String($0)) }, hex(neighbour))
            XCTAssertEqual("\(neighbour)'".before("'").map { hex(String($0)) }, hex(neighbour))
        }
    }

    func testTextsAreEqualWhenTheirBytesAre() {
        let (one, other) = ("\u{E9}", "e\u{301}")
        let maybe: String? = one
        XCTAssertFalse(one == other || maybe == other || one[...] == other[...] || "\u{212A}" == "K")
        XCTAssertTrue(one != other && one == String(decoding: Array(one.utf8), as: UTF8.self))
        XCTAssertEqual(Set([ByteText(one), ByteText(other)]).count, 2)
        switch one {
        case other: XCTFail("a switch goes by Swift's equality")
        default: break
        }
    }

    func testPartsAreWhatTheStandardLibraryMakesOfASCII() {
        for text in ["", "/", "a", "/a", "a/", "a//b", "a/b/c", "//"] {
            for keeps in [true, false] {
                for most in [0, 1, 2, Int.max] {
                    XCTAssertEqual(
                        text.split(at: "/", max: most, keepsEmpty: keeps).map(String.init),
                        text.split(separator: "/", maxSplits: most, omittingEmptySubsequences: !keeps)
                            .map(String.init), "\(text) \(most) \(keeps)")
                }
            }
        }
    }

    func testLinesEndAtLineFeedsAlone() {
        XCTAssertEqual(
            "a\r\nb\n\nc\u{2028}d\u{85}e\r".lines.map { hex(String($0)) },
            ["a", "b", "c\u{2028}d\u{85}e"].map(hex))
        XCTAssertEqual("\n\u{301}a\nb".lines.count, 2)
        XCTAssertEqual(" a\tb\n".words.map(String.init), ["a", "b"])
        XCTAssertEqual(String("\n a b \r\n".trimmed), "a b")
    }

    func testCuts() {
        XCTAssertTrue("a:b:c".cut(at: ":")! == ("a", "b:c") && "a:b:c".cutLast(at: ":")! == ("a:b", "c"))
        XCTAssertNil("abc".cut(at: ":"))
        XCTAssertEqual("12a".leadingDigits + "|" + "12a".afterDigits, "12|a")
        XCTAssertEqual("\u{665}1".leadingDigits, "")
        XCTAssertEqual("ÀK\u{212A}".lowered, "Àk\u{212A}")
    }

    private func hex(_ text: String) -> [UInt8] { Array(text.utf8) }
}
