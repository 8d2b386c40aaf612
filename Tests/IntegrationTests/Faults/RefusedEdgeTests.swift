import DeployTestSupport
import Foundation
import XCTest

/// A deployment that changes the public ports and fails leaves the ports as they were.
final class RefusedEdgeTests: XCTestCase {
    private func serving() throws -> DeployctlFixture {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        return shop
    }

    private func expectAsBefore(_ shop: DeployctlFixture) throws {
        try expectEqual(try shop.version("staging"), "one", "what serves")
        try expectEqual(try shop.status("staging").code, 0, "status")
    }

    func testWhatIsNoCertificateIsRefusedBeforeAnythingChanges_T20() throws {
        let shop = try serving()
        let (certificate, key) = ("\(shop.folder)/own.crt", "\(shop.folder)/own.key")
        for file in [certificate, key] {
            try Data("no certificate\n".utf8).write(to: URL(fileURLWithPath: file))
            chmod(file, 0o600)
        }
        try shop.replace(
            "\"http\": \(shop.port("staging"))",
            with: "\"http\": \(shop.port("staging")), \"https\": \(try HTTP.freePort())",
            in: "environments/staging.json")
        try shop.replace(
            "\"ports\"",
            with: "\"tls\": {\"certificate\": \"\(certificate)\", \"key\": \"\(key)\"}, \"ports\"",
            in: "environments/staging.json")
        try shop.commit(version: "two")
        let run = try shop.run("staging").expect(10).expectExplained()
        try expect(run.errors.contains(certificate), run.errors)
        try expectAsBefore(shop)
    }

    func testAPortThatASickReleaseBroughtIsGivenUpForTheOldOne_T20() throws {
        let shop = try serving()
        try shop.replace(
            "\"http\": \(shop.port("staging"))", with: "\"http\": \(try HTTP.freePort())",
            in: "environments/staging.json")
        try shop.write("503", to: "app/health")
        try shop.commit(version: "two")
        try shop.run("staging").expect(15).expectExplained()
        try expectAsBefore(shop)
    }
}
