import XCTest

@testable import DeployCore

final class RedactorTests: XCTestCase {
    func testEverySecretIsTakenOutWhereverItStands() {
        let redactor = Redactor(["hunter22", "s3cr3t/+=", "first line\nsecond line"])
        for (text, scrubbed) in [
            ("", ""), ("nothing here", "nothing here"), ("hunter22", "[redacted]"),
            ("a=hunter22&b=hunter22", "a=[redacted]&b=[redacted]"), ("xhunter22x", "x[redacted]x"),
            ("first line\nsecond line", "[redacted]"), ("only second line.", "only [redacted]."),
            ("key s3cr3t/+=\r\n", "key [redacted]\r\n"), ("HUNTER22", "HUNTER22"),
        ] {
            XCTAssertEqual(redactor.scrub(text), scrubbed)
        }
    }

    func testALongerSecretGoesBeforeOneInsideIt() {
        XCTAssertEqual(Redactor(["pass", "password1"]).scrub("password1 pass"), "[redacted] [redacted]")
    }

    func testShortAndEmptyValuesLeaveOrdinaryWordsAlone() {
        XCTAssertEqual(Redactor(["", "a", "abc"]).scrub("abc of a table"), "abc of a table")
        XCTAssertEqual(Redactor(["abcd"]).scrub("abcd"), "[redacted]")
        XCTAssertEqual(Redactor([String]()).scrub("abcd"), "abcd")
    }

    func testEveryPartOfAnErrorIsScrubbed() {
        let error = DeployError(.stepFailed, what: "hunter22 a", why: "b hunter22", next: "c hunter22 c")
        XCTAssertEqual(
            Redactor(["hunter22"]).scrub(error),
            DeployError(.stepFailed, what: "[redacted] a", why: "b [redacted]", next: "c [redacted] c"))
    }

    func testASecretNeverPrintsOrEncodes() {
        let secret = Secret("hunter22")
        XCTAssertEqual("\(secret) \(String(reflecting: secret))", "[redacted] [redacted]")
        XCTAssertFalse("\([secret])".contains("hunter22"))
    }
}
