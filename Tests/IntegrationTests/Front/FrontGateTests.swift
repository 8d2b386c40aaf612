import DeployTestSupport
import Foundation
import XCTest

/// Whom the edge lets in, how often, and at which addresses; deployctl itself is asked for nothing.
final class FrontGateTests: XCTestCase {
    private func world(_ front: String, in file: String = "base") throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.replace("\"drain\"", with: "\"front\": {\(front)}, \"drain\"", in: "environments/base.json")
        try world.write(".deployctl/\nbackups/\nlogs/\n.secrets/\n", to: ".gitignore")
        try world.commit(version: "one")
        return world
    }

    private func keep(_ lines: String, _ world: DeployctlFixture, mode: mode_t = 0o600) throws {
        try world.write(lines, to: ".secrets/front")
        chmod("\(world.project)/.secrets/front", mode)
    }

    /// The status that curl gets.
    private func ask(_ world: DeployctlFixture, _ options: String..., host: String = "127.0.0.1") throws
        -> String
    {
        try world.runProgram(
            ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}"] + options
                + ["http://\(host):\(world.port("staging"))/version"]
        ).output
    }

    func testOnlyWhoHasAPasswordGetsInAndNobodyElseLearnsIt_S02() throws {
        let world = try world(#""password": {"file": ".secrets/front"}"#)
        let hashed = try world.runProgram(["openssl", "passwd", "-apr1", "berta-secret"]).expect(0).output
        try keep("# who tests\nanna:anna:Secret ü\n\nberta:\(hashed)", world)
        let run = try world.run("staging").expect(0)
        XCTAssertEqual(try ask(world), "401")
        XCTAssertEqual(try ask(world, "-u", "anna:wrong"), "401")
        XCTAssertEqual(try ask(world, "-u", "anna:anna:Secret ü"), "200")
        XCTAssertEqual(try ask(world, "-u", "berta:berta-secret"), "200")
        try world.run("status", "staging").expect(0)
        try keep("anna:another-one\n", world)
        try world.run("restart", "staging").expect(0)
        XCTAssertEqual(try ask(world, "-u", "anna:anna:Secret ü"), "401")
        XCTAssertEqual(try ask(world, "-u", "anna:another-one"), "200")
        let told = try world.runProgram(
            ["sh", "-c", "grep -rlaF -e 'Secret ü' -e another-one .deployctl logs || true"]
        ).output
        XCTAssertEqual(told, "", "nothing of it is kept")
        XCTAssertFalse((run.output + run.errors).contains("Secret"))
        let passwords = "\(world.project)/.deployctl/staging/edge/passwords"
        let mode = try FileManager.default.attributesOfItem(atPath: passwords)[.posixPermissions] as? Int
        XCTAssertEqual((mode ?? 0) & 0o007, 0, "others read nothing")
    }

    func testAPasswordFileThatOthersReadOrThatIsNoneStopsTheDeployment_S05() throws {
        let world = try world(#""password": {"file": ".secrets/front"}"#)
        try keep("anna:x\n", world, mode: 0o644)
        try world.run("staging").expect(10).expectExplained()
        try keep("anna:x\nMySecretAlone\n", world)
        let run = try world.run("staging")
        XCTAssertNotEqual(run.status, 0)
        try run.expectExplained()
        XCTAssertTrue(run.errors.contains("line 2 is not USER:PASSWORD"), run.errors)
        XCTAssertFalse(run.errors.contains("MySecretAlone"), run.errors)
    }

    func testWhoAsksTooOftenIsToldSoAndOthersBehindTheProxyAreNot() throws {
        let world = try world(#""rate": "3/m", "trust": ["127.0.0.1"]"#)
        try world.run("staging").expect(0)
        func asks(_ visitor: String) throws -> [String] {
            try (0..<5).map { _ in try ask(world, "-H", "X-Forwarded-For: \(visitor)") }
        }
        XCTAssertEqual(try asks("203.0.113.1"), ["200", "200", "200", "200", "429"])
        XCTAssertEqual(try asks("203.0.113.2"), ["200", "200", "200", "200", "429"])
        try world.run("status", "staging").expect(0)
        try world.commit(version: "two")
        try world.run("staging").expect(0)
    }

    func testThePortsAreAtTheAddressesThatAreSaid() throws {
        guard access("/proc/net/if_inet6", R_OK) == 0,
            try !String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8).isEmpty
        else { throw lacking("IPv6") }
        let world = try world(#""listen": ["127.0.0.2", "::1"]"#)
        try world.run("staging").expect(0)
        XCTAssertEqual(try ask(world, host: "[::1]"), "200")
        XCTAssertEqual(try ask(world, host: "127.0.0.2"), "200")
        XCTAssertEqual(try ask(world), "000", "nobody listens there")
        try world.run("status", "staging").expect(0)
    }
}
