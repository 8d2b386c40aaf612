import XCTest

@testable import DeployCore

/// What counts as running on a swarm.
final class SwarmLookTests: XCTestCase {
    private func task(
        _ id: String, _ state: String, desired: String = "Running", image: String = "i@sha256:a"
    )
        -> SwarmCopy
    {
        SwarmCopy(
            id: id, name: "shop-staging-1_web.\(id)", image: image, node: "b", desired: desired,
            current: "\(state) 5 seconds ago", error: state == "Rejected" ? "No such image" : "")
    }

    private func look(_ tasks: [SwarmCopy], copies: Int = 2) -> SwarmLook {
        SwarmLook(
            service: SwarmService(
                id: "one", name: "shop-staging-1_web", labels: [:], image: "i@sha256:a",
                mode: .init(copies: .init(count: copies)), ports: nil),
            tasks: tasks)
    }

    func testItIsCompleteWithAllCopiesOfItsDigest() {
        XCTAssertNil(look([task("1", "Running"), task("2", "Running")]).complaint)
        XCTAssertEqual(
            look([task("1", "Running"), task("2", "Rejected")]).complaint,
            "1 of 2 copies run: Rejected on b: No such image")
        XCTAssertEqual(
            look([task("1", "Running"), task("2", "Running", image: "i@sha256:b")]).complaint,
            "b runs i@sha256:b")
        XCTAssertEqual(
            look([task("1", "Running"), task("2", "Starting")]).complaint,
            "1 of 2 copies run: Starting on b", "one whose health check has not spoken counts for nothing")
    }

    func testACopyThatIsToEndStillRunsAndDoesNotCount() {
        let ending = look([task("1", "Running", desired: "Shutdown"), task("2", "Complete")], copies: 1)
        XCTAssertTrue(ending.runs)
        XCTAssertEqual(ending.live.count, 0)
        XCTAssertFalse(look([task("2", "Complete", desired: "Shutdown")]).runs)
    }

    func testOnlyFailuresSinceThenAreCounted() {
        let tasks = ["1", "2", "3"].map { task($0, "Failed", desired: "Shutdown") }
        XCTAssertEqual(look(tasks).failures(beside: []), 3)
        XCTAssertEqual(look(tasks).failures(beside: ["1", "2"]), 1)
    }

    func testACopyBelongsToItsServiceAlsoWhereThatIsGone() {
        let service = look([]).service
        var task = task("1", "Running")
        XCTAssertTrue(task.belongs(to: service))
        task.name = "one.1"
        XCTAssertTrue(task.belongs(to: service))
        task.name = "shop-staging-1_web-2.1"
        XCTAssertFalse(task.belongs(to: service))
    }
}
