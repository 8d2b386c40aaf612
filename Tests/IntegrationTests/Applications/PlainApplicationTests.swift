import DeployTestSupport
import Foundation
import XCTest

final class StaticSiteTests: XCTestCase {
    func testAStaticSiteGoesForthAndBack() throws {
        let world = try ApplicationWorld(.site, for: self)
        try world.begin()
        try ApplicationStory(
            world: world, failure: "/ answers 403"
        ).tell()
    }
}

final class CompiledBinaryTests: XCTestCase {
    func testABinaryWithAFileOfItsOwnGoesForthAndBack_I14() throws {
        let world = try ApplicationWorld(.counter, for: self, needing: ["gcc"])
        try world.begin()
        let file = ".deployctl/production/shared/data/items"
        try ApplicationStory(
            world: world, failure: "undeclared",
            look: { XCTAssertEqual(try world.read(file), $0.map { "\($0)\n" }.joined()) }
        ).tell()
    }
}

final class RubyApplicationTests: XCTestCase {
    func testSinatraOnPumaGoesForthAndBack_I14() throws {
        let world = try ApplicationWorld(.sinatra, for: self, needing: ["ruby", "puma"])
        let gems = try world.runProgram(["ruby", "-e", "require 'sinatra/base'; require 'sqlite3'"])
        guard gems.status == 0 else { throw lacking("ruby-sinatra and ruby-sqlite3") }
        try world.begin()
        try ApplicationStory(
            world: world, failure: "V0003_slip.sql"
        ).tell()
    }
}

final class OddApplicationTests: XCTestCase {
    func testASlowDeafProgramWithALogOfItsOwnGoesForthAndBackAndADaemonIsRefused_I14() throws {
        let world = try ApplicationWorld(.odd, for: self)
        try world.begin()
        let log = ".deployctl/production/shared/log/app.log"
        try ApplicationStory(
            world: world, failure: "ended with exit status 0",
            look: { _ in
                let lines = try world.read(log).split(separator: "\n")
                XCTAssertEqual(
                    lines.filter { $0 == "POST /items" }.count, world.posted["production"],
                    "no log goes with its release")
            }
        ).tell()
    }
}
