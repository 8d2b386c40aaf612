import XCTest

@testable import DeployCore

final class BracesTests: XCTestCase {
    func testWordsAreFoundAndOtherBracesAreLeftAlone() {
        for (text, words) in [
            ("{backup}", ["backup"]), ("remote:{environment}/{timestamp}", ["environment", "timestamp"]),
            ("{}", []), ("{{.Name}}", []), ("{backup", []), ("a}b{", []), ("{{backup}}", ["backup"]),
            ("", []), ("{a b}", []), ("{folders}", ["folders"]),
        ] {
            XCTAssertEqual(Braces.words(in: text), words, text)
        }
    }

    func testWhatComesInIsNotLookedAtAgain() {
        let values = ["backup": "/srv/{timestamp}", "timestamp": "2026"]
        XCTAssertEqual(
            Braces.fill("{backup}-{timestamp}-{other}{", with: values), "/srv/{timestamp}-2026-{other}{")
    }
}
