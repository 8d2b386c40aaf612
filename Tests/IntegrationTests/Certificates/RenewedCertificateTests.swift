import DeployTestSupport
import Foundation
import XCTest

/// What is renewed is what the next visitor gets, and nobody who visits meanwhile notices.
final class RenewedCertificateTests: XCTestCase {
    private struct Visits: Decodable {
        let requests: Int
        let failures: [String]
        let old: [String]
    }

    /// Twice; with `DEPLOYCTL_SOAK=1` twenty times.
    func testARenewalUnderSixtyFourConnectionsLosesNothingAndLeavesNothingOld() throws {
        let world = try CertificateWorld(for: self)
        try world.certify()
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        let (taken, stop) = ("\(world.folder)/taken", "\(world.folder)/stop")
        func take() throws {
            let text = try String(contentsOfFile: "\(world.project)/cert.pem", encoding: .utf8)
            let earlier = try String(contentsOfFile: taken, encoding: .utf8)
            try (earlier + text).write(toFile: taken, atomically: true, encoding: .utf8)
        }
        try "".write(toFile: taken, atomically: true, encoding: .utf8)
        try take()
        let visitors = try world.start([
            "python3", "-B", "\(DeployctlFixture.package)/Tests/Load/handshakes.py", "\(world.https)",
            taken,
            stop,
        ])
        for _ in 0..<(ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? 20 : 2) {
            try world.certify()
            let renewed = try world.run("certificate", "renew", "staging").expect(0)
            XCTAssertTrue(renewed.output.hasPrefix("Served from now on"), renewed.output)
            try take()
        }
        try "".write(toFile: stop, atomically: true, encoding: .utf8)
        let visits = try visitors.wait(upTo: 60).expect(0).json(Visits.self)
        XCTAssertGreaterThan(visits.requests, 100)
        XCTAssertEqual(visits.failures, [])
        XCTAssertEqual(visits.old, [])
    }

    func testAKeeperServesWhatSomebodyReplaced() throws {
        let world = try CertificateWorld(for: self)
        try world.certify()
        try world.commit(version: "one")
        try world.run("staging").expect(0)
        let keeper = try world.start([world.binary, "boot", "run"])
        let first = try world.served()
        try world.certify()
        try expect(try eventually(within: 20) { try world.served() != first }, "the next one is served")
        let second = try world.served()
        // Nobody would believe it, or be able to talk to it: what serves goes on.
        try world.certify(until: "20210101000000")
        try world.write("nothing\n", to: "key.pem")
        try world.run("certificate", "renew", "staging").expect(15).expectExplained()
        XCTAssertEqual(try world.served(), second)
        try world.run("certificate", "status").expect(19)
        try world.certify()
        try expect(
            try eventually(within: 20) { try world.served() != second }, "the last one is served")
        kill(keeper.pid, SIGTERM)
        let said = try keeper.wait(upTo: 20).errors
        XCTAssertTrue(said.contains("is served"), said)
        try world.run("certificate", "status").expect(0)
    }
}
