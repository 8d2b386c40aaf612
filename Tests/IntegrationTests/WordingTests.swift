import XCTest

/// What a person reads where a wrong word would mislead.
final class WordingTests: XCTestCase {
    func testAFolderWithoutDefinitionsIsNotAnEmptyProject() throws {
        let world = try QuickstartWorld()
        addTeardownBlock { world.remove() }
        for verb in ["status", "history", "validate"] {
            let answer = try world.deployctl("-C", world.root, verb)
            XCTAssertEqual(answer.code, 10, verb)
            XCTAssertEqual(answer.output, "", verb)
            XCTAssertTrue(
                answer.errors.hasPrefix(
                    "deployctl: There are no definitions in \(world.root)/environments\n"),
                answer.errors)
        }
    }

    func testStoppingOneServiceDoesNotSayThatAllAreStopped() throws {
        let world = try QuickstartWorld()
        addTeardownBlock { world.remove() }
        XCTAssertEqual(try world.deployctl("staging").code, 0)
        let one = try world.deployctl("stop", "staging", "web")
        XCTAssertTrue(one.errors.contains("\nService web of staging is stopped"), one.errors)
        let again = try world.deployctl("start", "staging", "web")
        XCTAssertTrue(again.errors.contains("\nService web of staging is running"), again.errors)
        let all = try world.deployctl("stop", "staging")
        XCTAssertTrue(all.errors.contains("\nThe services of staging are stopped"), all.errors)
    }

    func testASecondDeploymentOfTheSameCommitSaysThatNothingIsToDo() throws {
        let world = try QuickstartWorld()
        addTeardownBlock { world.remove() }
        XCTAssertEqual(try world.deployctl("staging").code, 0)
        let again = try world.deployctl("staging")
        XCTAssertEqual(again.code, 0)
        XCTAssertTrue(again.errors.hasPrefix("Nothing to do: release 2"), again.errors)
        XCTAssertEqual(try world.deployctl("stop", "staging").code, 0)
    }
}
