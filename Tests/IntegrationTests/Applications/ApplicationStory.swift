import DeployTestSupport
import Foundation
import XCTest

/// What every application lives through: two releases, a broken one, and the way back, after its own tools ran beside the
/// code, after a day's traffic, and after a reboot.
struct ApplicationStory {
    let world: ApplicationWorld
    /// Processes that the machine brings back by itself after a reboot.
    var lasting: Set<Int32> = []
    /// The exit code of the broken release; 16 where a migration command of its own may have done something.
    var code: Int32 = 15
    /// A part of what the broken release's failure says.
    let failure: String
    /// Looks at what is this application's own, such as files; told the items that are there.
    var look: (_ items: [String]) throws -> Void = { _ in }
    /// Goes on around the second promotion.
    var during: (_ promote: () throws -> Void) throws -> Void = { try $0() }

    func tell() throws {
        try world.run("staging").expect(0)
        try post("staged", to: "staging")
        try promote()
        try expect("one", [], in: "production")
        try post("first", to: "production")
        try expect("one", ["first"], in: "production")
        try useTools()

        try world.commitRelease("two")
        try world.run("staging").expect(0)
        try expect("two", ["staged"], in: "staging")
        try during(promote)
        try post("second", to: "production")
        try expect("two", ["first", "second"], in: "production")
        try look(["first", "second"])

        try world.commitRelease("broken")
        let broken = try world.run("staging").expect(code).expectExplained()
        XCTAssertTrue(broken.errors.contains(failure), broken.errors)
        try expect("two", ["staged"], in: "staging")
        try execute()
        try useTools()
        let day = try world.passADay("production", writing: keepsItems)
        try expect("two", ["first", "second"] + day, in: "production")

        try rollBack()
        try world.run("restart", "production").expect(0)
        try expect("one", ["first"], in: "production")
        try rollBackAfterAReboot()
    }

    /// Two releases, a broken one and the way back; all of it with `DEPLOYCTL_SOAK=1`.
    func tellInShort() throws {
        guard ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] != "1" else { return try tell() }
        try world.run("staging").expect(0)
        try promote()
        try post("first", to: "production")
        try world.commitRelease("two")
        try world.run("staging").expect(0)
        try promote()
        try post("second", to: "production")
        try expect("two", ["first", "second"], in: "production")
        try world.commitRelease("broken")
        let broken = try world.run("staging").expect(code).expectExplained()
        XCTAssertTrue(broken.errors.contains(failure), broken.errors)
        try rollBack()
    }

    private func rollBack() throws {
        try world.run("rollback", "previous", "--confirm", "CONFIRM").expect(0)
        try expect("one", ["first"], in: "production")
        try look(["first"])
        try expectHealth(["staging", "production"])
    }

    /// Nothing runs any more when somebody goes back.
    private func rollBackAfterAReboot() throws {
        let release = try XCTUnwrap(try world.status("production").place.release)
        try world.git("revert", "--no-edit", "HEAD")
        try world.run("staging").expect(0)
        try promote()
        try post("third", to: "production")
        try expect("two", ["first", "third"], in: "production")

        try world.standInForAReboot(sparing: lasting)
        try world.run("rollback", release, "--confirm", "CONFIRM").expect(0)
        try expect("one", ["first"], in: "production")
        try look(["first"])
        try expectHealth(["production"])
        try world.run("start", "staging").expect(0)
        try expect("two", ["staged"], in: "staging")
        try expectHealth(["staging", "production"])
    }

    private var keepsItems: Bool { world.stranger.keepsItems }

    private func expectHealth(_ environments: [String]) throws {
        for environment in environments {
            let (code, place) = try world.status(environment)
            XCTAssertEqual(code, 0, environment)
            XCTAssertEqual([place.state] + place.drift, ["healthy"], environment)
        }
    }

    private func useTools() throws {
        guard let tellsVersion = world.stranger.tellsVersion else { return }
        for tool in world.stranger.tools {
            try world.run(["exec", "production", tellsVersion.service, "--"] + tool).expect(0, "\(tool)")
        }
    }

    private func execute() throws {
        guard let tellsVersion = world.stranger.tellsVersion else { return }
        let run = try world.run(["exec", "production", tellsVersion.service, "--"] + tellsVersion.command)
            .expect(0)
        XCTAssertTrue(run.output.contains("two"), run.output + run.errors)
    }

    private func promote() throws { try world.run("production", "--confirm", "CONFIRM").expect(0) }

    private func post(_ item: String, to environment: String) throws {
        if keepsItems { try world.post(item, to: environment) }
    }

    private func expect(_ version: String, _ items: [String], in environment: String) throws {
        try expectEqual(try world.version(environment), version, "what serves in \(environment)")
        for (page, bytes) in world.stranger.pages {
            try expectEqual(world.get(page, from: environment).body, bytes, "\(page) of \(environment)")
        }
        if keepsItems { try world.expectItems(items, in: environment) }
    }
}
