import DeployTestSupport
import XCTest

@testable import DeployCore

/// What is said of a run whose records could not be written to the end.
final class UnfinishedRunTests: XCTestCase {
    func testNothingIsSaidToBeAsBeforeWhileTheRunIsUnfinished() throws {
        let whole = try Shop()
        let life = Life()
        try whole.run(try whole.promotion(of: 30), named: 200, life: life)
        var unfinished = 0
        for change in 0..<life.changes {
            let shop = try Shop()
            let draft = try shop.promotion(of: 30)
            let error = try shop.failure(draft, named: 200, life: Life(changes: change))
            guard try shop.machine.state.unfinished(in: "production") != nil else { continue }
            unfinished += 1
            XCTAssertEqual(
                error?.code, .needsPerson, "dead at change \(change): \(String(describing: error))")
        }
        XCTAssertGreaterThan(unfinished, 20)
    }

    func testWritesThatARunHeldAreNamed() throws {
        var held = 0
        let whole = try rolledBack()
        let life = Life()
        try whole.run(try whole.rollback(), named: 200, life: life)
        for change in 0..<life.changes {
            let shop = try rolledBack()
            _ = try shop.failure(try shop.rollback(), named: 200, life: Life(changes: change))
            guard shop.site.records.currentID?.hasSuffix("-hold") == true,
                shop.site.records.current != nil
            else { continue }
            held += 1
            let drift = try shop.facts().look(in: shop.machine.workspace()).drift
            XCTAssertTrue(drift.contains { $0.contains("writes are answered with 503") }, "\(drift)")
        }
        XCTAssertGreaterThan(held, 0)
    }

    private func rolledBack() throws -> Shop {
        let shop = try Shop()
        try shop.run(try shop.promotion(of: 30), named: 150)
        return shop
    }
}
