import DeployTestSupport
import Foundation
import XCTest

/// A live database that holds one of each kind, which a promotion backs up and a rollback brings back.
struct CarriedShop {
    /// One kind of thing that a database can hold.
    struct Kind {
        var name: String
        /// Statements of the server's administrator, which leave it to the application's user.
        var made: String
        /// What the server says of it, asked without any help of the tool.
        var question: String

        init(_ name: String, _ made: String, shows question: String) {
            (self.name, self.made, self.question) = (name, made, question)
        }
    }

    let world: ServerShop
    var shop: DeployctlFixture { world.shop }
    var live: String { world.database("production") }

    init(_ engine: DatabaseServer.Engine, for test: XCTestCase) throws {
        world = try ServerShop(engine, for: test)
        try shop.run("staging").expect(0)
        try shop.promote()
    }

    /// Has a backup taken with all of them in the database, and expects each to come back as it was.
    func expectCarried(_ kinds: [Kind]) throws {
        for kind in kinds { try world.sql(kind.made, in: live) }
        let before = try answers(to: kinds)
        for (kind, answer) in zip(kinds, before) {
            XCTAssertFalse(answer.isEmpty, "nothing shows \(kind.name)")
        }
        let older = try XCTUnwrap(try shop.status("production").place.release)
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.run("rollback", older, "--confirm", "CONFIRM").expect(0)
        for (kind, (old, new)) in zip(kinds, zip(before, try answers(to: kinds))) {
            XCTAssertEqual(new, old, kind.name)
        }
    }

    private func answers(to kinds: [Kind]) throws -> [[String]] {
        try kinds.map { try world.sql($0.question, in: live) }
    }

    /// Expects no backup of a database that holds this, words that name it, and none of it changed.
    func expectRefused(_ kind: Kind, saying words: [String], undoneBy undoing: String) throws {
        try world.sql(kind.made, in: live)
        let before = try world.sql(kind.question, in: live)
        XCTAssertFalse(before.isEmpty, "nothing shows \(kind.name)")
        let run = try shop.run("backup", "create", "production").expect(14, kind.name)
        for word in words { XCTAssertTrue(run.errors.contains(word), "\(kind.name): \(run.errors)") }
        XCTAssertEqual(try world.sql(kind.question, in: live), before, kind.name)
        try world.sql(undoing, in: live)
        try shop.run("backup", "create", "production").expect(0, "without \(kind.name)")
    }
}
