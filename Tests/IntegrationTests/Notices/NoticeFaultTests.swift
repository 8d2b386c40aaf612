import DeployTestSupport
import Foundation
import XCTest

/// What goes wrong at a route stays there, and what comes late is not taken for news.
final class NoticeFaultTests: NoticeTestCase {
    private func page(_ world: DeployctlFixture) throws -> [[String: Any]] {
        let page = try Data(contentsOf: URL(fileURLWithPath: "\(world.project)/team.json"))
        let object = try JSONSerialization.jsonObject(with: page) as? [String: Any]
        return try XCTUnwrap(object?["messages"] as? [[String: Any]])
    }

    func testWhatIsGoneForGoodIsGivenUpAndTheNextIsSent() throws {
        let folder = try makeTestFolder()
        let sink = try MessageSink(in: folder, moods: ["410", "410", "410", "take"])
        let world = try world(sink, in: folder)
        try world.run("staging").expect(0)
        for _ in 0..<2 {
            XCTAssertEqual(try events(sink), [])
            try sqlite(world, "UPDATE delivery SET next_at = 0 WHERE state = 'waiting'")
            try world.run("notifications", "send").expect(0)
        }
        XCTAssertEqual(try events(sink), ["succeeded"])
        let list = try world.run("notifications").expect(0).output
        XCTAssertTrue(list.contains("dead after 3 tries: the answer was 410"), list)
    }

    func testWhatIsLateSaysSoAndWhatWasOverIsNotSentAgain() throws {
        let folder = try makeTestFolder()
        let sink = try MessageSink(in: folder, moods: ["refuse"])
        let world = try world(sink, in: folder, on: #"["failed", "succeeded"]"#)
        try world.commit(["app/health": "500"], "Break")
        try world.run("staging").expect(15)
        try world.commit(["app/health": "200"], "Mend")
        try world.run("staging").expect(0)
        sink.stop()
        try sqlite(world, "UPDATE delivery SET state = 'dead'; UPDATE event SET at = at - 7200")
        let later = try MessageSink(in: folder)
        try tell(later, in: world)
        try world.run("notifications", "retry").expect(0)
        let told = try later.taken()
        XCTAssertEqual(Set(told.compactMap { $0["event"] as? String }), ["succeeded", "recovered"])
        XCTAssertEqual(told.compactMap { $0["late"] as? Bool }, [true, true])
        XCTAssertTrue((told.first?["title"] as? String)?.contains(" late, of 20") == true, "\(told)")
        let list = try world.run("notifications").expect(0).output
        XCTAssertTrue(list.contains("not sent, it was over"), list)
    }

    func testATryLeavesThePageThatOthersReadAsItIs() throws {
        let folder = try makeTestFolder()
        let world = try world(
            try MessageSink(in: folder), in: folder,
            routes: #"[{"name": "page", "file": "team.json", "on": ["P2"]}]"#)
        try world.run("staging").expect(0)
        let before = try page(world).compactMap { $0["event"] as? String }
        XCTAssertEqual(before, ["succeeded", "started"])
        try world.run("notifications", "test", "staging").expect(0)
        XCTAssertEqual(try page(world).compactMap { $0["event"] as? String }, before)
    }

    func testWhatAProgramPrintsOfSecretsIsNotKept() throws {
        let folder = try makeTestFolder()
        let world = try world(
            try MessageSink(in: folder), in: folder,
            routes:
                #"[{"name": "program", "command": ["sh", "-c", "cat sink/key >&2; exit 3"], "on": ["P2"]}]"#)
        try world.write("hunter2-very-secret", to: "sink/key")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: "\(world.project)/sink/key")
        try world.replace(
            #""logs""#, with: #""secrets": {"KEY": {"file": "sink/key"}}, "logs""#,
            in: "environments/staging.json")
        try world.commit("Keep a secret")
        try world.run("staging").expect(0)
        let list = try world.run("notifications").expect(0).output
        XCTAssertTrue(list.contains("ended with 3: [redacted]"), list)
        XCTAssertFalse(list.contains("hunter2"), list)
        let tried = try world.run("notifications", "test", "staging").expect(15)
        XCTAssertTrue(tried.errors.contains("[redacted]"), tried.errors)
        XCTAssertFalse(tried.errors.contains("hunter2"), tried.errors)
    }

    func testNoSinkChangesHowARunEnds() throws {
        let folder = try makeTestFolder()
        let silent = try DeployctlFixture(for: self)
        let expected = try ends(silent)
        XCTAssertEqual(expected, ["0 succeeded", "15 failed", "11"])
        for mood in ["refuse", "reset", "lie", "late", "hang"] {
            let place = "\(folder)/\(mood)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let sink = try MessageSink(in: place, moods: [mood])
            XCTAssertEqual(try ends(try world(sink, in: place)), expected, mood)
        }
    }

    private struct History: Decodable {
        struct Deployment: Decodable { let outcome: String }
        let deployments: [Deployment]
    }

    private func past(_ world: DeployctlFixture) throws -> [History.Deployment] {
        try world.run("history", "--json").expect(0).json(History.self).deployments
    }

    /// How a run ended, as its exit code and, where it is on record, as it stands there.
    private func end(_ words: [String], _ world: DeployctlFixture) throws -> String {
        let known = try past(world).count
        let code = try world.run(words).status
        let after = try past(world)
        return "\(code)" + (after.count > known ? " \(after[0].outcome)" : "")
    }

    private func ends(_ world: DeployctlFixture) throws -> [String] {
        let well = try end(["staging"], world)
        try world.commit(["app/health": "500"], "Break")
        let broken = try end(["staging"], world)
        try world.run("lock", "acquire", "production", "-m", "incident 7").expect(0)
        return [well, broken, try end(["production", "--confirm", "CONFIRM"], world)]
    }
}
