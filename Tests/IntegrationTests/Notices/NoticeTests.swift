import DeployTestSupport
import Foundation
import XCTest

/// Everybody who should know is told, once, in order, whatever becomes of the sender and the sink.
final class NoticeTests: NoticeTestCase {
    func testRunsAreToldOfWithWhatFailedAndThatItIsOver() throws {
        let folder = try makeTestFolder()
        let sink = try MessageSink(in: folder)
        let world = try world(sink, in: folder)
        try world.run("staging").expect(0)
        XCTAssertEqual(try events(sink), ["started", "succeeded"])
        try world.run("staging", "--dry-run").expect(0)
        XCTAssertEqual(try events(sink).count, 2, "a dry run tells nobody")

        try world.commit(["app/health": "500"], "Break")
        try world.run("staging").expect(15)
        XCTAssertEqual(try events(sink).suffix(2), ["started", "failed"])
        let failed = try XCTUnwrap(sink.taken().last)
        XCTAssertEqual(failed["severity"] as? String, "P1")
        XCTAssertEqual(failed["environment"] as? String, "staging")
        XCTAssertTrue((failed["title"] as? String)?.hasPrefix("[P1] ") == true, "\(failed)")
        XCTAssertTrue((failed["text"] as? String)?.contains("deployctl ack ") == true, "\(failed)")

        try world.commit(["app/health": "200"], "Mend")
        try world.run("staging").expect(0)
        let end = try events(sink).suffix(3)
        XCTAssertEqual(Set(end), ["started", "succeeded", "recovered"])
        let ids = try sink.taken().compactMap { $0["id"] as? String }
        XCTAssertEqual(Set(ids).count, ids.count)

        try world.run("production", "--confirm", "CONFIRM", "--release", "20200101000000").expect(17)
        let number = try XCTUnwrap(failed["number"] as? Int)
        try world.run("ack", "\(number)").expect(0)
        try world.run("ack", "999999").expect(17).expectExplained()
        let list = try world.run("notifications", "staging").expect(0).output
        XCTAssertTrue(list.contains("sent"), list)
    }

