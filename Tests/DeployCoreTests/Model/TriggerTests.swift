import Foundation
import XCTest

@testable import DeployCore

final class TriggerTests: XCTestCase {
    func testAWordIsWrittenAsItIsReadHoweverNew() throws {
        let words: [(String, Trigger)] = [
            ("terminal", .terminal), ("ci", .ci), ("script", .script), ("hook", .hook),
            ("detached", .detached), ("service", .service), ("agent", .agent), ("webhook", .other("webhook")),
            ("", .other("")),
        ]
        for (word, trigger) in words {
            XCTAssertEqual(Trigger(rawValue: word), trigger)
            let text = try JSON.text([trigger])
            XCTAssertEqual(text.filter { !$0.isWhitespace }, "[\"\(word)\"]")
            XCTAssertEqual(try JSON.value([Trigger].self, from: Data(text.utf8), named: "words"), [trigger])
        }
    }

    func testNobodyStandsBehindAHookAndWhatItLeftBehind() {
        XCTAssertFalse(Trigger.hook.hasSomebody)
        XCTAssertFalse(Trigger.detached.hasSomebody)
        XCTAssertFalse(Trigger.service.hasSomebody)
        XCTAssertFalse(Trigger.agent.hasSomebody)
        for word in ["terminal", "ci", "script", "webhook"] {
            XCTAssertTrue(Trigger(rawValue: word).hasSomebody, word)
        }
    }
}
