import DeployTestSupport
import Foundation
import XCTest

/// The connection goes at a step of a run: what ran there is taken back or finished, the exit code is true, and the next command
/// says what became of it.
///
/// At some steps; with `DEPLOYCTL_SOAK=1` at each of them.
final class CutConnectionTests: XCTestCase {
    private enum Cut: String { case ssh, link }

    private var shop: ServedShop!
    private var number = 0

    func testSSHIsKilled() throws {
        shop = try ServedShop("cut", for: self)
        try sweepEveryVerb(.ssh, distance: 15)
    }

    /// Nobody is told then: ssh here gives up after a while, and what runs there has nobody to write to.
    func testTheNetworkIsGone() throws {
        shop = try ServedShop("cut", for: self, patience: 6)
        try sweepEveryVerb(.link, distance: 40)
    }

    private func sweepEveryVerb(_ cut: Cut, distance: Int) throws {
        let distance = CrashSweep.isSoak ? 1 : distance
        try shop.run("staging").expect(0)
        try shop.run("production", "--confirm", "CONFIRM").expect(0)
        try sweep(["staging"], of: "staging", cut, distance) { try commitNext() }
        try shop.run("staging").expect(0)
        try sweep(["production", "--confirm", "CONFIRM"], of: "production", cut, distance) {
            try commitNext()
            try shop.run("staging").expect(0)
        }
        try shop.run("production", "--confirm", "CONFIRM")
        try sweep(["rollback", "previous", "--confirm", "CONFIRM"], of: "production", cut, distance) {
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
    private func sweep(
        _ verb: [String], of environment: String, _ cut: Cut, _ distance: Int, prepare: () throws -> Void
    ) throws {
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
                XCTAssertGreaterThanOrEqual(cuts, max(1, 10 / distance), "the steps are found")
                return
            }
            cuts += 1
            let claim = "\(verb[0]), \(cut) cut at step \(position)"
            let lost = try end(run, by: cut)
            let fate = try fate(of: environment)
            print("\(claim): \(lost.status), \(fate)")
            try judge(lost, fate, before: before, claim)
            isPrepared = fate.version == before
            position += distance
        }
    }

    private func end(_ run: StartedProgram, by cut: Cut) throws -> ProgramRun {
        switch cut {
        case .ssh:
            try shop.cut(run)
            return try run.wait(upTo: 120)
        case .link:
            try shop.server.cutLink()
            let lost = Result { try run.wait(upTo: 120) }
            try shop.server.mendLink()
            return try lost.get()
        }
    }

    /// What the next command says of the run, and what answers.
    private struct Fate { let outcome, state: String, version: String? }

    private struct Status: Decodable {
        struct Place: Decodable {
            struct Last: Decodable { let outcome: String? }
            let state: String
            let lastDeployment: Last
        }
        let environments: [Place]
    }

    /// Once it is decided: what ran there may go on for a while.
    private func fate(of environment: String) throws -> Fate {
        var found: (Status.Place, ProgramRun)?
        let isDecided = try eventually(within: 90) {
            let run = try shop.run("status", environment, "--json")
            guard [0, 18, 19].contains(run.status) else { return false }
            let place = try XCTUnwrap(run.json(Status.self).environments.first)
            found = (place, run)
            return run.status == 0 && place.lastDeployment.outcome != nil
        }
        let (place, run) = try XCTUnwrap(found, "nobody answers")
        try expect(isDecided, "it is decided: \(run.status) \(run.output)")
        return Fate(
            outcome: place.lastDeployment.outcome ?? "", state: place.state,
            version: try shop.served(environment))
    }

    private func judge(_ lost: ProgramRun, _ fate: Fate, before: String?, _ claim: String) throws {
        try expectEqual(fate.state, "healthy", claim)
        let isTakenBack = ["failed", "rolled_back"].contains(fate.outcome)
        try expect(isTakenBack || fate.outcome == "succeeded", "\(claim): \(fate.outcome)")
        try expectEqual(isTakenBack, fate.version == before, "\(claim): \(fate.version ?? "nothing") serves")
        switch lost.status {
        case 0: try expect(!isTakenBack, "\(claim): \(fate.outcome)")
        case 129: try expect(isTakenBack, "\(claim): \(fate.outcome)")
        case 20: try expect(lost.errors.contains("what became of the run there is not known"), lost.errors)
        default: throw Unexpected("\(claim): \(lost.status): \(lost.errors)")
        }
        if lost.status != 0 { try expect(lost.errors.contains("was lost"), "\(claim): \(lost.errors)") }
    }
}
