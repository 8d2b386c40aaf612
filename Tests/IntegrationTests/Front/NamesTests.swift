import DeployTestSupport
import Foundation
import XCTest

/// Projects share two ports of the machine by name, and none of them notices another.
final class NamesTests: XCTestCase {
    func testTwoProjectsShareOnePortAndNeitherLosesARequestOfTheOther() throws {
        let names = try NamedWorld(for: self)
        let all = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        func hosts(_ name: String, _ staging: [String]) -> [String: [String]] {
            ["staging": staging].merging(all ? ["production": ["live.\(name)"]] : [:]) { one, _ in one }
        }
        func asked(_ name: String) -> [String] { all ? [name, "live.\(name)"] : [name] }
        let shop = try names.project(
            for: self, hosts("shop.example", ["shop.example", "www.shop.example"]),
            front: ", \"canonical\": true")
        try shop.run("staging").expect(0)
        if all { try shop.promote() }
        let visitors = try NamedTraffic(asked("shop.example"), port: names.https, in: shop)
        let bakery = try names.project(for: self, hosts("bakery.example", ["bakery.example"]))
        try bakery.run("staging").expect(0)
        if all { try bakery.promote() }
        let others = try NamedTraffic(asked("bakery.example"), port: names.https, in: bakery)
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        XCTAssertTrue(try names.ask("shop.example", from: shop).contains("\"two\""))

        try expectNobodyElse(names, shop)
        try expectTheNameIsTaken(bakery, by: shop)

        for number in 0..<(all ? 5 : 0) { try comeAndGo(names, number) }

        let lost = try others.stop()
        XCTAssertEqual(lost.lost, [], "of the bakery, out of \(lost.answered)")
        XCTAssertGreaterThan(lost.answered, 10)
        try names.certify(bakery, "staging", ["bakery.example"])
        try bakery.run("certificate", "status", "staging").expect(19)
        let renewed = try bakery.run("certificate", "renew", "staging").expect(0)
        XCTAssertTrue(renewed.output.contains("serial"), renewed.output)
        try bakery.run("certificate", "status", "staging").expect(0)
        try bakery.run("restart", "staging").expect(0)
        try bakery.run("stop", "staging").expect(0)
        XCTAssertEqual(try names.ask("bakery.example", from: shop), "\n000", "its name leads nowhere")
        let end = try visitors.stop()
        XCTAssertEqual(end.lost, [], "of the shop, out of \(end.answered)")
        XCTAssertGreaterThan(end.answered, 100)
        try shop.run("stop", "staging").expect(0)
        if all { for world in [shop, bakery] { try world.run("stop", "production").expect(0) } }
        XCTAssertTrue(eventually(within: 10) { names.lobbies.isEmpty }, "the lobby ends with the last name")
    }

    /// With `DEPLOYCTL_SOAK=1` a third project with two environments is added, deployed to and removed.
    private func comeAndGo(_ names: NamedWorld, _ number: Int) throws {
        let cafe = try names.project(
            for: self,
            ["staging": ["staging.cafe\(number).example"], "production": ["cafe\(number).example"]])
        for version in ["two", "three"] {
            try cafe.run("staging").expect(0)
            try cafe.promote()
            try cafe.commit(version: version)
        }
        for environment in ["staging", "production"] { try cafe.run("stop", environment).expect(0) }
    }

