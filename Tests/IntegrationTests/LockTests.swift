import DeployTestSupport
import Foundation
import XCTest

/// Many runs at once (T07).
final class LockTests: XCTestCase {
    private static let count = 64
    /// How long the slowest machine may take over all of them; the winner waits for as long.
    private static let patience = 120.0

    func testOfManyRunsAtOnceOneDeploysAndTheOthersAreRefusedAtOnce_T07() throws {
        let shop = try DeployctlFixture(for: self)
        let go = try shop.waitInBuilds()
        try shop.run("staging").expect(0)
        for round in 1...(CrashSweep.isSoak ? 50 : 5) {
            try FileManager.default.removeItem(atPath: go)
            try shop.commit(version: "round \(round)")
            try race(shop, releasing: go)
            XCTAssertEqual(try shop.version("staging"), "round \(round)")
            try shop.expectConsistent("staging")
            XCTAssertEqual(try shop.history("staging").count, round + 1)
        }
    }

    /// While the barrier is open for writing, every shell that opens it for reading goes on, a late one too.
    private func race(_ shop: DeployctlFixture, releasing go: String) throws {
        let barrier = "\(shop.folder)/barrier"
        unlink(barrier)
        guard mkfifo(barrier, 0o600) == 0 else { throw Unexpected("no barrier: errno \(errno)") }
        var runs: [StartedProgram] = []
        for _ in 0..<Self.count {
            runs.append(try shop.start(["sh", "-c", ": < \(barrier); exec \(shop.binary) staging"]))
        }
        guard eventually({ shop.opening(barrier) == Self.count }) else {
            throw Unexpected("not all reached the barrier")
        }
        let door = open(barrier, O_WRONLY | O_CLOEXEC)
        defer { close(door) }

        // Refused while the winner still builds, so none of them waited for it.
        var ended: [ProgramRun] = []
        _ = eventually(within: Self.patience) {
            for (index, run) in runs.enumerated().reversed() {
                guard let result = run.ended() else { continue }
                ended.append(result)
                runs.remove(at: index)
            }
            return ended.count >= Self.count - 1
        }
        try Data().write(to: URL(fileURLWithPath: go))
        try expectEqual(ended.count, Self.count - 1, "refused while one builds")
        for run in ended {
            try run.expect(11)
            try run.expectExplained()
        }
        try runs[0].wait().expect(0)
    }
}

extension DeployctlFixture {
    /// From now on a build goes on only while a file is there, which it is now.
    ///
    /// - Returns: the file.
    func waitInBuilds() throws -> String {
        let go = "\(folder)/go"
        try replace(
            "\"project\": \"shop\",",
            with:
                "\"project\": \"shop\", \"build\": [[\"sh\", \"-c\", \"until test -e \(go); do sleep 0.02; done\"]],",
            in: "environments/base.json")
        try Data().write(to: URL(fileURLWithPath: go))
        return go
    }

    /// How many shells wait at a barrier.
    func opening(_ barrier: String) -> Int {
        processes().count { $0.command.hasPrefix("sh -c : < \(barrier)") }
    }

    func history(_ environment: String) throws -> [String] {
        struct History: Decodable {
            struct Entry: Decodable { let timestamp: String }
            let deployments: [Entry]
        }
        return try run("history", environment, "--json").expect(0).json(History.self).deployments.map(
            \.timestamp)
    }
}

extension ProgramRun {
    /// Says what happened, why, and what to do next.
    @discardableResult
    func expectExplained() throws -> ProgramRun {
        for part in ["deployctl: ", "\n  why:  ", "\n  next: "] {
            try expect(errors.contains(part), "no \(part) in: \(errors)")
        }
        return self
    }

    private func expect(_ holds: Bool, _ claim: @autoclosure () -> String) throws {
        if !holds { throw Unexpected("\(words.joined(separator: " ")): \(claim())") }
    }
}
