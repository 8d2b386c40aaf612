import DeployTestSupport
import Foundation
import XCTest

/// Machines behind one name, and one database: the same release everywhere, or nowhere.
final class FleetTests: XCTestCase {
    private var shop: FleetShop!

    /// Three in a soak, one of which is lost, and two otherwise.
    func testTheSameReleaseEverywhereOrNowhere() throws {
        let isSoak = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        shop = try FleetShop(of: isSoak ? ["a", "b", "c"] : ["a", "b"], for: self)
        try deploy()
        try refuse()
        try goBackTogether()
        if isSoak { try loseAMachine() }
    }

    private var last: ThrowawayServer { shop.servers[shop.servers.count - 1] }

    private func expectServed(_ version: String?, _ environment: String, line: UInt = #line) throws {
        XCTAssertEqual(
            try shop.served(environment), shop.machines.map { _ in version }, environment, line: line)
    }

    private func deploy() throws {
        try shop.run("staging").expect(0)
        try expectServed("one", "staging")
        try shop.run("production", input: "CONFIRM\n").expect(13)
        try shop.run("production", "--confirm", "confirm").expect(13)
        try expectServed(nil, "production")
        try shop.run("production", "--confirm", "CONFIRM").expect(0)
        try expectServed("one", "production")
        XCTAssertEqual(try shop.keep("first", by: 1), "201")
        let again = try shop.run("production", "--confirm", "CONFIRM").expect(0)
        XCTAssertTrue(again.output.contains("healthy"), again.output + again.errors)

        let status = try shop.run("status").expect(0)
        for machine in shop.machines { XCTAssertTrue(status.output.contains(machine), status.output) }
        struct Status: Decodable {
            struct Machine: Decodable { let host: String; let exit: Int32; let answer: Answer }
            struct Answer: Decodable { let environments: [Place] }
            struct Place: Decodable { let name, release: String; let lastBackup: Backup? }
            struct Backup: Decodable { let verified: String }
            let machines: [Machine]
            let differences: [String]
        }
        let told = try shop.run("status", "--json").expect(0).json(Status.self)
        XCTAssertEqual(told.machines.map(\.host), shop.machines)
        XCTAssertEqual(
            Set(told.machines.map { $0.answer.environments.last?.release }).count, 1, "one name everywhere")
        XCTAssertEqual(told.differences, [])
    }

    /// The last of them is not well with the new release: what was done before is taken back, and the data stays.
    private func refuse() throws {
        let migration = (
            name: "V0002_note", sql: "ALTER TABLE item ADD COLUMN note text NOT NULL DEFAULT '';\n"
        )
        try shop.commit(version: "two", migration: migration)
        try last.root("touch /home/deploy/refuse-two-in-staging")
        let refused = try shop.run("staging")
        XCTAssertEqual(refused.status, 15, refused.errors)
        XCTAssertTrue(refused.errors.contains("\(shop.machines.last ?? "") did not take it"), refused.errors)
        try expectServed("one", "staging")
        try shop.run("status", "staging").expect(0)

        try last.root("rm /home/deploy/refuse-two-in-staging")
        try shop.run("staging").expect(0)
        try expectServed("two", "staging")
        try shop.servers[1].root("touch /home/deploy/refuse-two-in-staging")
        let broken = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(broken.errors.contains("nothing was changed on any machine"), broken.errors)
        try shop.servers[1].root("cd /home/deploy && mv refuse-two-in-staging refuse-two-in-production")
        try shop.run("production", "--confirm", "CONFIRM").expect(15)
        try expectServed("one", "production")
        XCTAssertEqual(try shop.sql("SELECT text FROM item", in: "shop_production"), "first")
        try shop.servers[1].root("rm /home/deploy/refuse-two-in-production")
        let vetoed = try shop.run("production", "--confirm", "CONFIRM").expect(12).errors
        let release = try String(XCTUnwrap(vetoed.firstMatch(of: /deployctl clear (\d{14})/)).1)
        let cleared = try shop.run("clear", release, "-m", "it was b").expect(0).output
        XCTAssertTrue(cleared.contains("deploy@a.example: done"), cleared)
        try shop.run("production", "--confirm", "CONFIRM").expect(0)
        try expectServed("two", "production")
    }

    /// Code everywhere, and the data that all of them write.
    private func goBackTogether() throws {
        XCTAssertEqual(try shop.keep("second", by: 1), "201")
        let candidates = try shop.run("rollback", "--json").expect(0).output
        let release = try String(XCTUnwrap(candidates.firstMatch(of: /"release":"(\d{14})"/)).1)
        let typed = try shop.runOnTerminal("rollback", "previous")
        try typed.await("on \(shop.machines.count) machines", within: 120)
        typed.type("CONFIRM\n")
        let ended = try typed.wait(upTo: 300)
        XCTAssertEqual(ended.status, 0, ended.output)
        try expectServed("one", "production")
        let kept = try shop.sql("SELECT string_agg(text, ',') FROM item", in: "shop_production")
        XCTAssertFalse(kept.contains("second"), "\(kept), and \(release) was named")
        XCTAssertEqual(try shop.keep("third", by: 1), "201", "visitors are let in again")
        try shop.run("status").expect(0)
    }

    private func loseAMachine() throws {
        try shop.servers[1].cutLink()
        let status = try shop.run("status")
        XCTAssertEqual(status.status, 19, status.errors)
        XCTAssertTrue(status.output.contains("deploy@b.example"), status.output)
        try shop.commit(version: "three")
        let refused = try shop.run("staging")
        XCTAssertNotEqual(refused.status, 0)
        try shop.servers[1].mendLink()
        try expectServed("two", "staging")
        try shop.run("staging").expect(0)
        try expectServed("three", "staging")
        try shop.run("resume", "staging").expect(2)
        XCTAssertEqual(
            try shop.run("exec", "staging", "web", "--", "hostname").expect(0).output.split(separator: "\n")
                .count, 1)
        let history = try shop.run("history", "staging").expect(0).output
        for machine in shop.machines { XCTAssertTrue(history.contains(machine), history) }
    }
}
