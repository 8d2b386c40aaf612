import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Whatever serves or does not, an old release that drains writes nothing into data that is being replaced.
final class DrainedBeforeDataTests: XCTestCase {
    private let old = "20251231000000"

    private func drains(in shop: Shop) throws {
        try shop.machine.files.makeFolder(shop.layout.instance(old))
        let process = shop.machine.processes.add("old", marker: shop.layout.instance(old))
        var instance = Instance(id: old, release: Sample.timestamp(20))
        instance.services = [
            RunningService(
                name: "web", body: .process(process), address: .port(1), since: shop.machine.clock.now())
        ]
        try shop.site.records.write(instance)
        try shop.site.records.write(
            Draining(run: Sample.timestamp(1), for: .seconds(3600), at: shop.machine.clock.now()), of: old)
    }

    private func oldOnes(_ shop: Shop) -> [String] {
        shop.machine.processes.running.map(\.program).filter { $0 == "old" }
    }

    private func rollBack(whileServing isServing: Bool) throws {
        let shop = try Shop()
        try shop.run(try shop.promotion(of: 30), named: 150)
        try drains(in: shop)
        if !isServing {
            let serving = try XCTUnwrap(shop.site.records.current)
            for process in serving.services.compactMap(\.body.process) {
                shop.machine.processes.signal(process, .kill)
            }
        }
        XCTAssertEqual(oldOnes(shop), ["old"])
        try shop.run(try shop.rollback(), named: 200)
        XCTAssertEqual(oldOnes(shop), [], "serving: \(isServing)")
        XCTAssertEqual(shop.site.records.drained, [])
    }

    func testItEndsBeforeDataIsReplaced() throws { try rollBack(whileServing: true) }

    func testItEndsBeforeDataIsReplacedThoughNothingServes() throws { try rollBack(whileServing: false) }

    func testADeploymentLeavesItAlone() throws {
        let shop = try Shop()
        try drains(in: shop)
        try shop.run(try shop.promotion(of: 30), named: 150)
        XCTAssertEqual(oldOnes(shop), ["old"])
    }
}
