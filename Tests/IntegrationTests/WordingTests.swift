import DeployTestSupport
import XCTest

/// What a person reads where a wrong word would mislead.
final class WordingTests: XCTestCase {
    func testAFolderWithoutDefinitionsIsNotAnEmptyProject() throws {
        let world = try QuickstartWorld(for: self)
        for verb in ["status", "history", "validate"] {
            let answer = try world.run("-C", world.folder, verb).expect(10)
            XCTAssertEqual(answer.output, "", verb)
            XCTAssertTrue(
                answer.errors.hasPrefix(
                    "deployctl: There are no definitions in \(world.folder)/environments\n"),
                answer.errors)
        }
    }

    func testWhatStaysOutOfAReleaseIsNamed() throws {
        let world = try DeployctlFixture(for: self)
        try world.replace(
            "\"drain\"", with: "\"shared\": [\"storage\", \"log\"], \"drain\"", in: "environments/base.json")
        try world.commit(["storage/default.png": "PNG", "log/.gitkeep": ""], "A folder with a file")
        let run = try world.run("staging").expect(0)
        XCTAssertTrue(
            run.errors.contains("storage is shared: default.png of the commit stay out"), run.errors)
        XCTAssertFalse(run.errors.contains("log is shared"), run.errors)
    }

    func testStoppingOneServiceDoesNotSayThatAllAreStopped() throws {
        let world = try QuickstartWorld(for: self)
        try world.run("staging").expect(0)
        let one = try world.run("stop", "staging", "web").expect(0)
        XCTAssertTrue(one.errors.contains("\nService web of staging is stopped"), one.errors)
        let again = try world.run("start", "staging", "web").expect(0)
        XCTAssertTrue(again.errors.contains("\nService web of staging is running"), again.errors)
        let all = try world.run("stop", "staging").expect(0)
        XCTAssertTrue(all.errors.contains("\nThe services of staging are stopped"), all.errors)
    }

    func testASecondDeploymentOfTheSameCommitSaysThatNothingIsToDo() throws {
        let world = try QuickstartWorld(for: self)
        try world.run("staging").expect(0)
        let again = try world.run("staging").expect(0)
        XCTAssertTrue(again.errors.hasPrefix("Nothing to do: release 2"), again.errors)
    }
}
