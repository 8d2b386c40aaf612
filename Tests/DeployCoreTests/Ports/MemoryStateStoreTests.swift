import DeployTestSupport
import XCTest

final class MemoryStateStoreTests: XCTestCase {
    func testAThousandNamesOfOneSecondAreUnique() throws {
        let state = MemoryStateStore()
        let names = try (0..<1000).map { _ in try state.nextTimestamp(at: Sample.timestamp(0).date) }
        XCTAssertTrue(zip(names, names.dropFirst()).allSatisfy { $0 < $1 })
    }
}
