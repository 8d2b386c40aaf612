import DeployTestSupport
import Foundation
import XCTest

/// Answers that do not arrive, logs that cannot be written, and a folder that went away.
final class UnreadAnswerTests: XCTestCase {
    func testAnAnswerThatCannotBeWrittenIsNoSuccess() throws {
        let shop = try DeployctlFixture(for: self)
        for words in [["status"], ["status", "--json"], ["version"], ["help"], ["history"]] {
            let run = try shop.runProgram(["bash", "-c", "\"$0\" \"$@\" > /dev/full", shop.binary] + words)
            try run.expect(1, "\(words)")
            try expect(run.errors.contains("could not be written"), run.errors)
            try expect(run.errors.contains("No space left on device"), run.errors)
        }
        let refused = try shop.runProgram([
            "bash", "-c", "\"$0\" restart production --json > /dev/full", shop.binary,
        ])
        try refused.expect(17, "a failure keeps its own code")
    }

    func testAReaderThatHadEnoughIsNoFailure() throws {
        let shop = try DeployctlFixture(for: self)
        let run = try shop.runProgram([
            "bash", "-c", "\"$0\" schema | true; exit ${PIPESTATUS[0]}", shop.binary,
        ])
        try run.expect(0, run.errors)
    }

    func testAFolderThatIsGoneIsNamedAsSuch() throws {
        let shop = try DeployctlFixture(for: self)
        let script = "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" status"
        let run = try shop.runProgram(["bash", "-c", script, shop.binary]).expectExplained()
        try run.expect(10)
        try expect(run.errors.contains("The folder that this was started in is gone"), run.errors)
        try shop.runProgram([
            "bash", "-c", script.replacingOccurrences(of: "status", with: "-C \(shop.project) status"),
            shop.binary,
        ]).expect(0)
    }

    func testARunWithoutALogSaysSoAndNamesNone() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.write("not a folder\n", to: "logs/staging/deployctl")
        let run = try shop.run("staging").expect(0)
        try expect(run.errors.contains("this run has no log: "), run.errors)
        try expect(!run.errors.contains("Log: "), run.errors)
        let deployment = try XCTUnwrap(
            run.errors.split(whereSeparator: { !$0.isNumber }).first { $0.count == 14 })
        let shown = try shop.run("show", String(deployment)).expect(0).output
        try expect(shown.contains("log: none on disk"), shown)
    }

    func testWhereNothingIsDeployedTheFirstStepIsNamed() throws {
        let shop = try DeployctlFixture(for: self)
        for words in [
            ["restart", "production"], ["backup", "create", "production"], ["rollback", "previous"],
        ] {
            let run = try shop.run(words).expect(17).expectExplained()
            try expect(run.errors.contains("Nothing is deployed to production"), run.errors)
            try expect(run.errors.contains("next:  deployctl staging\n"), run.errors)
        }
    }
}
