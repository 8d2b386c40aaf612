import DeployAdapters
import DeployCore
import DeployTestSupport
import Foundation
import XCTest

final class MySQLContractTests: MySQLFixture {
    func testTheServerKeepsTheContract() throws {
        try checkApplicationDatabaseContract(engine, root: folder, transactionalSchema: false) {
            DatabaseLocation("\(self.stem)_\($0)")
        }
    }
}
