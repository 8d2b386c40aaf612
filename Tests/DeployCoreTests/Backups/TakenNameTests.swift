import DeployTestSupport
import XCTest

@testable import DeployCore

/// Backups are named by the clock, so others can know a name before it is given.
final class TakenNameTests: XCTestCase {
    func testANameThatSomebodyTookBeforehandIsSaidToBeTaken_T21() throws {
        let shop = try Shop()
        let place = shop.layout.backup(Sample.timestamp(151))
        shop.machine.files.write("theirs", to: "\(place)/manifest.json")
        let failure = try XCTUnwrap(try shop.failure(try shop.promotion(of: 30), named: 150))
        XCTAssertEqual(failure.code, .backupFailed)
        XCTAssertTrue(failure.why.begins(with: "\(place) is there already"), failure.why)
        XCTAssertTrue(failure.next.begins(with: "mv \(place) \(place).foreign"), failure.next)
    }

    /// Between taking and proving somebody may be there too.
    func testANameThatIsTakenWhileTheBackupIsMadeIsNotProved_T21() throws {
        let shop = try Shop()
        let deployer = shop.machine.deployer()
        let plan = try shop.promotion(of: 30).plan(
            named: PlanNames(
                deployment: Sample.timestamp(150), backup: Sample.timestamp(151),
                retired: Sample.timestamp(152)))
        let context = StepContext(
            Workspace(ports: deployer.ports, project: shop.machine.project), plan: plan, origin: Sample.origin
        )
        let writer = BackupWriter(context: context)
        _ = try writer.write(Sample.timestamp(151), of: .init(database: shop.database), release: nil)
        let place = shop.layout.backup(Sample.timestamp(151))
        shop.machine.files.write("theirs", to: "\(place)/manifest.json")
        expectError(.backupFailed, "is there already") {
            _ = try writer.proveAndPublish(Sample.timestamp(151), verification: .restore)
        }
    }
}
