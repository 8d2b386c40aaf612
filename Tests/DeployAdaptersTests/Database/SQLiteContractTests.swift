import DeployAdapters
import DeployTestSupport
import XCTest

@testable import DeployCore

final class SQLiteContractTests: DatabaseContract {
    override func makeWorld() throws -> World {
        let (commands, folder) = (
            ProcessCommandRunner(interruption: FakeInterruption()), try makeTestFolder()
        )
        return World(
            database: SQLiteApplicationDatabase(commands: commands), root: folder,
            live: DatabaseLocation("\(folder)/live.db"), separator: ".")
    }

    func testOnlyGenerationsOfTheSameFileAreItsSiblings() throws {
        let world = try world
        for name in ["live.db", "live.db.20260101120000", "live.db.2026", "live.db-20260101120000"] {
            try world.database.create(DatabaseLocation("\(world.root)/\(name)"))
        }
        XCTAssertEqual(
            try world.database.siblings(of: world.live).map(\.name), ["\(world.root)/live.db.20260101120000"])
    }
}
