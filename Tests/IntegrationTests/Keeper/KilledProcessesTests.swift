import DeployTestSupport
import Foundation
import XCTest

/// On a machine with systemd each process of a deployment is killed while visitors ask.
final class KilledProcessesTests: XCTestCase {
    private struct Figures: Decodable {
        let requests: Int
        let lost: Int
        let stray: [String]
        let refused: [String]
        let unserved: [String: Int]
        let outages: [Double]
        let kills: [String: Int]
        let costs: [String: Int]
    }

    /// Seconds; a machine that does other things beside has five times as many.
    private var patience: Double { isSoak ? 2 : 10 }
    private var isSoak: Bool { ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" }

    /// Each asks one thing at a time.
    private let visitors = 8

    private func shop() throws -> KeptServer {
        let script = "\(DeployctlFixture.package)/Tests/Load/kills.py"
        let shop = try KeptServer(
            "kills", for: self, user: "root",
            files: ["kills.py": try String(contentsOfFile: script, encoding: .utf8)])
        try shop.install()
        return shop
    }

    /// Fourteen times; with `DEPLOYCTL_SOAK=1` a hundred times.
    ///
    /// What is lost was asked before the killed process was there again, and was in its hands: masters have none.
    func testWhateverIsKilledServesAgainWithinTwoSeconds() throws {
        let shop = try shop()
        let text = try shop.run(
            "python3 kills.py \(shop.folder) \(shop.ports["production"] ?? 0) \(isSoak ? 100 : 14) \(visitors)"
        )
        print(text)
        let figures = try JSONDecoder().decode(Figures.self, from: Data(text.utf8))
        XCTAssertEqual(figures.kills.count, 6, "service, front and edge with their workers, keeper")
        XCTAssertLessThan(figures.outages.first ?? .infinity, patience)
        XCTAssertEqual(figures.stray, [])
        XCTAssertEqual(figures.refused, [], "who asks while a service is away waits for it")
        for kind in ["keeper", "edge", "front"] {
            XCTAssertEqual(figures.costs[kind], 0, "nobody notices that the \(kind) is away")
        }
        for (kind, cost) in figures.costs {
            XCTAssertLessThanOrEqual(
                cost, visitors * (figures.kills[kind] ?? 0), "more than \(kind) had at hand")
        }
        let kept = try shop.run("deployctl boot status")
        XCTAssertFalse(kept.contains("nobody behind it"), "systemd is, whatever an earlier one left: \(kept)")
        try reportsACrashLoop(shop)
    }

    /// Within thirty seconds, and the machine hardly notices: of one processor it takes a quarter at most.
    private func reportsACrashLoop(_ shop: KeptServer) throws {
        let file = "$(readlink -f .deployctl/production/current)/app/server.py"
        try shop.run("mv \(file) /root/server.py && pkill -9 -f '[p]ython3 .*server.py'; true")
        let began = Date()
        try expect(
            try eventually(within: 30) {
                try shop.attempt("deployctl status production").output.contains("crash loop")
            }, "a crash loop is said")
        print("a crash loop is said after \(Date().timeIntervalSince(began)) s")
        // The keeper's own, and that of what it started and saw end.
        func taken() throws -> Double {
            let text = try shop.run(
                "awk \"{print \\$14 + \\$15 + \\$16 + \\$17}\" /proc/$(systemctl show --value -p MainPID deployctl-shop)/stat"
            )
            return try XCTUnwrap(Double(text.trimmingCharacters(in: .whitespacesAndNewlines)), text) / 100
        }
        let (from, before) = (Date(), try taken())
        try shop.run("sleep \(isSoak ? 20 : 5)")
        let share = try (taken() - before) / Date().timeIntervalSince(from)
        print("a crash loop takes \(share) of a processor")
        XCTAssertLessThan(share, isSoak ? 0.25 : 0.5)
        try shop.run("cp /root/server.py \(file)")
        XCTAssertFalse(try shop.answer("/version", within: 40).isEmpty)
    }
}
