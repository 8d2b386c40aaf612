import DeployTestSupport
import Foundation
import XCTest

/// A project whose environments a keeper looks after.
class KeeperTestCase: XCTestCase {
    struct Standing: Decodable {
        struct Place: Decodable {
            struct Service: Decodable {
                let name: String
                let state: String
                let restarts: Int?
                let ends: String?
            }
            let name: String
            let state: String
            let services: [Service]
            let problems: [String]
        }
        let environments: [Place]
    }

    func standing(_ world: DeployctlFixture, _ name: String = "production") throws -> Standing.Place {
        let run = try world.run("status", "--json")
        return try XCTUnwrap(run.json(Standing.self).environments.first { $0.name == name })
    }

    /// Both environments serve, and a keeper looks after them.
    ///
    /// `by`: what the keeper is started by.
    func keptWorld(by words: [String] = [], _ change: (DeployctlFixture) throws -> Void = { _ in })
        throws -> (DeployctlFixture, StartedProgram)
    {
        let world = try DeployctlFixture(for: self)
        try change(world)
        try world.run("staging").expect(0)
        try world.promote()
        let keeper = try world.start(words + [world.binary, "boot", "run"])
        try expectEventually("the keeper is there") {
            try world.run("boot", "status", "--json").output.contains("\"keeper\":\"process \(keeper.pid)")
        }
        return (world, keeper)
    }

    func all(_ world: DeployctlFixture, in environment: String = "production") -> [ProjectProcess] {
        world.processes().filter { process in
            let place = "/.deployctl/\(environment)/"
            return (process.instance ?? "").contains(place) || process.command.contains(place)
        }
    }

    func expectEventually(_ claim: String, _ condition: () throws -> Bool) throws {
        try expect(try eventually(within: 45, condition), claim)
    }

    func strays(_ world: DeployctlFixture) throws -> [String] {
        try world.strays("production").map(\.command).filter { !$0.hasSuffix("boot run") }
    }

    func serves(_ world: DeployctlFixture) -> Bool {
        world.get("/version", from: "production").status == 200
    }
}
