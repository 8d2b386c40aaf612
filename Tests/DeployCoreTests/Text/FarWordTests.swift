import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What is typed on another machine arrives as it was, whichever shell reads it.
final class FarWordTests: XCTestCase {
    private var words: [String] {
        HostileText.texts(of: [
            "'", "\"", "\\", "$(id)", "`id`", "\n", ";", "&", "*", "~", " ", "!", "#", "=", "%", "+", "\\'",
            "^", "{a,b}",
        ]) + ["", "+", "+20", "-n", "--", "é", "e\u{301}"]
    }

    func testEveryWordComesBackAndNoShellHasAnythingToReadInIt_S08() {
        for word in words {
            let encoded = FarWord.encoded(word)
            let isPlain = encoded.utf8.allSatisfy {
                $0.isASCIILetter || $0.isDigit || "-_./+".utf8.contains($0)
            }
            XCTAssertTrue(isPlain && !encoded.isEmpty, encoded)
            XCTAssertEqual(FarWord.decoded(encoded).map(hexadecimal), hexadecimal(word))
        }
    }

    func testShellsHandTheWordsOnUnchanged() throws {
        let shells = ["sh", "bash", "dash", "zsh", "fish", "tcsh", "ksh", "busybox"].map { "/bin/\($0)" }
        let line = "printf %s,, \(words.map(FarWord.encoded).joined(separator: " "))"
        let found = shells.filter { FileManager.default.isExecutableFile(atPath: $0) }
        XCTAssertTrue(found.contains("/bin/sh"))
        for shell in found {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: shell)
            process.arguments = (shell.hasSuffix("busybox") ? ["sh"] : []) + ["-c", line]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            let back = said.split(at: ",,").map { FarWord.decoded(String($0)).map(hexadecimal) }
            XCTAssertEqual(back, words.map(hexadecimal), shell)
        }
    }

    func testWhatWasNotEncodedIsNoWord() {
        for text in ["+2", "a+", "+zz", "+ff", ""] { XCTAssertNil(FarWord.decoded(text), text) }
    }
}
