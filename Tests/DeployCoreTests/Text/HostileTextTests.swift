import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What the tool reads and hides itself.
final class HostileTextTests: XCTestCase {
    func testASecretIsHiddenInEveryFormWhateverStandsBesideIt() {
        let secrets = [
            "CANARY12345", "s3cr3t/+=&x", "a b'c\"d\\e", "Zugang-é-Ω", "line one\nline two", "1234",
        ]
        for secret in secrets {
            let redactor = Redactor([secret])
            let forms = SecretForms.all(of: secret).map { String(decoding: $0, as: UTF8.self) }
            for form in forms {
                for text in HostileText.texts(of: [form]) {
                    let scrubbed = redactor.scrub(text)
                    XCTAssertFalse(scrubbed.holds(form), hexadecimal(text))
                    XCTAssertTrue(scrubbed.holds("[redacted]"))
                }
            }
        }
    }

    func testBase64OfATextAroundASecretIsHidden() {
        let secret = "correct horse battery staple"
        for before in ["", "u", "us", "user:"] {
            for after in ["", "!", "!!", " and more"] {
                let encoded = Data("\(before)\(secret)\(after)".utf8).base64EncodedString()
                XCTAssertLessThan(
                    Redactor([secret]).scrub(encoded).replacing("[redacted]", by: "").utf8.count, 20)
            }
        }
    }

    func testOverlappingSecretsLeaveNothing() {
        XCTAssertEqual(Redactor(["abcdef", "efghij"]).scrub("xabcdefghijx"), "x[redacted]x")
        XCTAssertEqual(Redactor(["abcd"]).scrub("abcdabcd"), "[redacted][redacted]")
    }

    func testHalfASecretAtACutIsLeftOut() {
        let (start, end) = (Array("one\ntwo CANA".utf8), Array("RY12345 three\nfour".utf8))
        XCTAssertEqual(String(decoding: CutText.beginning(start), as: UTF8.self), "one\n")
        XCTAssertEqual(String(decoding: CutText.end(end), as: UTF8.self), "four")
        XCTAssertEqual(CutText.end(Array(repeating: UInt8(ascii: "a"), count: 5_000)).count, 904)
        XCTAssertEqual(CutText.beginning(Array(repeating: UInt8(ascii: "a"), count: 5_000)).count, 904)
    }

    func testAPathHasTheFolderAndNameTheFileSystemSees() {
        for text in HostileText.texts(of: ["/", "//", "/../", "/.", "\\"]) {
            let path = "root\(text)name"
            let bytes = Array(path.utf8)
            let name = bytes.split(separator: 0x2F).last.map(Array.init) ?? bytes
            XCTAssertEqual(Array(Path.name(path).utf8), name, hexadecimal(path))
            let folder = bytes.lastIndex(of: 0x2F).map { Array(bytes[..<$0]) } ?? Array(".".utf8)
            XCTAssertEqual(Array(Path.parent(path).utf8), folder, hexadecimal(path))
        }
        for text in HostileText.texts(of: ["..", "/..", "../", "/../"]) {
            let climbs = text.utf8.split(separator: 0x2F).contains { $0.elementsEqual("..".utf8) }
            if climbs { XCTAssertFalse(TextRule.relativePath.accepts(text), hexadecimal(text)) }
        }
    }

    func testAnAddressHoldsNothingButPlainBytes() {
        for text in HostileText.texts(of: ["@", ":", "/", "?", "#", "%", " ", "\r\n"]) {
            XCTAssertTrue(
                URLText.escaped(text).holdsOnly(
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%"))
            XCTAssertEqual(URLText.escaped(text).removingPercentEncoding.map(hexadecimal), hexadecimal(text))
        }
    }

    func testAColumnIsReadAsItIsWritten() {
        for text in HostileText.texts(of: ["\"", ".", "\"\"", "\".\""]) {
            let column = ColumnName(table: text, column: "c\(text)")
            let back = ColumnName(parsing: column.description)
            XCTAssertEqual(back.map { hexadecimal($0.table) }, hexadecimal(column.table))
            XCTAssertEqual(back.map { hexadecimal($0.column) }, hexadecimal(column.column))
        }
    }

    func testAPatternGoesByBytes() {
        for text in HostileText.texts(of: ["*", "/", "release"]) {
            XCTAssertTrue(
                Pattern.matches(text, "*") && Pattern.matches("a\(text)b", "a*b"), hexadecimal(text))
        }
        XCTAssertFalse(Pattern.matches("main\u{301}", "main"))
        XCTAssertTrue(Pattern.matches("release/\u{301}1", "release/*"))
        XCTAssertFalse(Pattern.matches("\u{212A}", "K") || Pattern.matches("e\u{301}", "\u{E9}"))
    }

    func testOnlyTheVeryPhraseConfirms() {
        XCTAssertTrue("CONFIRM" == String(decoding: Array("CONFIRM".utf8), as: UTF8.self))
        for text in HostileText.texts(of: ["CONFIRM"]) {
            XCTAssertEqual(text == "CONFIRM", text.utf8.elementsEqual("CONFIRM".utf8), hexadecimal(text))
        }
        XCTAssertFalse("OK" == "O\u{212A}")
    }
}
