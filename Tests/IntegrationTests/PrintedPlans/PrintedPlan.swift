import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A plan as `plan` printed it, once for programs and once for people.
struct PrintedPlan {
    struct Call {
        let pattern: ProgramCall
        let isConditional: Bool
    }

    /// The calls of each step, in its order.
    let steps: [(id: String, calls: [Call])]

    private struct Answer: Decodable {
        struct Step: Decodable {
            let id: String
            let commands: [[String]]
        }
        let steps: [Step]
    }

    /// `json` says what is started, `text` also under which condition.
    init(json: String, text: String) throws {
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json.utf8))
        var remarks = text.split(separator: "\n").filter { $0.hasPrefix("       $ ") }
            .map { $0.contains("  # when ") }[...]
        steps = answer.steps.map { step in
            let calls = step.commands.compactMap { vector in
                Command(vector: vector.map(Self.timeless)).map {
                    Call(pattern: ProgramCall($0), isConditional: remarks.popFirst() ?? false)
                }
            }
            return (step.id, calls)
        }
        XCTAssertEqual(steps.flatMap(\.calls).count, answer.steps.flatMap(\.commands).count)
        XCTAssertTrue(remarks.isEmpty, "people see other commands than programs:\n\(text)\n\(json)")
    }

    /// Compares with what a run of it started, each program counting for the step during which it was started.
    func expect(_ trace: ProgramTrace, during records: [StepRecord], _ claim: String) {
        XCTAssertEqual(records.map(\.step), steps.map(\.id), claim)
        for (step, record) in zip(steps, records) {
            let end = record.finishedAt ?? .distantFuture
            let started = trace.programs.filter { $0.at >= record.startedAt && $0.at <= end }.map(\.command)
            for command in started where !step.calls.contains(where: { Self.fits(command, $0.pattern) }) {
                XCTFail("\(claim): \(step.id) does not print \(command)")
            }
            for call in step.calls where !call.isConditional {
                XCTAssertEqual(
                    started.contains { Self.fits($0, call.pattern) }, Self.takesProgram(call.pattern.command),
                    "\(claim): \(step.id) prints for nothing, or starts, \(call.pattern.command)")
            }
        }
        guard let last = records.last?.finishedAt else { return XCTFail("\(claim): nothing ran") }
        for program in trace.programs where program.at > last && !Self.looks(program.command) {
            XCTFail("\(claim): after the last step there is \(program.command)")
        }
    }

    /// What is asked by HTTP without TLS is printed as a person would ask it, and is asked without a program.
    private static func takesProgram(_ command: Command) -> Bool {
        command.program != "curl" || command.arguments.contains { $0.hasPrefix("https:") }
    }

    /// What is started to look once all is done: what containers keep beside their code, whether the images of the way
    /// back are there.
    private static func looks(_ command: Command) -> Bool {
        command.program.hasSuffix("docker")
            && (command.arguments.first == "diff"
                || [["container", "inspect"], ["image", "inspect"]].contains(
                    Array(command.arguments.prefix(2))))
    }

    /// A program that was found by its name is traced by its path.
    private static func fits(_ command: Command, _ call: ProgramCall) -> Bool {
        let name = call.command.program
        let program = command.program.hasSuffix("/\(name)") ? name : command.program
        return call.fits(Command(program, command.arguments.map(timeless)))
    }

    /// The plan was printed before the run had its name.
    private static func timeless(_ word: String) -> String {
        word.replacing(/20\d{12}/, with: "TIMESTAMP")
    }
}
