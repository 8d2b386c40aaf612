import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What another version of deployctl wrote is no change by hand.
final class EdgeDriftTests: XCTestCase {
    private func drift(_ shop: Shop) -> EdgeConfiguration.Drift {
        EdgeConfiguration(site: shop.machine.workspace().site(shop.environment)).drift
    }

    private func served(_ shop: Shop) throws -> String {
        String(
            decoding: try XCTUnwrap(shop.machine.files.read(Nginx.file(in: shop.layout.edge))), as: UTF8.self)
    }

    private func write(_ text: String, to shop: Shop) throws {
        try shop.machine.files.publish(Data(text.utf8), to: Nginx.file(in: shop.layout.edge))
    }

    private func promoted() throws -> Shop {
        let shop = try Shop()
        try shop.run(shop.promotion(of: 30), named: 200, life: Life())
        return shop
    }

    func testAChangeByHandIsDrift() throws {
        let shop = try promoted()
        XCTAssertEqual(drift(shop), .none)
        try write(served(shop) + "# mine\n", to: shop)
        XCTAssertEqual(drift(shop), .other)
    }

    func testWhatAnotherVersionWroteIsNone() throws {
        let shop = try promoted()
        let body = try XCTUnwrap(served(shop).split(separator: "\n", maxSplits: 1).last)
        try write(EdgeConfiguration.sealed(String(body) + "# of another version\n"), to: shop)
        XCTAssertEqual(drift(shop), .none)
        try write(String(body) + "# of a version that did not seal\n", to: shop)
        XCTAssertEqual(drift(shop), .none)
    }
}
