import DeployTestSupport
import Foundation
import XCTest

final class StaticSiteTests: XCTestCase {
    func testAStaticSiteGoesForthAndBack() throws {
        let world = try ApplicationWorld("Static site", "site", for: self)
        try world.begin()
        try ApplicationStory(
            world: world, keepsItems: false, failure: "/ answers 403",
            look: { _ in
                XCTAssertEqual(world.get("/about.html", from: "production").body, "who we are\n")
            }
        ).tell()
    }
}

final class CompiledBinaryTests: XCTestCase {
    func testABinaryWithAFileOfItsOwnGoesForthAndBack_I14() throws {
        let world = try ApplicationWorld("Compiled binary", "counter", for: self, needing: ["gcc"])
        try world.begin()
        let file = ".deployctl/production/shared/data/items"
        try ApplicationStory(
            world: world, tellsVersion: ("counter", ["./counter", "--version"]),
            tools: [["gcc", "-c", "counter.c"]], failure: "undeclared",
            look: { XCTAssertEqual(try world.read(file), $0.map { "\($0)\n" }.joined()) }
        ).tell()
    }
}

final class RubyApplicationTests: XCTestCase {
    func testSinatraOnPumaGoesForthAndBack_I14() throws {
        let world = try ApplicationWorld(
            "Ruby (Sinatra, puma)", "sinatra", for: self, needing: ["ruby", "puma"])
        let gems = try world.runProgram(["ruby", "-e", "require 'sinatra/base'; require 'sqlite3'"])
        guard gems.status == 0 else { throw lacking("ruby-sinatra and ruby-sqlite3") }
        try world.begin()
        try ApplicationStory(
            world: world, tellsVersion: ("web", ["ruby", "-r", "./version", "-e", "puts VERSION"]),
            tools: [["rake", "tmp:warm"]],
            failure: "V0003_slip.sql"
        ).tell()
    }
}

final class OddApplicationTests: XCTestCase {
    func testASlowDeafProgramWithALogOfItsOwnGoesForthAndBackAndADaemonIsRefused_I14() throws {
        let world = try ApplicationWorld("Odd programs", "odd", for: self)
        try world.begin()
        let log = ".deployctl/production/shared/log/app.log"
        try ApplicationStory(
            world: world,
            tellsVersion: ("app", ["python3", "-c", "import version; print(version.VERSION)"]),
            tools: [["python3", "-m", "compileall", "-q", "-f", "."]],
            failure: "ended with exit status 0",
            look: { _ in
                let lines = try world.read(log).split(separator: "\n")
                XCTAssertEqual(
                    lines.filter { $0 == "POST /items" }.count, world.posted["production"],
                    "no log goes with its release")
            }
        ).tell()
    }
}
