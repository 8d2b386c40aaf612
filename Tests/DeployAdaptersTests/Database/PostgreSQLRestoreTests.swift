import DeployCore
import DeployTestSupport
import Foundation
import XCTest

final class PostgreSQLRestoreTests: PostgreSQLFixture {
    private func payload(_ name: String = "payload") -> String { "\(folder)/\(name).dump" }

    /// T13: fifty schemas come back as they were.
    func testFiftyGeneratedSchemasAreRestoredRowForRow_T13() throws {
        let count = Int(ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_SCHEMAS"] ?? "") ?? 50
        for number in 0..<count {
            try database.create(live)
            try sql(PostgreSQLSamples.schema(number, role: role), in: live)
            let taken = try database.backUp(live, to: payload()).summary
            XCTAssertEqual(try database.summarise(live), taken, "schema \(number)")
            try database.restore(payload(), to: location("copy"))
            let differences = try database.summarise(location("copy")).differences(from: taken)
            XCTAssertEqual(differences, [], "schema \(number)")
            try database.remove(live)
            try database.remove(location("copy"))
            try FileManager.default.removeItem(atPath: payload())
        }
    }
}
