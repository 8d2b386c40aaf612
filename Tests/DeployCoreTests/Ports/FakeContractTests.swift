import DeployTestSupport
import XCTest

final class FakeContractTests: XCTestCase {
    func testTheStateInMemoryKeepsTheContract() throws {
        let memory = MemoryStateStore()
        try checkStateStoreContract { MemoryStateStore(sharing: memory) }
    }

    func testAThousandNamesOfOneSecondAreUnique() throws {
        let state = MemoryStateStore()
        let names = try (0..<1000).map { _ in try state.nextTimestamp(at: Sample.timestamp(0).date) }
        XCTAssertTrue(zip(names, names.dropFirst()).allSatisfy { $0 < $1 })
    }

    func testTheFakeDatabaseKeepsTheContract() throws {
        let files = MemoryFileStore()
        try files.makeFolder("/data")
        try checkApplicationDatabaseContract(FakeApplicationDatabase(files: files), root: "/data")
    }
}
