import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

extension ProjectWorld {
    /// Has the plan of a verb printed, runs the verb under the tracer, and compares the two.
    func comparePlan(_ verb: [String], confirming: Bool = false) throws {
        let plan = try PrintedPlan(
            json: run(["plan"] + verb + ["--json"]).expect(0).output,
            text: run(["plan"] + verb).expect(0).output)
        let trace = "\(folder)/trace\(UUID().uuidString)"
        let words = try ProgramTrace.traced(
            [binary] + verb + (confirming ? ["--confirm", "CONFIRM"] : []), into: trace)
        try runProgram(words).expect(0)
        try plan.expect(
            ProgramTrace(in: trace, of: binary), during: newestSteps(), verb.joined(separator: " "))
    }

    /// What the journal says of the newest deployment's steps.
    private func newestSteps() throws -> [StepRecord] {
        let state = SQLiteStateStore(path: Layout.state(project))
        let newest = try XCTUnwrap(state.deployments(of: nil, limit: 1).first)
        return try state.steps(of: newest.timestamp)
    }
}
