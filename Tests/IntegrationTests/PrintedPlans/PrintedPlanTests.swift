import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What a plan prints is what its run starts, as seen by the kernel.
final class PrintedPlanTests: XCTestCase {
    func testWithTheDefaultListen() throws { try tell(replacing: ", \"listen\": \"socket\"", with: "") }

    func testWithSockets() throws { try tell(replacing: "", with: "") }

    private func tell(replacing old: String, with new: String) throws {
        let shop = try DeployctlFixture(for: self)
        let base = "environments/base.json"
        if !old.isEmpty { try shop.replace(old, with: new, in: base) }
        try shop.replace(
            "\"drain\"", with: "\"shared\": [\"uploads\"], \"build\": [[\"true\", \"of shop\"]],\n  \"drain\"",
            in: base)
        try shop.replace(
            "\"verify\": \"restore\"", with: "\"verify\": \"restore\", \"include\": [\"uploads\"]",
            in: "environments/production.json")
        try shop.commit([:], "More to do")
        try trace(["staging"], in: shop)
        try trace(["production"], in: shop)
        let older = try XCTUnwrap(try shop.status("production").place.release)
        try shop.post("first", to: "production")
        try shop.commit(version: "two")
        try trace(["staging"], in: shop)
        try trace(["production"], in: shop)
        try shop.post("second", to: "production")
        try trace(["rollback", older], in: shop)
    }

    /// Has the plan printed, runs the verb under the tracer and compares the two.
    private func trace(_ verb: [String], in shop: DeployctlFixture) throws {
        let plan = try PrintedPlan(
            json: shop.runVerb(["plan"] + verb + ["--json"]).expect(0).output,
            text: shop.runVerb(["plan"] + verb).expect(0).output)
        let folder = "\(shop.folder)/trace\(UUID().uuidString)"
        let confirmation = verb == ["staging"] ? [] : ["--confirm", "CONFIRM"]
        let words = try ProgramTrace.traced([shop.binary] + verb + confirmation, into: folder)
        try shop.runProgram(words).expect(0)
        try plan.expect(
            ProgramTrace(in: folder, of: shop.binary), during: shop.newestSteps(),
            verb.joined(separator: " "))
    }
}

extension DeployctlFixture {
    /// What the journal says of the newest deployment's steps.
    fileprivate func newestSteps() throws -> [StepRecord] {
        let state = SQLiteStateStore(path: Layout.state(project))
        let newest = try XCTUnwrap(state.deployments(of: nil, limit: 1).first)
        return try state.steps(of: newest.timestamp)
    }
}
