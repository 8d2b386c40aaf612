import DeployAdapters
import DeployTestSupport
import XCTest

@testable import DeployCore

final class SQLiteStateContractTests: StateStoreContract {
    private var path = ""

    override func setUpWithError() throws { path = "\(try makeTestFolder())/state.db" }

    override func open() throws -> any StateStore { SQLiteStateStore(path: path) }

    func testTheFileOutlivesWhoWroteIt() throws {
        try open().record(Sample.release(10))
        XCTAssertEqual(try open().releases(), [Sample.release(10)])
    }
}
