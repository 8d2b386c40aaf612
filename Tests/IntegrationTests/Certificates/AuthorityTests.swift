import DeployTestSupport
import Foundation
import XCTest

/// A certificate is asked for, kept, renewed and served without anybody looking.
final class AuthorityTests: XCTestCase {
    private struct Standing: Decodable {
        struct One: Decodable {
            struct Certificate: Decodable {
                let serial: String?
                let names: [String]
            }
            let environment: String
            let certificate: Certificate?
            let refusal: String?
            let behind: Bool
        }
        let environments: [One]
    }

    private func standing(_ world: DeployctlFixture) throws -> Standing.One {
        let run = try world.run("certificate", "status", "--json")
        return try XCTUnwrap(run.json(Standing.self).environments.first)
    }

    func testTheFirstDeploymentObtainsOneAndARenewalIsServedAtOnce() throws {
        let authority = try AuthorityWorld(for: self, program: "certbot")
        let world = authority.world
        try world.replace(
            "\"drain\"",
            with: "\"front\": {\"password\": {\"file\": \".secrets/front\"}, \"rate\": \"1/m\"}, \"drain\"",
            in: "environments/base.json")
        try world.write("anna:secret\n", to: ".secrets/front")
        chmod("\(world.project)/.secrets/front", 0o600)
        try world.write(".deployctl/\nbackups/\nlogs/\n.secrets/\n*.pem\nca/\n", to: ".gitignore")
        try world.commit(version: "one")
        let plan = try world.run("staging", "--dry-run").expect(0)
        XCTAssertTrue(plan.output.contains("Obtain a certificate for shop.example"), plan.output)
        XCTAssertEqual(try world.served(), "", "a dry run asks nobody")
        try world.run("staging").expect(0)
        let first = try world.served()
        XCTAssertTrue(first.hasPrefix("serial="), first)
        XCTAssertEqual(
            try authority.plain("/a%20b?c=1&d"), "308 https://shop.example:\(world.https)/a%20b?c=1&d")
        XCTAssertEqual(try standing(world).certificate?.names, ["shop.example"])
        try world.commit(version: "two")
        let second = try world.run("staging").expect(0)
        XCTAssertFalse(second.errors.contains("Obtain a certificate"), "a valid one is there")
        XCTAssertEqual(try world.served(), first)
        let early = try world.run("certificate", "renew", "staging").expect(0)
        XCTAssertTrue(early.output.hasPrefix("Served already"), early.output)
        let renewed = try world.run("certificate", "renew", "staging", "--force").expect(0)
        let now = try world.served()
        XCTAssertNotEqual(now, first)
        XCTAssertTrue(renewed.output.contains(now.dropFirst(7).dropLast()), renewed.output)
        try world.run("status", "staging").expect(0)
        let open = try world.runProgram([
            "find", ".deployctl/staging/certificate", "-type", "f", "-perm", "/077",
        ]).expect(0)
        XCTAssertEqual(open.output, "", "accounts, keys and certificates are for nobody else")
        try keptWithout(world, now)
    }

    /// What is gone is due as what is near its end is.
    private func keptWithout(_ world: CertificateWorld, _ served: String) throws {
        try FileManager.default.removeItem(
            atPath: "\(world.project)/.deployctl/staging/certificate/current")
        try world.run("status", "staging").expect(19)
        let keeper = try world.start([world.binary, "boot", "run"])
        try expect(
            try eventually(within: 50) {
                let now = try world.served()
                if now.isEmpty { throw Unexpected("nothing is served meanwhile") }
                return now != served
            }, "the keeper has one renewed, and serves it")
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait(upTo: 20)
        try world.run("status", "staging").expect(0)
    }

    func testAnAuthorityThatRefusesIsQuotedAndNotAskedInALoopAndNothingChanges() throws {
        let authority = try AuthorityWorld(for: self, program: "lego")
        let world = authority.world
        let definition = try String(
            contentsOfFile: "\(world.project)/environments/staging.json", encoding: .utf8)
        try world.define(#""tls": {"certificate": "cert.pem", "key": "key.pem", "redirect": false}"#)
        try world.certify()
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        let (serial, port) = (try world.served(), world.port("staging"))
        // The authority asks at another port than the one that is held.
        try world.write(
            definition.replacingOccurrences(
                of: "\"http\": \(ProcessInfo.processInfo.environment["TB_ACME_HTTP_PORT"] ?? "")",
                with: "\"http\": \(port)"), to: "environments/staging.json")
        try world.commit(version: "two")
        for _ in 0..<3 {
            let run = try world.run("staging").expect(15)
            try run.expectExplained()
            XCTAssertTrue(run.errors.contains("acme:error:connection"), run.errors)
            XCTAssertTrue(run.errors.contains("http port is reached"), run.errors)
        }
        let tired = try world.run("staging").expect(15)
        XCTAssertTrue(tired.errors.contains("certificate renew staging --force"), tired.errors)
        XCTAssertEqual(try world.served(), serial)
        XCTAssertEqual(try world.version("staging"), "one")
        let status = try world.run("status", "staging", "--json")
        XCTAssertTrue(status.output.contains("\"drift\":[]"), status.output)
    }

    /// With certbot; with `DEPLOYCTL_SOAK=1` by lego too.
    func testARecordOfTheZoneIsSetByTheProjectsOwnProgram() throws {
        let server = ProcessInfo.processInfo.environment["TB_ACME_DNS_MANAGEMENT"] ?? ""
        let isSoak = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"
        for program in isSoak ? ["lego", "certbot"] : ["certbot"] {
            let authority = try AuthorityWorld(
                for: self, program: program, more: #", "dns": ["sh", "scripts/record.sh", "it's"]"#)
            let world = authority.world
            try world.write(
                """
                [ "$1" = "it's" ] || exit 1
                echo "$2" >> "\(world.folder)/records"
                what=set-txt; [ "$2" = cleanup ] && what=clear-txt
                curl -sf -d "{\\"host\\": \\"$3\\", \\"value\\": \\"$4\\"}" "\(server)/$what"
                """, to: "scripts/record.sh")
            try world.commit(version: "one")
            let tracked = try world.run("staging").expect(10)
            XCTAssertTrue(tracked.errors.contains("names programs in git: scripts/record.sh"), tracked.errors)
            try world.git("rm", "--quiet", "--cached", "scripts/record.sh")
            try world.append("scripts/\n", to: ".gitignore")
            try world.commit([:], "Keep the program of the zone to the machine")
            try world.run("staging").expect(0)
            XCTAssertTrue(try world.served().hasPrefix("serial="))
            let records = try String(contentsOfFile: "\(world.folder)/records", encoding: .utf8)
            XCTAssertEqual(records, "present\ncleanup\n", program)
            authority.leave()
        }
    }
}