    private func expectNobodyElse(_ names: NamedWorld, _ shop: DeployctlFixture) throws {
        XCTAssertEqual(try names.ask("other.example", from: shop), "\n000", "no handshake")
        XCTAssertEqual(try names.ask("shop.example", host: "other.example", from: shop), "\n000", "no answer")
        XCTAssertTrue(
            try names.ask("shop.example", host: "bakery.example", from: shop).hasSuffix("\n421"),
            "what greeted the shop gets nothing of the bakery")
        XCTAssertEqual(try names.ask("other.example", secure: false, from: shop), "\n000")
        XCTAssertEqual(
            try names.ask("www.shop.example", "/a?b=c", write: "%{http_code} %{redirect_url}", from: shop)
                .split(separator: "\n").last,
            "308 https://shop.example:\(names.https)/a?b=c")
        XCTAssertEqual(
            try names.ask(
                "shop.example", "/a?b=c", write: "%{http_code} %{redirect_url}", secure: false, from: shop
            ).split(separator: "\n").last, "308 https://shop.example:\(names.https)/a?b=c")
        for request in [
            "GET / HTTP/1.0\r\n\r\n", "GET http://other.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n",
        ] {
            XCTAssertEqual(HTTP.exchange(request, port: names.http), "", request)
        }
        let two = "GET http://shop.example/ HTTP/1.1\r\nHost: bakery.example\r\nConnection: close\r\n\r\n"
        XCTAssertTrue(HTTP.exchange(two, port: names.http).hasPrefix("HTTP/1.1 421 "), two)
        let status = try shop.run("status", "--json").expect(0).output
        XCTAssertTrue(status.contains("\"url\":\"https://shop.example:\(names.https)\""), status)
    }

    private func expectTheNameIsTaken(_ bakery: DeployctlFixture, by shop: DeployctlFixture) throws {
        try bakery.replace(
            "\"bakery.example\"", with: "\"bakery.example\", \"www.shop.example\"",
            in: "environments/staging.json")
        try bakery.commit("A name too much")
        let refused = try bakery.run("staging").expect(12).expectExplained()
        XCTAssertTrue(refused.errors.contains("www.shop.example"), refused.errors)
        XCTAssertTrue(refused.errors.contains(shop.project), refused.errors)
        try bakery.replace(
            ", \"www.shop.example\"", with: "", in: "environments/staging.json")
        try bakery.commit("Its own name")
    }

    func testNoVisitorNoticesThatAMasterIsKilled() throws {
        let names = try NamedWorld(for: self)
        let hosts = ["shop.example", "www.shop.example"]
        let shop = try names.project(for: self, ["staging": hosts])
        try shop.run("staging").expect(0)
        _ = try shop.start([shop.binary, "boot", "run"])
        func masters(of host: String) -> Set<Int32> {
            guard host != hosts[0] else { return Set(names.lobbies) }
            return Set(shop.processes().filter { $0.command.contains("/staging/edge/") }.map(\.pid))
        }
        for host in hosts {
            let visitors = try NamedTraffic([host], port: names.https, in: shop)
            usleep(500_000)
            let before = masters(of: host)
            XCTAssertEqual(before.count, 1)
            for pid in before { kill(pid, SIGKILL) }
            try expect(
                eventually(within: 20) { !masters(of: host).isSubset(of: before) }, "there is another master")
            usleep(2_000_000)
            let (answered, lost) = try visitors.stop()
            XCTAssertGreaterThan(answered, 20)
            XCTAssertEqual(lost, [], host)
        }
        try shop.run("stop", "staging").expect(0)
        for port in [names.http, names.https] {
            XCTAssertEqual(HTTP.ask("GET", "/", port: port).status, 0, "stop frees \(port)")
        }
    }

    func testAKeeperBringsTheLobbyBackAndLeavesOutWhoCannotBeServed() throws {
        let names = try NamedWorld(for: self)
        let shop = try names.project(for: self, ["staging": ["shop.example"]])
        let bakery = try names.project(for: self, ["staging": ["bakery.example"]])
        for world in [shop, bakery] { try world.run("staging").expect(0) }
        _ = try shop.start([shop.binary, "boot", "run"])
        try bakery.write("no certificate", to: "staging.pem")
        let before = names.lobbies
        for pid in before { kill(pid, SIGKILL) }
        XCTAssertTrue(
            try eventually(within: 20) {
                // Workers of the killed one may answer for a moment.
                try names.ask("bakery.example", from: shop) == "\n000"
                    && names.ask("shop.example", from: shop).hasSuffix("\n200")
            },
            "the shop's keeper starts it again")
        XCTAssertTrue(
            try names.ask("bakery.example", secure: false, from: shop).hasSuffix("\n308"), "without TLS")
        let status = try bakery.run("status").output
        XCTAssertTrue(status.contains("the lobby leaves bakery.example out"), status)
    }
}
