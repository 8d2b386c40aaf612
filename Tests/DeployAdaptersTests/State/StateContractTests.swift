import DeployAdapters
import DeployCore
import DeployTestSupport
import XCTest

final class StateContractTests: XCTestCase {
    func testTheStateInSQLiteKeepsTheContract() throws {
        let folder = try makeTestFolder()
        try checkStateStoreContract { SQLiteStateStore(path: "\(folder)/state.db") }
    }

    func testTheSQLiteDatabaseKeepsTheContract() throws {
        let commands = ProcessCommandRunner(interruption: FakeInterruption())
        try checkApplicationDatabaseContract(
            SQLiteApplicationDatabase(commands: commands), root: try makeTestFolder())
    }
}
