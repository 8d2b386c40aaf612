import DeployTestSupport
import Foundation
import XCTest

/// Each kind of address takes what it is sent, and what it refuses is told in its own words.
final class ReceiverTests: NoticeTestCase {
    private static let kinds = ["slack", "telegram", "teams", "pagerduty", "matrix", "plain"]

    /// A project whose environments tell every receiver of failures and their ends.
    private func world(
        _ receivers: Receivers, in folder: String, telling kinds: [String] = ReceiverTests.kinds,
        chat: String = "-7"
    ) throws -> DeployctlFixture {
        let places = [
            "slack": "slack/services/T0/B0/x0", "telegram": "telegram/bot7:abc/sendMessage",
            "teams": "teams/workflows/7", "pagerduty": "pagerduty/v2/enqueue",
            "matrix": "matrix/_matrix/client/v3/rooms/!ops:shop.example/send/m.room.message",
            "plain": "plain/take",
        ]
        let more = [
            "telegram": #", "form": "telegram", "chat": "\#(chat)""#, "slack": #", "form": "slack""#,
            "teams": #", "form": "teams""#,
            "pagerduty": #", "form": "pagerduty", "token": {"file": "sink/pagerduty-key"}"#,
            "matrix": #", "form": "matrix", "token": {"file": "sink/matrix-key"}"#,
        ]
        let routes = kinds.map {
            #"{"name": "\#($0)", "webhook": {"file": "sink/\#($0)"}\#(more[$0] ?? ""), "on": ["failed"]}"#
        }
        let world = try world(
            try MessageSink(in: folder), in: folder, routes: "[\(routes.joined(separator: ", "))]")
        for (kind, path) in places { try keep(receivers.url(path), in: "sink/\(kind)", world) }
        try keep("0123456789abcdef0123456789abcdef", in: "sink/pagerduty-key", world)
        try keep("syt_key", in: "sink/matrix-key", world)
        return world
    }

    private func keep(_ secret: String, in path: String, _ world: DeployctlFixture) throws {
        try world.write(secret, to: path)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: "\(world.project)/\(path)")
    }

    /// What one says of every message of a kind, in words.
    private func words(_ message: Receivers.Taken) -> String {
        let cards = (message.body["attachments"] as? [[String: Any]])?.first?["content"] as? [String: Any]
        let lines = (cards?["body"] as? [[String: Any]])?.compactMap { $0["text"] as? String }
        let payload = message.body["payload"] as? [String: Any]
        let said =
            message.body["title"] ?? message.body["text"] ?? message.body["body"] ?? payload?["summary"]
        return lines?.joined(separator: "\n") ?? said as? String ?? ""
    }

    func testEachTakesAFailureAndItsEnd() throws {
        let folder = try makeTestFolder()
        let receivers = try Receivers(in: folder)
        let world = try world(receivers, in: folder)
        try world.commit(["app/health": "500"], "Break <!channel> *it* & \"that\"")
        try world.run("staging").expect(15)
        let told = try receivers.taken()
        XCTAssertEqual(told.map(\.kind).sorted(), Self.kinds.sorted())
        for message in told {
            XCTAssertTrue(words(message).contains("shop staging"), "\(message)")
            XCTAssertNotNil(message.headers["idempotency-key"])
        }
        try world.commit(["app/health": "200"], "Mend")
        try world.run("staging").expect(0)
        let ends = try receivers.taken().dropFirst(told.count)
        XCTAssertEqual(ends.map(\.kind).sorted(), Self.kinds.sorted())
        for message in ends where message.kind != "pagerduty" {
            XCTAssertTrue(words(message).contains("is well again after"), "\(message)")
        }
        let incidents = try receivers.taken().filter { $0.kind == "pagerduty" }.map(\.body)
        XCTAssertEqual(incidents.compactMap { $0["event_action"] as? String }, ["trigger", "resolve"])
        XCTAssertEqual(Set(incidents.compactMap { $0["dedup_key"] as? String }).count, 1, "one incident")
    }

    func testWhoIsAskedTooMuchIsAskedAgainWhenItSaysSo() throws {
        let folder = try makeTestFolder()
        let receivers = try Receivers(in: folder, crowded: Self.kinds)
        let world = try world(receivers, in: folder)
        try world.commit(["app/health": "500"], "Break")
        try world.run("staging").expect(15)
        XCTAssertEqual(try receivers.taken().count, 0)
        let list = try world.run("notifications").expect(0).output
        for words in ["429", "retry after 2", "M_LIMIT_EXCEEDED", "503"] {
            XCTAssertTrue(list.contains(words), list)
        }
        XCTAssertFalse(list.contains("dead"), list)
        XCTAssertTrue(
            try eventually(within: 30) {
                try world.run("notifications", "send").expect(0)
                return try receivers.taken().count == Self.kinds.count
            })
        XCTAssertEqual(try receivers.taken().map(\.kind).sorted(), Self.kinds.sorted(), "each once")
    }

    func testWhatIsRefusedIsToldInTheirWordsWithoutSecrets() throws {
        let folder = try makeTestFolder()
        let receivers = try Receivers(in: folder)
        let world = try world(receivers, in: folder, chat: "-8")
        try keep(receivers.url("slack/services/T0/B0/gone-key"), in: "sink/slack", world)
        try keep("short-key", in: "sink/pagerduty-key", world)
        try keep("stale-key", in: "sink/matrix-key", world)
        let run = try world.run("notifications", "test", "staging").expect(15).expectExplained()
        let said = run.output + run.errors
        for words in [
            "404: no_service", "400: Bad Request: chat not found", "'routing_key' is missing",
            "401: M_UNKNOWN_TOKEN",
        ] {
            XCTAssertTrue(said.contains(words), said)
        }
        for secret in ["gone-key", "short-key", "stale-key", "bot7:abc"] {
            XCTAssertFalse(said.contains(secret), said)
        }
    }
}
