import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What each kind of address is sent, and what its answers mean.
final class NoticeFormTests: XCTestCase {
    private let now = Date(timeIntervalSince1970: 1_780_000_000)

    private func notice(_ kind: Event.Kind, at moment: Date? = nil, detail: String? = nil) -> Notice {
        let event = Event(kind, in: "staging", on: "nightly", at: moment ?? now, detail: detail)
        return Notice(
            Delivery(event, to: "all", severity: .p1, at: now), of: "shop", at: now, run: nil)
    }

    private func form(_ form: Environment.Route.Webhook.Form, _ notice: Notice) -> WebhookForm {
        WebhookForm(
            notice: notice, webhook: .init(url: .environment("A"), form: form, token: nil, chat: nil),
            url: "https://hooks.example", token: "key")
    }

    private func body(_ form: WebhookForm) throws -> [String: Any] {
        try XCTUnwrap(
            try JSONSerialization.jsonObject(with: Data(form.post.body.utf8)) as? [String: Any])
    }

    func testNothingOfAMessageIsMarkdownAtTeams() throws {
        let said = "# a [b](http://c) *d* _e_\n- f\n10. g"
        let body = try body(form(.teams, notice(.failed, detail: said)))
        let card = (body["attachments"] as? [[String: Any]])?.first?["content"] as? [String: Any]
        let lines = (card?["body"] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
        XCTAssertEqual(lines.first, #"\[P1\] shop staging: a run failed"#)
        XCTAssertTrue(lines.contains(##"\# a \[b\](http://c) \*d\* \_e\_"##), "\(lines)")
        XCTAssertTrue(lines.contains(#"\- f"#) && lines.contains(#"10\. g"#), "\(lines)")
    }

    func testAnIncidentIsOpenedByTroubleAlone() throws {
        for (kind, action) in [
            (Event.Kind.failed, "trigger"), (.crashLoop, "trigger"), (.recovered, "resolve"),
            (.succeeded, "resolve"), (.started, "resolve"),
        ] {
            XCTAssertEqual(
                try body(form(.pagerduty, notice(kind)))["event_action"] as? String, action, kind.rawValue)
        }
        let route = Environment.Route(
            name: "a",
            target: .webhook(.init(url: .environment("A"), form: .pagerduty, token: nil, chat: nil)), on: [])
        XCTAssertTrue(route.keepsIncidents)
    }

    func testAnAnswerThatStaysTheSameIsFinal() {
        for (status, isFinal) in [
            (400, true), (404, true), (410, true), (413, true), (422, true), (401, false), (429, false),
            (503, false),
        ] {
            let result = CommandResult(
                .exited(0), output: "HTTP/1.1 \(status) X\r\n\r\nno\n\(status) 0.01")
            XCTAssertEqual(
                form(.json, notice(.failed)).complaint(result),
                NoticeFailure("the answer was \(status)", isFinal: isFinal))
        }
    }

    func testWhatAnAddressAsksForAndSaysIsUnderstood() {
        for (kind, head, body, words, pause) in [
            (
                Environment.Route.Webhook.Form.slack, "HTTP/1.1 429 X\r\nRetry-After: 30", "rate_limited",
                "the answer was 429: rate_limited", Duration.seconds(30)
            ),
            (
                .telegram, "HTTP/1.1 429 X",
                #"{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":7}}"#,
                "the answer was 429: Too Many Requests", .seconds(7)
            ),
            (
                .telegram, "HTTP/1.1 200 X", #"{"ok":false,"description":"no chat"}"#,
                "the answer was 200 and says that it failed: no chat", nil
            ),
            (
                .matrix, "HTTP/1.1 429 X", #"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1500}"#,
                "the answer was 429: M_LIMIT_EXCEEDED", .milliseconds(1500)
            ),
            (.json, "HTTP/1.1 503 X\r\nRetry-After: -1", "", "the answer was 503", nil),
            (
                .json, "HTTP/1.1 503 X\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT", "",
                "the answer was 503",
                nil
            ),
        ] as [(Environment.Route.Webhook.Form, String, String, String, Duration?)] {
            let status = head.split(separator: " ")[1]
            let result = CommandResult(.exited(0), output: "\(head)\r\n\r\n\(body)\n\(status) 0.01")
            let complaint = form(kind, notice(.failed)).complaint(result)
            XCTAssertEqual(complaint, NoticeFailure(words, pause: pause))
        }
    }

    func testNothingIsLongerThanItsReceiverTakes() throws {
        let said = String(repeating: "😀", count: 1500)
        let text = try XCTUnwrap(
            try body(form(.telegram, notice(.failed, detail: said + said)))["text"] as? String)
        XCTAssertLessThanOrEqual(text.utf16.count, 4096)
        XCTAssertEqual("😀😀".first(utf16: 4), "😀😀")
        XCTAssertEqual("😀😀😀".first(utf16: 4), "😀…")
        let event = Event(
            .scheduleFailed, in: "staging", on: String(repeating: "n", count: 300), at: now)
        let long = Notice(Delivery(event, to: "all", severity: .p1, at: now), of: "shop", at: now, run: nil)
        let key = try XCTUnwrap(try body(form(.pagerduty, long))["dedup_key"] as? String)
        XCTAssertLessThanOrEqual(key.count, 255)
    }

    func testWhatComesLateSaysSo() throws {
        let late = notice(.failed, at: now - 7200)
        XCTAssertEqual(
            late.title, "[P1] late, of \(UTC.rfc3339(now - 7200)): shop staging: a run failed")
        XCTAssertTrue(late.isLate)
        XCTAssertEqual(late.id, notice(.failed, at: now - 7200).id)
        XCTAssertFalse(notice(.failed).isLate)
        XCTAssertEqual(try body(form(.json, late))["late"] as? Bool, true)
    }

    func testALetterSaysWhenItWasSent() throws {
        let letter = Letter(
            notice: notice(.failed), mail: .init(to: ["a@b.example"], from: "c@d.example", server: nil),
            date: try XCTUnwrap(UTC.date(rfc3339: "2026-02-01T03:04:05Z")))
        let head = letter.text.components(separatedBy: "\n\n")[0].components(separatedBy: "\n")
        XCTAssertTrue(head.contains("Date: Sun, 01 Feb 2026 03:04:05 +0000"), "\(head)")
        XCTAssertTrue(head.contains { $0.hasPrefix("Message-ID: <") }, "\(head)")
        for (day, text) in ["1970-01-01": "Thu, 01 Jan 1970", "1969-12-31": "Wed, 31 Dec 1969"] {
            let date = try XCTUnwrap(UTC.date(rfc3339: "\(day)T00:00:00Z"))
            XCTAssertEqual(UTC.mail(date), "\(text) 00:00:00 +0000")
        }
    }
}
