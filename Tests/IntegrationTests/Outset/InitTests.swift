import DeployTestSupport
import Foundation
import XCTest

/// `init`, then git, then `staging`: an application nobody described answers.
final class InitTests: XCTestCase {
    func testAStaticSiteIsProvedAndServedWithoutAnEdit() throws {
        let world = try begun("site")
        let proved = try world.run("init", "--check").expect(0)
        XCTAssertTrue(proved.output.contains("builds, starts and answers"), proved.output)
        XCTAssertEqual(world.names(in: ".deployctl").filter { $0 == "staging" }, [])
        try world.run("staging").expect(0)
        XCTAssertEqual(try ask(world, "/about.html").body, "who we are\n")
        let again = try world.run("init", "--yes").expect(12).expectExplained()
        XCTAssertTrue(again.errors.contains("environments/base.json"), again.errors)

        try world.write("raise SystemExit(7)", to: "build.py")
        try world.commit("break the build")
        try world.run("init", "--check").expect(15).expectExplained()
        XCTAssertEqual(try ask(world, "/about.html").status, 200)
    }

    func testSeveralServicesAnswerWithoutAnEdit() throws {
        let world = try begun("monorepo")
        try world.run("staging").expect(0)
        XCTAssertEqual(try ask(world, "/").status, 200)
        XCTAssertTrue(try ask(world, "/api/all").body.hasPrefix("one\n"))
    }

    func testSinatraAnswersWithoutAnEdit() throws {
        for program in ["ruby", "puma"] { try require(program) }
        let world = try begun("sinatra")
        try world.run("staging").expect(0)
        XCTAssertEqual(try ask(world, "/items").status, 200)
    }

    func testPHPAnswersWithoutAnEdit() throws {
        try require("php")
        let world = try begun("php", "--engine", "none")
        try world.run("staging").expect(0)
        XCTAssertEqual(try ask(world, "/").body, "one\n")
    }

    func testATrialNamesItsFilesAndWritesNone() throws {
        let world = try ProjectWorld(for: self)
        try world.write("web: ./run", to: "Procfile")
        let tried = try world.run("init", "--dry-run").expect(0)
        XCTAssertTrue(tried.output.contains("would write environments/production.json"), tried.output)
        XCTAssertEqual(world.names(in: ""), ["Procfile"])
        try world.run("init").expect(2).expectExplained()
        XCTAssertEqual(world.names(in: ""), ["Procfile"])
    }

    private func begun(_ application: String, _ flags: String...) throws -> ProjectWorld {
        let world = try ProjectWorld(for: self)
        let one = "\(ProjectWorld.package)/Tests/Applications/\(application)/one"
        try world.runProgram(["cp", "-r", "\(one)/.", world.project]).expect(0)
        try world.run(["init", "--yes", "--port", "\(try HTTP.freePort())"] + flags).expect(0)
        try world.beginRepository()
        return world
    }

    private func ask(_ world: ProjectWorld, _ path: String) throws -> HTTPAnswer {
        let text = try world.read("environments/staging.json")
        let digits = try XCTUnwrap(text.firstMatch(of: #/"http": (\d+)/#)).output.1
        return HTTP.ask("GET", path, port: try XCTUnwrap(Int(digits)))
    }
}
