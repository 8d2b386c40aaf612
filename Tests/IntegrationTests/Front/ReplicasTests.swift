import DeployTestSupport
import Foundation
import XCTest

/// Several of one service under traffic: who asks notices nothing of one that ends or is replaced.
final class ReplicasTests: XCTestCase {
    /// Who answers, by process.
    private func answering(_ shop: DeployctlFixture) throws -> Set<Int> {
        struct Answer: Decodable { let process: Int }
        return Set(
            try (0..<12).map { _ in
                let answer = shop.get("/version", from: "staging")
                try expectEqual(answer.status, 200, answer.body)
                return try JSONDecoder().decode(Answer.self, from: Data(answer.body.utf8)).process
            })
    }

    func testReplicasShareRequestsAndNoneIsLostWhenOneEndsOrAllAreReplaced() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace("\"listen\": \"socket\",", with: "\"replicas\": 3,", in: "environments/base.json")
        try shop.commit("Three of it")
        try shop.run("staging").expect(0)
        let first = try answering(shop)
        XCTAssertEqual(first.count, 3, "requests are spread")
        let look = try shop.run("status", "staging").expect(0).output
        for name in ["web.1", "web.2", "web.3"] { XCTAssertTrue(look.contains(name), look) }
        XCTAssertEqual(shop.names(in: "logs/staging").filter { $0.hasPrefix("web.") }.count, 3)

        let keeper = try shop.start([shop.binary, "boot", "run"])
        let readers = (0..<3).map { _ in LiveTraffic(port: shop.port("staging")) }
        kill(Int32(try XCTUnwrap(first.first)), SIGKILL)
        try expect(
            eventually {
                guard let now = try? answering(shop) else { return false }
                return now.count == 3 && now != first
            }, "the keeper starts it again")

        let writer = LiveTraffic(port: shop.port("staging"), path: "/items", method: "POST")
        let restart = try shop.run("restart", "staging", "web").expect(0)
        XCTAssertTrue(restart.errors.contains("Service web of staging is running"), restart.errors)
        XCTAssertTrue(try answering(shop).isDisjoint(with: first), "each was replaced")
        try shop.run("stop", "staging", "web.2").expect(0)
        XCTAssertEqual(try answering(shop).count, 2)
        try shop.run("start", "staging", "web").expect(0)
        XCTAssertEqual(try answering(shop).count, 3)
        XCTAssertGreaterThan(writer.stop(), 20)
        try writer.expectUnharmed("writes while one after the other was replaced")

        try shop.replace("\"replicas\": 3", with: "\"replicas\": 2", in: "environments/base.json")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        XCTAssertEqual(try answering(shop).count, 2)
        try shop.run("rollback", "previous", "--environment", "staging", "--code-only").expect(0)
        XCTAssertEqual(try answering(shop).count, 3, "a release is run as often as it was")
        for reader in readers {
            XCTAssertGreaterThan(reader.stop(), 20)
            try reader.expectUnharmed("from the killed one to the rollback")
        }
        let lines = try shop.run("logs", "staging", "web").expect(0).output
        XCTAssertTrue(lines.contains("web.3"), lines)
        try shop.run("exec", "staging", "web", "--", "true").expect(0)
        XCTAssertTrue(try shop.run("show", "previous").expect(0).output.contains("web: 2 replicas"))
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait(upTo: 10)
    }
}
