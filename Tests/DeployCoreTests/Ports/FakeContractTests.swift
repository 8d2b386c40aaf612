import DeployTestSupport
import XCTest

final class FakeContractTests: XCTestCase {
    func testTheStateInMemoryKeepsTheContract() throws {
        let memory = MemoryStateStore()
        try checkStateStoreContract { MemoryStateStore(sharing: memory) }
    }

    func testTheFakeDatabaseKeepsTheContract() throws {
        let files = MemoryFileStore()
        try files.makeFolder("/data")
        try checkApplicationDatabaseContract(FakeApplicationDatabase(files: files), root: "/data")
    }
}
