import DeployTestSupport
import Foundation
import XCTest

/// Other people's applications on a machine with systemd: two releases, the application's own tools beside the code, a day's
/// traffic, a reboot and a power cut, and then the way back and forth.
///
/// Two of the fourteen; all of them with
/// `DEPLOYCTL_SOAK=1 swift test --filter RebootedStrangersTests`.
final class RebootedStrangersTests: XCTestCase {
    func testEachServesAgainByItselfAndGoesBackAfterADayARebootAndAPowerCut_I14() throws {
        let all = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        let some: [Stranger] = [.odd, .live]
        let machine = try StrangersServer(all ? Stranger.all : some, for: self)
        stories = machine.projects.map(ForeignStory.init)
        tell("a day") { try $0.liveADay() }
        try machine.reboot()
        tell("after a reboot") { try $0.expectBack(afterwardsKeep: "rebooted") }
        try machine.server.cutPower()
        tell("after a power cut") { try $0.expectBack(afterwardsKeep: "cut") }
        tell("rollback") { try $0.rollBack() }
        try machine.server.cutPower()
        tell("after another power cut") { try $0.expectRolledBack() }
        tell("undo") { try $0.undo() }
        XCTAssertEqual(stories.count, machine.projects.count, "stories that were told to the end")
    }

    private var stories: [ForeignStory] = []

    /// The next part of each story, two side by side; one that went wrong is not told any further.
    private func tell(_ what: String, _ part: @Sendable (inout ForeignStory) throws -> Void) {
        let began = Date()
        let told = Told(stories)
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            while var story = told.next() {
                do {
                    try part(&story)
                    told.add(story)
                } catch {
                    told.add("\(story.project.stranger.title): \(what): \(error)")
                }
            }
        }
        for fault in told.faults { XCTFail(fault) }
        stories = told.stories
        print("\(what): \(stories.count) stories in \(Int(Date().timeIntervalSince(began))) s")
    }
}

/// Stories of which two are told at a time.
private final class Told: @unchecked Sendable {
    private let guarded = NSLock()
    private var waiting: [ForeignStory]
    private(set) var stories: [ForeignStory] = []
    private(set) var faults: [String] = []

    init(_ waiting: [ForeignStory]) { self.waiting = waiting.reversed() }

    func next() -> ForeignStory? { guarded.withLock { waiting.popLast() } }
    func add(_ story: ForeignStory) { guarded.withLock { stories.append(story) } }
    func add(_ fault: String) { guarded.withLock { faults.append(fault) } }
}

/// What becomes of one project.
private struct ForeignStory: Sendable {
    let project: ForeignProject
    private var first = ""
    private var undoing = ""
    private var kept = ["first", "second"]

    init(project: ForeignProject) { self.project = project }

    mutating func liveADay() throws {
        try project.run("deployctl staging -q")
        try project.post("staged", to: "staging")
        try project.promote()
        first = try project.release()
        try project.post("first")
        try project.expectServed("one", ["first"])
        try project.useTools("one")

        try project.commitSecond()
        try project.run("deployctl staging -q")
        try project.promote()
        undoing = "deployctl rollback \(try project.release())"
        try project.post("second")
        try project.run("deployctl boot install && deployctl boot status")
        kept += try project.passADay()
        try project.useTools("two")
        try expectTwo()
    }

    mutating func expectBack(afterwardsKeep item: String) throws {
        try expectTwo()
        try project.post(item)
        kept.append(item)
        try expectTwo()
    }

    mutating func rollBack() throws {
        let said = try project.run("deployctl rollback \(first) --confirm CONFIRM")
        try expectOne()
        try project.useTools("one")
        // Where no data went back the release itself is the way.
        if let command = said.firstMatch(of: #/to undo: (deployctl rollback .*)/#) {
            undoing = String(command.1)
        }
    }

    func expectRolledBack() throws { try expectOne() }

    func undo() throws {
        try project.run("\(undoing) --confirm CONFIRM")
        try expectTwo()
    }

    private func expectOne() throws { try expect("one", ["first"]) }

    private func expectTwo() throws { try expect("two", kept) }

    /// Code and data of production together, staging beside it, and what `status` says of both.
    private func expect(_ version: String, _ items: [String]) throws {
        try project.expectServed(version, items, within: 60)
        try project.expectServed("two", ["staged"], in: "staging", within: 60)
        try project.expectHealthy()
    }
}
