import DeployTestSupport
import Foundation
import XCTest

/// An authority finds names that are shared with others, and nobody who visits those notices.
final class NamedAuthorityTests: XCTestCase {
    private let isSoak = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"

    /// With `DEPLOYCTL_SOAK=1` also what an authority refuses, and an environment that is stopped.
    func testNamesGetOneCertificateThatIsRenewedWithoutALostRequest() throws {
        let turn = try AuthorityTurn()
        addTeardownBlock { turn.end() }
        let names = try NamedWorld(for: self, http: turn.port)
        let bakery = try names.project(for: self, ["staging": ["bakery.example"]])
        try bakery.run("staging").expect(0)
        let others = try NamedTraffic(["bakery.example"], port: names.https, in: bakery)

        let shop = try DeployctlFixture(for: self)
        if isSoak { try refusedElsewhere(names, shop, turn) }
        try define(shop, names, turn, "shop.example", "www.shop.example")
        let plan = try shop.run("staging", "--dry-run").expect(0)
        XCTAssertTrue(
            plan.output.contains("Obtain a certificate for shop.example, www.shop.example"), plan.output)
        try shop.run("staging").expect(0)
        XCTAssertEqual(try served("shop.example", names, shop), try served("www.shop.example", names, shop))
        XCTAssertTrue(try names.ask("shop.example", from: shop).hasSuffix("\n200"))
        let visitors = try NamedTraffic(["shop.example"], port: names.https, in: shop)

        let first = try served("shop.example", names, shop)
        try define(shop, names, turn, "shop.example", "new.shop.example")
        XCTAssertEqual(try names.ask("new.shop.example", from: shop), "\n000", "not let in yet")
        try shop.run("staging").expect(0)
        XCTAssertNotEqual(try served("new.shop.example", names, shop), first)
        XCTAssertEqual(try names.ask("www.shop.example", from: shop), "\n000", "not let in any more")

        try keptWithout(names, shop)
        let (one, another) = (try visitors.stop(), try others.stop())
        XCTAssertEqual(one.lost, [], "of the shop, out of \(one.answered)")
        XCTAssertEqual(another.lost, [], "of the bakery, out of \(another.answered)")
        XCTAssertGreaterThan(min(one.answered, another.answered), 100)

        try shop.run("stop", "staging").expect(0)
        if isSoak { try shop.run("certificate", "renew", "staging", "--force").expect(0) }
        XCTAssertEqual(try names.ask("shop.example", secure: false, from: shop), "\n000", "it stays closed")
        for world in [bakery, shop] { world.end() }
    }

    private func define(
        _ shop: DeployctlFixture, _ names: NamedWorld, _ turn: AuthorityTurn, at places: (Int, Int)? = nil,
        _ hosts: String...
    ) throws {
        let (http, https) = places ?? (names.http, names.https)
        let list = hosts.map { "\"\($0)\"" }.joined(separator: ", ")
        try shop.write(
            """
            {"extends": "base.json", "hosts": [\(list)], "logs": "logs/staging",
             "front": {"http": \(http), "https": \(https), "canonical": true},
             \(turn.tls("lego"))}
            """, to: "environments/staging.json")
        try shop.commit("Names")
    }

    /// Whom an authority does not find gets no certificate, and leaves nothing behind.
    private func refusedElsewhere(_ names: NamedWorld, _ shop: DeployctlFixture, _ turn: AuthorityTurn) throws
    {
        let port = try HTTP.freePort()
        try define(shop, names, turn, at: (port, try HTTP.freePort(except: port)), "shop.example")
        let run = try shop.run("staging").expect(15)
        XCTAssertTrue(run.errors.contains("acme:error:connection"), run.errors)
        XCTAssertTrue(
            HTTP.ask("GET", "/", port: port).body.hasPrefix("no connection"), "nobody listens there any more")
    }

    /// What is gone is due as what is near its end is.
    private func keptWithout(_ names: NamedWorld, _ shop: DeployctlFixture) throws {
        let before = try served("shop.example", names, shop)
        try FileManager.default.removeItem(
            atPath: "\(shop.project)/.deployctl/staging/certificate/current")
        let keeper = try shop.start([shop.binary, "boot", "run"])
        try expect(
            try eventually(within: 50) { try served("shop.example", names, shop) != before },
            "the keeper has one renewed, and the lobby serves it")
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait(upTo: 20)
        try shop.run("status", "staging").expect(0)
    }

    /// The serial number of what is served by a name, which it has to be good for.
    private func served(_ name: String, _ names: NamedWorld, _ shop: DeployctlFixture) throws -> String {
        let printed = try shop.runProgram([
            "sh", "-c",
            "openssl s_client -connect 127.0.0.1:\(names.https) -servername \(name) </dev/null 2>/dev/null | openssl x509 -noout -serial -checkhost \(name)",
        ]).output
        try expect(printed.contains("does match"), "\(name): \(printed)")
        return printed.split(separator: "\n").first.map(String.init) ?? ""
    }
}
