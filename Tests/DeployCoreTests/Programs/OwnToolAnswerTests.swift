import DeployTestSupport
import XCTest

@testable import DeployCore

final class OwnToolAnswerTests: XCTestCase {
    private func fault(_ text: String) -> String {
        do throws(OwnToolAnswer.Fault) {
            return "none: \(try OwnToolAnswer(text))"
        } catch { return error.why }
    }

    func testAWholeAnswerIsRead() throws {
        let answer = try OwnToolAnswer(
            """
            {"release": "20261121021530", "commit": "abc1234", "deployment": "7", "state": "running", "url": "https://x",
             "services": [{"name": "web", "state": "running"}, {"name": "jobs", "state": "starting", "healthy": false}]}
            """)
        XCTAssertEqual(answer.release, "20261121021530")
        XCTAssertEqual(answer.life, "20261121021530 7")
        XCTAssertEqual(answer.services?["web"], .init(state: .running, healthy: true))
        XCTAssertEqual(answer.services?["jobs"], .init(state: .starting, healthy: false))
        XCTAssertEqual(answer.words, "release 20261121021530 of commit abc1234 is running, jobs is starting")
    }

    func testNothingDeployedNeedsNoRelease() throws {
        XCTAssertEqual(
            try OwnToolAnswer("{\"state\": \"stopped\", \"release\": null}\n").words, "nothing is deployed")
    }

    func testWhatIsNoAnswerIsQuotedAndBounded() {
        for (text, says) in [
            ("", "did not print one JSON object: nothing"), ("ok", "did not print one JSON object: ok"),
            ("[]", "did not print one JSON object"),
            ("{\"state\": \"running\"} {}", "did not print one JSON object"),
            ("{}", "has none of running, starting, failed, stopped in \"state\""),
            ("{\"state\": \"up\"}", "in \"state\": {\"state\": \"up\"}"),
            ("{\"state\": \"running\"}", "names no release"),
            ("{\"state\": \"running\", \"release\": \"\"}", "names no release"),
            ("{\"state\": \"running\", \"release\": 7}", "has no text in \"release\""),
            ("{\"state\": \"stopped\", \"services\": {}}", "has no list in \"services\""),
            ("{\"state\": \"stopped\", \"services\": [{}]}", "has a service without \"name\""),
            ("{\"state\": \"stopped\", \"services\": [{\"name\": \"w\"}]}", "in \"services[0].state\""),
        ] { XCTAssertTrue(fault(text).contains(says), "\(text): \(fault(text))") }
        XCTAssertTrue(fault(String(repeating: "[", count: 60_000)).contains("did not print"))
        let flood = fault(String(repeating: "x", count: 70_000))
        XCTAssertTrue(flood.hasPrefix("printed more than 64 kB"), flood)
        XCTAssertLessThan(flood.utf8.count, 400)
        XCTAssertFalse(fault("\u{1B}[31mred").contains("\u{1B}"), "a terminal is not driven by it")
    }
}
