import DeployTestSupport
import Foundation
import XCTest

/// One gate, as `gates --json` and `status --json` show it.
struct GateSeen: Decodable, Equatable {
    let id: String
    let verdict: String
    let measured: String
    let next: String
    let opensAt: String?
}

struct GatesSeen: Decodable {
    let ready: Bool
    let gates: [GateSeen]
}

extension DeployctlFixture {
    /// Gives production's definition these rules, as JSON members, and staging its checks.
    func ask(_ rules: String, checks: String = "[]") throws {
        try write(
            """
            {
              "extends": "base.json", "ports": {"http": \(port("production"))}, "logs": "logs/production",
              "promotion": {"from": "staging"\(rules.isEmpty ? "" : ", ")\(rules)}
            }
            """, to: "environments/production.json")
        try write(
            DeployctlFixture.base.replacingOccurrences(
                of: "\"drain\"", with: "\"checks\": \(checks), \"drain\""),
            to: "environments/base.json")
        try commit("Ask")
        try run("staging").expect(0)
    }

    func gates(_ wanted: Int32, _ claim: String = "") throws -> GatesSeen {
        try run("gates", "--json").expect(wanted, claim).json(GatesSeen.self)
    }

    /// The gate refuses, with `production` ending in 12 and naming it as well.
    @discardableResult
    func refuses(_ id: String, _ says: String) throws -> GateSeen {
        let gate = try find(id, in: gates(12, "\(id) refuses"))
        try expectEqual(gate.verdict, "refused", "\(id): \(gate.measured)")
        try expect(gate.measured.contains(says), "\(id) says \(gate.measured), not \(says)")
        try expect(!gate.next.isEmpty, "\(id) says what to do")
        let run = try run("production", "--confirm", "CONFIRM").expect(id == "hold" ? 11 : 12, id)
        try expect(id == "hold" || run.errors.contains("\(id): "), "production names \(id): \(run.errors)")
        return gate
    }

    /// Every gate passes.
    func pass(_ claim: String) throws {
        let seen = try gates(0, claim)
        try expect(seen.ready, claim)
    }

    func find(_ id: String, in seen: GatesSeen) throws -> GateSeen {
        guard let gate = seen.gates.first(where: { $0.id == id }) else { throw Unexpected("no gate \(id)") }
        return gate
    }

    func stagedRelease() throws -> String {
        guard let release = try status("staging").place.release else { throw Unexpected("nothing is staged") }
        return release
    }
}
