import DeployTestSupport
import Foundation
import XCTest

/// What visitors would refuse is found before it is served.
final class WrongCertificateTests: XCTestCase {
    func testWhatCannotBeServedIsNamedAndRefusedAndWhatServesStays() throws {
        let world = try CertificateWorld(for: self)
        try world.certify()
        try world.commit(version: "one")
        try world.run("validate").expect(0)
        try world.run("staging").expect(0)
        let serial = try world.served()
        let status = try world.run("status", "staging").expect(0)
        XCTAssertTrue(status.output.contains("until 2050-01-01T00:00:00Z"), status.output)
        try world.commit(version: "two")
        let cases: [(String, String, () throws -> Void)] = [
            ("expired", "expired on 2021-01-01", { try world.certify(until: "20210101000000") }),
            ("future", "is not valid before 2049-01-01", { try world.certify(from: "20490101000000") }),
            (
                "name", "is not for shop.example: it is for *.shop.example, www.example",
                {
                    try world.certify("DNS:*.shop.example,DNS:www.example")
                }
            ),
            (
                "key", "key.pem is not the key of",
                {
                    try world.certify()
                    try world.certify(key: "other.pem")
                }
            ),
            ("no key", "holds no key that can be read", { try world.write("nothing\n", to: "key.pem") }),
            ("no certificate", "holds no certificate", { try world.write("nothing\n", to: "cert.pem") }),
            ("empty", "is empty", { try world.write("", to: "cert.pem") }),
        ]
        for (name, words, spoil) in cases {
            try spoil()
            for command in [["validate"], ["staging"], ["staging", "--dry-run"], ["restart", "staging"]] {
                let run = try world.run(command).expect(10)
                try run.expectExplained()
                XCTAssertTrue(run.errors.contains(words), "\(name), \(command): \(run.errors)")
            }
            let doctor = try world.run("doctor")
            XCTAssertTrue(doctor.output.contains(words), "\(name): \(doctor.output)")
            let status = try world.run("status", "staging").expect(19)
            XCTAssertTrue(status.output.contains(words), "\(name): \(status.output)")
            let remedy = "then deployctl certificate renew staging"
            XCTAssertTrue(status.output.contains(remedy), "\(name): \(status.output)")
            let told = try world.run("certificate", "status").expect(19)
            XCTAssertTrue(told.output.contains(remedy), "\(name): \(told.output)")
            XCTAssertEqual(try world.served(), serial, name)
        }
        try FileManager.default.removeItem(atPath: "\(world.project)/cert.pem")
        XCTAssertTrue(try world.run("validate").expect(0).output.contains("cert.pem is missing"))
        XCTAssertTrue(try world.run("staging").expect(10).errors.contains("cert.pem is missing"))
        let format = DateFormatter()
        format.dateFormat = "yyyyMMddHHmmss"
        format.timeZone = TimeZone(identifier: "UTC")
        try world.certify(until: format.string(from: Date(timeIntervalSinceNow: 10 * 86_400)))
        let plan = try world.run("staging", "--dry-run").expect(0)
        XCTAssertTrue((plan.output + plan.errors).contains("expires on"), plan.output)
        try world.certify("DNS:*.example,IP:127.0.0.1")
        XCTAssertFalse(try world.run("staging").expect(0).errors.contains("expires"))
        XCTAssertNotEqual(try world.served(), serial)
        XCTAssertEqual(try world.version("staging"), "two")
    }
}
