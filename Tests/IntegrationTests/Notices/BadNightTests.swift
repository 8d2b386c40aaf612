import DeployTestSupport
import Foundation
import XCTest

/// What happens while everybody sleeps reaches the right person in time, and that it is over reaches them too.
final class BadNightTests: XCTestCase {
    /// The keeper looks each minute, twice where something changed; then a message needs seconds.
    private static let patience = 120.0

    func testEachIncidentReachesItsRouteAndSoDoesItsEnd() throws {
        let night = try BadNight(for: self)
        try night.serve()
        let keeper = try night.world.start([night.world.binary, "boot", "run"])

        try night.breakService()
        try night.closeBackups()
        try night.world.certify(until: "20210101000000")
        try awaitTold(night.onCall, "crash-loop", of: "staging")
        try awaitTold(night.chief, "crash-loop", of: "staging")
        try awaitTold(night.team, "certificate", of: "staging")
        try awaitTold(night.team, "backup-failed", of: "production")
        XCTAssertEqual(try events(night.onCall, of: "production"), [], "production serves")
        XCTAssertEqual(
            Set(try events(night.chief, of: "staging")), ["crash-loop"], "only what is escalated")

        try night.mendService()
        try night.openBackups()
        try night.world.certify(until: "20500101000000")
        try night.world.run("certificate", "renew", "staging").expect(0)
        try awaitTold(night.onCall, "recovered", of: "staging", after: "crash-loop")
        try awaitTold(night.chief, "recovered", of: "staging", after: "crash-loop")
        try awaitTold(night.team, "recovered", of: "staging", after: "certificate")
        try awaitTold(night.team, "recovered", of: "production", after: "backup-failed")

        try night.world.commit(["app/health": "500"], "Break")
        try night.world.run("staging").expect(15)
        try awaitTold(night.team, "failed", of: "staging")
        try night.world.commit(["app/health": "200"], "Mend")
        try night.world.run("staging").expect(0)
        try awaitTold(night.team, "recovered", of: "staging", after: "failed")

        try night.disk.leaving(0) {
            try awaitTold(night.onCall, "unhealthy", of: "production")
            let told = try message(night.onCall, "unhealthy", of: "production")
            let text = try XCTUnwrap(told?["text"] as? String)
            XCTAssertTrue(text.contains("no room is left on the disk"), text)
        }
        try awaitTold(night.onCall, "recovered", of: "production", after: "unhealthy")
        for place in ["staging", "production"] {
            XCTAssertEqual(night.world.get("/version", from: place).status, 200)
        }
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait()
    }

    private func events(_ sink: MessageSink, of environment: String) throws -> [String] {
        try sink.taken().filter { $0["environment"] as? String == environment }
            .compactMap { $0["event"] as? String }
    }

    /// The newest; `trouble`: what it says is over.
    private func message(
        _ sink: MessageSink, _ event: String, of environment: String, after trouble: String? = nil
    ) throws -> [String: Any]? {
        try sink.taken().last {
            $0["event"] as? String == event && $0["environment"] as? String == environment
                && (trouble == nil || ($0["subject"] as? String)?.hasPrefix(trouble ?? "") == true)
        }
    }

    private func awaitTold(
        _ sink: MessageSink, _ event: String, of environment: String, after trouble: String? = nil
    ) throws {
        let began = Date()
        let came = eventually(within: Self.patience) {
            (try? message(sink, event, of: environment, after: trouble)) != nil
        }
        let words = [event, trouble.map { "from \($0)" }, "of \(environment)"].compactMap(\.self)
        let told = try sink.taken()
        try expect(came, "told of \(words.joined(separator: " "))\n\(told)")
        print("\(words.joined(separator: " ")): after \(Int(Date().timeIntervalSince(began))) s")
    }
}
