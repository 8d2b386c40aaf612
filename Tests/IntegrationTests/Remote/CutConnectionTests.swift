import DeployTestSupport
import Foundation
import XCTest

/// ssh dies at a step of a run: what ran there is taken back or finished, the exit code is true, and the next command says what
/// became of it.
final class CutConnectionTests: XCTestCase {
    private var shop: ServedShop!
    private var number = 0

    /// At some steps; with `DEPLOYCTL_SOAK=1` at each.
    func testAnyStepOfAnyRun() throws {
        shop = try ServedShop("cut", for: self)
        try shop.run("staging").expect(0)
        try shop.run("production", "--confirm", "CONFIRM").expect(0)
        try sweep(["staging"], of: "staging") { try commitNext() }
        try shop.run("staging").expect(0)
        try sweep(["production", "--confirm", "CONFIRM"], of: "production") {
            try commitNext()
            try shop.run("staging").expect(0)
        }
        try shop.run("production", "--confirm", "CONFIRM")
        try sweep(["rollback", "previous", "--confirm", "CONFIRM"], of: "production") {
            try commitNext()
            try shop.run("staging").expect(0)
            try shop.run("production", "--confirm", "CONFIRM").expect(0)
        }
    }

    private func commitNext() throws {
        number += 1
        try shop.commit(version: "v\(number)")
    }

    /// `prepare` is called for the first cut, and after each run that was not taken back.
    private func sweep(_ verb: [String], of environment: String, prepare: () throws -> Void) throws {
        let distance = CrashSweep.isSoak ? 1 : 5
        var (position, isPrepared, cuts) = (1, false, 0)
        while true {
            if !isPrepared { try prepare() }
            let before = try shop.served(environment)
            let run = try shop.start([shop.binary] + verb + ["--progress", "plain"])
            let begun = try Regex("Z \(position)\\. .*: started")
            try expect(
                eventually(within: 120) { run.errors.contains(begun) || run.ended() != nil }, "it goes on")
            if let ended = run.ended() {
                try ended.expect(0)
                XCTAssertGreaterThan(cuts, 2, "the steps are found")
                return
            }
            try shop.cut(run)
            cuts += 1
            let lost = try run.wait(upTo: 120)
            let fate = try fate(of: environment)
            print("\(verb[0]) cut at step \(position): \(lost.status), \(fate)")
            try judge(lost, fate, before: before, "\(verb[0]) cut at step \(position)")
            isPrepared = fate.version == before
            position += distance
        }
    }

    /// What the next command says of the run, and what answers.
    private struct Fate { let outcome, state: String, version: String? }

    private func fate(of environment: String) throws -> Fate {
        struct Status: Decodable {
            struct Place: Decodable {
                struct Last: Decodable { let outcome: String }
                let state: String
                let lastDeployment: Last
            }
            let environments: [Place]
        }
        let place = try XCTUnwrap(
            shop.run("status", environment, "--json").expect(0).json(Status.self).environments.first)
        return Fate(
            outcome: place.lastDeployment.outcome, state: place.state, version: try shop.served(environment))
    }

    private func judge(_ lost: ProgramRun, _ fate: Fate, before: String?, _ claim: String) throws {
        try expectEqual(fate.state, "healthy", claim)
        switch lost.status {
        case 0:
            try expectEqual(fate.outcome, "succeeded", claim)
            try expect(fate.version != before, "\(claim): \(fate.version ?? "nothing") serves on")
        case 129:
            try expect(["failed", "rolled_back"].contains(fate.outcome), "\(claim): \(fate.outcome)")
            try expectEqual(fate.version, before, claim)
            try expect(lost.errors.contains("was lost"), "\(claim): \(lost.errors)")
        default: throw Unexpected("\(claim): \(lost.status): \(lost.errors)")
        }
    }
}
