import DeployTestSupport
import XCTest

@testable import DeployCore

/// A word of a unit's command line is read back as it was, and is one word.
final class SystemdTextTests: XCTestCase {
    private let marks = [
        "\"", "'", "\\", "%h", "%%", "$HOME", "${A}", "\n", " ", ";", "\\\"", "\\x41", "\u{0}", "#", "-",
    ]

    func testEveryWordIsReadBackByteByByte() {
        let texts = HostileText.texts(of: marks)
        XCTAssertGreaterThanOrEqual(texts.count, 200)
        for text in texts {
            XCTAssertEqual(read(SystemdText.quoted(text)), Array(text.utf8), hexadecimal(text))
        }
    }

    /// As systemd does: quotes, C escapes, then specifiers and variables.
    private func read(_ quoted: String) -> [UInt8]? {
        var bytes = Array(quoted.utf8)[...]
        guard bytes.popFirst() == 0x22, bytes.popLast() == 0x22 else { return nil }
        var text: [UInt8] = []
        while let byte = bytes.popFirst() {
            switch byte {
            case 0x22, 0..<0x20, 0x7F...: return nil
            case 0x5C:
                guard let next = bytes.popFirst() else { return nil }
                guard next == UInt8(ascii: "x") else {
                    text.append(next)
                    continue
                }
                let digits = String(decoding: bytes.prefix(2), as: UTF8.self)
                bytes = bytes.dropFirst(2)
                guard let value = UInt8(digits, radix: 16) else { return nil }
                text.append(value)
            case UInt8(ascii: "%"), UInt8(ascii: "$"):
                guard bytes.popFirst() == byte else { return nil }
                text.append(byte)
            default: text.append(byte)
            }
        }
        return text
    }

    func testALineForPeopleStaysOneLineWithoutSpecifiers() {
        for text in HostileText.texts(of: marks) {
            let line = SystemdText.line(text)
            XCTAssertFalse(line.utf8.contains { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") })
            XCTAssertTrue(line.utf8.count { $0 == UInt8(ascii: "%") }.isMultiple(of: 2))
        }
    }
}
