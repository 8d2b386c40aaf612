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

    /// The host is written down, and the script that goes there is replaced only where it is init's own.
    func testAHostIsWrittenDownAndAClientForIt() throws {
        let world = try begun("site", "--host", "deploy@shop.example")
        XCTAssertTrue(try world.read("environments/base.json").contains("\"host\": \"deploy@shop.example\""))
        try world.run("init", "--client").expect(0)
        try world.runProgram(["sh", "-n", "deploy"]).expect(0)
        let usage = try world.runProgram(["./deploy", "history"]).expect(2)
        XCTAssertTrue(usage.errors.contains("staging|production|rollback|status"), usage.errors)
        try world.runProgram(["./deploy", "status", "$(id)"]).expect(2)
        try world.run("init", "--client").expect(0)
        try world.write("echo mine", to: "deploy")
        try world.run("init", "--client").expect(12).expectExplained()
        XCTAssertEqual(try world.read("deploy"), "echo mine")
        try world.run("init", "--client", "--host", "a b").expect(2).expectExplained()
    }

    func testSeveralServicesAnswerWithoutAnEdit() throws {
        let world = try begun("monorepo")
        try world.run("staging").expect(0)
        XCTAssertEqual(try ask(world, "/").status, 200)
        XCTAssertTrue(try ask(world, "/api/all").body.hasPrefix("one\n"))
        XCTAssertEqual(try ask(world, "/items").status, 200)
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
