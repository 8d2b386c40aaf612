import DeployTestSupport
import XCTest

@testable import DeployCore

/// What a person is told before a rollback, and nobody else says.
final class RollbackOutlookTests: XCTestCase {
    private func notices(_ shop: Shop, _ scope: RollbackScope = .codeAndData) throws -> [String] {
        let request = RollbackRequest(target: "previous", scope: scope, skipsSafetyBackup: false)
        return try shop.machine.deployer().rollback("production", to: request)
            .proposal(shop.environment).notices
    }

    private func promoted(
        next sql: String = "CREATE TABLE more (text)", _ change: (inout Environment) -> Void = { _ in }
    )
        throws -> Shop
    {
        let shop = try Shop(next: sql, change)
        try shop.run(try shop.promotion(of: 30), named: 150)
        return shop
    }

    func testTheBackupsAgeAndTheTimeItsProofTookAreSaid() throws {
        let shop = try promoted()
        shop.machine.clock.move(by: .seconds(7200))
        let first = try XCTUnwrap(try notices(shop).first)
        XCTAssertTrue(first.contains(", taken 2 h ago ("), first)
        XCTAssertTrue(first.contains("is restored; proving it took "), first)
    }

    func testCodeAloneIsOfferedOnlyWhereNoMigrationLiesBetween() throws {
        let offer = "no migration lies between"
        let migrated = try promoted()
        XCTAssertFalse(try notices(migrated).contains { $0.hasPrefix(offer) })
        let plain = try promoted { $0.migrations = nil }
        XCTAssertFalse(try notices(plain).contains { $0.hasPrefix(offer) }, "nothing would be lost")
    }

    /// Whichever of the two is newer, the code would meet a schema that is not its own.
    func testCodeAloneIsRefusedWhereMigrationsLieBetweenInEitherDirection() throws {
        let shop = try promoted()
        XCTAssertThrowsError(try notices(shop, .codeOnly)) { error in
            let why = (error as? DeployError)?.why ?? ""
            XCTAssertTrue(why.contains("the database has 0002.sql, that release does not know"), why)
        }
        try shop.run(try shop.rollback(), named: 300)
        XCTAssertFalse(try notices(shop).contains { $0.hasPrefix("no migration lies between") })
        XCTAssertThrowsError(try notices(shop, .codeOnly)) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .gateRefused)
            XCTAssertEqual(
                error?.why, "that release expects 0002.sql, the database lacks them; nothing was changed")
        }
    }

    func testAShortageOfRoomIsSaidInNumbers() throws {
        let shop = try promoted()
        XCTAssertFalse(try notices(shop).contains { $0.contains(" free at ") })
        shop.machine.files.setFreeBytes(1_000_000)
        let said = try notices(shop).filter { $0.hasPrefix("1 MB free at \(shop.layout.backups), about ") }
        XCTAssertEqual(said.count, 1)
    }
}
