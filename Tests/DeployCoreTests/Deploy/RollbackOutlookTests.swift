import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What a person is told before a rollback, and nobody else says.
final class RollbackOutlookTests: XCTestCase {
    private func proposal(
        _ shop: Shop, _ scope: RollbackScope = .codeAndData, to target: String = "previous"
    ) throws -> Proposal {
        let request = RollbackRequest(target: target, scope: scope, skipsSafetyBackup: false)
        return try shop.machine.deployer().rollback("production", to: request).proposal(shop.environment)
    }

    private func notices(
        _ shop: Shop, _ scope: RollbackScope = .codeAndData, to target: String = "previous"
    ) throws -> [String] { try proposal(shop, scope, to: target).notices }

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
        let notices = try notices(shop)
        XCTAssertTrue(notices[0].hasPrefix("undoes the promotion of 2 h ago, "), notices[0])
        XCTAssertTrue(notices[1].contains(", taken 2 h ago ("), notices[1])
        XCTAssertTrue(notices[1].contains("is restored; proving it took "), notices[1])
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
        let left = Sample.timestamp(30).description
        XCTAssertFalse(try notices(shop, to: left).contains { $0.hasPrefix("no migration lies between") })
        XCTAssertThrowsError(try notices(shop, .codeOnly, to: left)) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .gateRefused)
            XCTAssertEqual(
                error?.why, "that release expects 0002.sql, the database lacks them; nothing was changed")
        }
    }

    func testWhereTheDatabaseCannotBeAskedTheReleasesSayWhatLiesBetween() throws {
        let shop = try promoted()
        var facts = try shop.facts()
        (facts.unasked, facts.recordedMigrations) = (true, [])
        let site = shop.machine.deployer().workspace.site(shop.environment)
        let checks = RollbackChecks(site: site, facts: facts, reason: nil)
        let before = try XCTUnwrap(try shop.machine.state.release(Sample.timestamp(20)))
        let gap = try checks.migrationGap(before)
        XCTAssertEqual(gap?.sentence, "what served here has 0002.sql, that release does not know them")
        XCTAssertEqual(try checks.migrationGap(try XCTUnwrap(facts.release))?.isEmpty, true)
    }

    /// The loss stands in the question itself, whatever has scrolled away.
    func testTheQuestionSaysWhatIsLost() throws {
        XCTAssertEqual(DataLoss.stake(losing: [], undoing: []), "")
        XCTAssertEqual(
            DataLoss.stake(losing: ["2 rows of notes", "files of uploads"], undoing: ["V0003"]),
            "loses 2 rows of notes and files of uploads, undoes V0003")
        XCTAssertEqual(DataLoss.stake(losing: [], undoing: ["a", "b"]), "undoes 2 migrations")
        let shop = try promoted()
        let prompter = ScriptedPrompter("confirm")
        shop.machine.prompter = prompter
        let question = ConfirmationQuestion(
            given: nil, purpose: { "roll production back to \($0.draft.release ?? "")" }, show: { _ in },
            propose: { _ in })
        let rule = Environment.Confirmation(phrase: "CONFIRM", nonInteractive: .phrase)
        XCTAssertThrowsError(try question.ask(about: try proposal(shop), by: rule, shop.machine.deployer())) {
            let error = $0 as? DeployError
            XCTAssertEqual(error?.code, .notConfirmed)
            XCTAssertEqual(error?.why.contains("\"confirm\" was typed"), true, "\(String(describing: error))")
        }
        let asked = try XCTUnwrap(prompter.questions.first)
        XCTAssertTrue(asked.contains("undoes 0002.sql)"), asked)
        XCTAssertTrue(asked.split(separator: "\n").allSatisfy { $0.count < 80 }, asked)
    }

    /// What was rolled back from is gone to by its name alone, and then it is said.
    func testPreviousIsNeverAVetoedRelease() throws {
        let shop = try promoted()
        try shop.run(try shop.rollback(), named: 300)
        let left = Sample.timestamp(30).description
        XCTAssertThrowsError(try notices(shop)) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .gateRefused)
            XCTAssertEqual(error?.what, "The previous release, \(left), is vetoed")
            XCTAssertEqual(
                error?.next.hasSuffix("deployctl rollback \(left) --environment production"), true)
        }
        let said = try notices(shop, to: left)
        XCTAssertTrue(said[0].hasPrefix("undoes the rollback of "), said[0])
        XCTAssertTrue(said[1].hasPrefix("release \(left) is vetoed by "), said[1])
    }

    /// What nobody can read is neither counted nor backed up, and stays; where only its link is gone it is both.
    func testADamagedDatabaseIsNeitherReadNorRemovedAndALostLinkLosesNothing() throws {
        let shop = try promoted()
        let (files, live) = (shop.machine.files, shop.database.name)
        let link = try XCTUnwrap(shop.layout.databaseLink)
        try files.remove(link)
        var steps = try proposal(shop).draft.plan(named: .placeholder).steps
        XCTAssertTrue(steps.contains { $0.work is BackUp })
        files.write("scribble", to: live)
        try files.pointLink(link, to: Path.name(live))
        let damaged = try proposal(shop)
        steps = damaged.draft.plan(named: .placeholder).steps
        XCTAssertFalse(steps.contains { $0.work is BackUp })
        XCTAssertEqual(damaged.stake, "loses all rows written since, uncounted")
        try shop.run(damaged.draft, named: 300)
        XCTAssertEqual(try files.read(live), Data("scribble".utf8))
        XCTAssertEqual(try shop.machine.database.rows(of: "note", in: shop.database), ["one", "written"])

        try files.remove(shop.database.name)
        let missing = try proposal(shop, .dataOnly, to: "\(Sample.timestamp(151))").notices
        XCTAssertTrue(missing.contains { $0.begins(with: "there is no database ") }, "\(missing)")
        try files.remove(link)
        files.write("another's", to: link)
        XCTAssertThrowsError(try proposal(shop, .dataOnly, to: "\(Sample.timestamp(151))")) {
            XCTAssertEqual(($0 as? DeployError)?.code, .backupFailed)
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
