import DeployTestSupport
import Foundation
import XCTest

/// T18: what a rollback may go to, after failures, beside foreign files, and by time.
final class RollbackTargetTests: XCTestCase {
    private struct Candidates: Decodable {
        struct Candidate: Decodable {
            let release: String
            let current: Bool
        }
        let candidates: [Candidate]
    }

    private func candidates(_ shop: DeployctlFixture, _ environment: String) throws -> [Candidates.Candidate]
    {
        try shop.run("rollback", "--environment", environment, "--json").expect(0).json(Candidates.self)
            .candidates
    }

    private let foreign = [
        ".deployctl/staging/releases/notes.txt", ".deployctl/staging/releases/20261399000000/kept",
        ".deployctl/production/releases/20260101000000.bak/kept", "backups/production/README",
        "backups/production/20260101000000/kept", "backups/production/lost+found/kept",
    ]

    func testFailedDeploymentsAreNoTargetsAndPushNothingOut_T18() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.deployTwoReleases()
        for path in foreign { try shop.write("foreign", to: path) }
        let known = try candidates(shop, "staging").map(\.release)
        try shop.replace("10s", with: "1s", in: "environments/base.json")
        let count = CrashSweep.isSoak ? 50 : 6
        for number in 0..<count {
            try shop.commit(["app/health": "503", "app/version": "broken \(number)"])
            try shop.run("staging").expect(15)
        }
        try shop.run("backup", "create", "production").expect(0)
        try shop.run("backup", "create", "production").expect(0)
        try shop.run("backup", "prune", "production", "--yes").expect(0)
        XCTAssertEqual(try candidates(shop, "staging").map(\.release), known)
        for environment in ["staging", "production"] {
            for candidate in try candidates(shop, environment) where !candidate.current {
                try shop.run(
                    "rollback", candidate.release, "--environment", environment, "--dry-run", "--rehearse",
                    "--code-only", "--reason", "a try"
                ).expect(0, "\(candidate.release) of \(environment)")
            }
        }
        for path in foreign { XCTAssertEqual(try shop.read(path), "foreign", path) }
        print("T18 \(count) failed deployments, \(known.count) targets as before")
        try shop.run("rollback", "previous", "--confirm", "CONFIRM").expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
    }

    func testATimeNamesAReleaseExactlyOrNothing_T18() throws {
        let shop = try DeployctlFixture(for: self)
        let older = try shop.deployTwoReleases()
        let d = Array(older)
        func part(_ range: Range<Int>) -> String { String(d[range]) }
        let rfc3339 =
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z"
        for exact in [older, rfc3339] { try shop.run("rollback", exact, "--dry-run").expect(0, exact) }
        let world = try shop.world("production")
        for (text, saying) in [
            ("\(part(0..<4))", "is ambiguous"), ("2020-01-01T00:00:00Z", "known are"),
            ("20990101000000", "known are"), ("20260230000000", "known are"),
            (String((Int(older) ?? 0) - 1), "known are"), ("nonsense", "known are"),
        ] {
            let run = try shop.run("rollback", text, "--confirm", "CONFIRM").expect(17, text)
                .expectExplained()
            XCTAssertTrue(run.errors.contains(saying), "\(text): \(run.errors)")
            XCTAssertTrue(run.errors.contains(older), "\(text): \(run.errors)")
        }
        XCTAssertEqual(try shop.world("production"), world)
    }
}