    func testASinkThatIsDownChangesNoOutcomeAndLosesNothing() throws {
        let folder = try makeTestFolder()
        let sink = try MessageSink(in: folder, moods: ["refuse", "reset", "lie"])
        let world = try world(sink, in: folder)
        try world.run("staging").expect(0)
        XCTAssertEqual(try events(sink), [])
        let waiting = try world.run("notifications", "--json").expect(0).output
        XCTAssertTrue(waiting.contains(#""state":"waiting""#), waiting)
        XCTAssertFalse(waiting.contains(sink.url), "an address is a secret")
        try world.run("notifications", "retry").expect(15).expectExplained()
        sink.stop()
        let later = try MessageSink(in: folder)
        try tell(later, in: world)
        try world.run("notifications", "retry").expect(0)
        XCTAssertEqual(try events(later), ["started", "succeeded"])
    }

    func testNobodyAnswersAndTheNextOneIsTold() throws {
        let folder = try makeTestFolder()
        let sink = try MessageSink(in: folder)
        let world = try world(
            sink, in: folder,
            routes: """
                [{"name": "team", "file": "team.json", "on": ["P1"], "escalate": {"after": "2s", "to": "cto"}},
                 {"name": "cto", "webhook": {"file": "sink/address"}, "on": []}]
                """)
        try world.commit(["app/health": "500"], "Break")
        try world.run("staging").expect(15)
        XCTAssertEqual(try events(sink), [])
        let page = try Data(contentsOf: URL(fileURLWithPath: "\(world.project)/team.json"))
        let messages = (try JSONSerialization.jsonObject(with: page) as? [String: Any])?["messages"]
        let told = try XCTUnwrap((messages as? [[String: Any]])?.first)
        XCTAssertEqual(told["event"] as? String, "failed")
        Thread.sleep(forTimeInterval: 2)
        try world.run("notifications", "send").expect(0)
        XCTAssertEqual(try events(sink), ["failed"])

        try world.run("staging").expect(15)
        let second = try Data(contentsOf: URL(fileURLWithPath: "\(world.project)/team.json"))
        let newest = (try JSONSerialization.jsonObject(with: second) as? [String: Any])?["messages"]
        let number = try XCTUnwrap((newest as? [[String: Any]])?.first?["number"] as? Int)
        try world.run("ack", "\(number)").expect(0)
        Thread.sleep(forTimeInterval: 2)
        try world.run("notifications", "send").expect(0)
        XCTAssertEqual(try events(sink), ["failed"], "it was answered")
    }

    func testARouteIsTriedOutAsItIsWritten() throws {
        let folder = try makeTestFolder()
        let sink = try MessageSink(in: folder, moods: ["take", "lie"])
        let world = try world(
            sink, in: folder,
            routes: #"""
                [{"name": "hook", "webhook": {"file": "sink/address"}, "form": "telegram", "chat": "-7"},
                 {"name": "program", "command": ["sh", "-c", "cat > told.json"]}]
                """#)
        try world.run("notifications", "test", "staging").expect(0)
        XCTAssertEqual(try sink.taken().last?["chat_id"] as? String, "-7")
        let told = try Data(contentsOf: URL(fileURLWithPath: "\(world.project)/told.json"))
        XCTAssertEqual(
            (try JSONSerialization.jsonObject(with: told) as? [String: Any])?["event"] as? String, "succeeded"
        )
        let lied = try world.run("notifications", "test", "staging").expect(15).expectExplained()
        XCTAssertTrue(lied.errors.contains("says that it failed"), lied.errors)
        try world.run("notifications", "test", "production").expect(0)
    }

    /// Ten thousand with DEPLOYCTL_SOAK, or as many as it says; refused, reset, lied to, late, and the sender killed again and again.
    func testNothingIsLostAndOrderIsKeptThroughKills() throws {
        let asked = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"].flatMap(Int.init)
        let isLong = asked != nil
        let count = asked.map { $0 > 1 ? $0 : 10_000 } ?? 60
        let folder = try makeTestFolder()
        let bad = ["refuse", "take", "reset", "take", "take", "lie", "take", "late", "hang"]
        let good = Array(repeating: "take", count: isLong ? 60 : 2)
        let sink = try MessageSink(in: folder, moods: good + bad)
        let world = try world(sink, in: folder)
        try world.run("staging").expect(0)
        let base = try sink.taken().count
        let now = Int(Date().timeIntervalSince1970)
        let rows = (0..<count).map { number in
            "('\(number % 3 == 0 ? "production" : "staging")', 'refused', 'n\(number)', \(now), 'd')"
        }
        try sqlite(
            world,
            "INSERT INTO event (environment, kind, subject, at, detail) VALUES \(rows.joined(separator: ", "))"
        )
        var kills = 0
        let deadline = Date().addingTimeInterval(Double(count) / 2 + 300)
        while try sqlite(world, "SELECT count(*) FROM delivery WHERE state <> 'sent'") != "0"
            || sqlite(world, "SELECT count(*) FROM event WHERE routed = 0") != "0"
        {
            guard Date() < deadline else { return XCTFail("it does not come to an end") }
            try sqlite(world, "UPDATE delivery SET next_at = 0, attempts = 0 WHERE state <> 'sent'")
            let sender = try world.start([world.binary, "notifications", "send", "--quiet"])
            Thread.sleep(forTimeInterval: .random(in: isLong ? 0.2...4 : 0.05...0.6))
            kill(sender.pid, SIGKILL)
            kills += 1
        }
        XCTAssertGreaterThan(kills, 3)
        let taken = try sink.taken().dropFirst(base)
        for environment in ["staging", "production"] {
            let own = taken.filter { $0["environment"] as? String == environment }
            var seen: [String: String] = [:]
            var order: [Int] = []
            for message in own {
                guard let subject = message["subject"] as? String, subject.hasPrefix("n"),
                    let id = message["id"] as? String
                else { continue }
                if let known = seen[subject] {
                    XCTAssertEqual(known, id, "a repeat has the id of the first")
                } else {
                    order.append(Int(subject.dropFirst()) ?? -1)
                }
                seen[subject] = id
            }
            let expected = (0..<count).filter { ($0 % 3 == 0) == (environment == "production") }
            XCTAssertEqual(order, expected, environment)
        }
        let all = taken.filter { ($0["subject"] as? String)?.hasPrefix("n") == true }.count
        print("\(count) messages, \(all - count) of them twice, through \(kills) kills of the sender")
    }
}
