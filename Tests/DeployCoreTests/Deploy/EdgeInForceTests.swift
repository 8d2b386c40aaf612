import DeployTestSupport
import XCTest

@testable import DeployCore

/// What the running edge goes by, whatever lies on disk and whoever died meanwhile.
final class EdgeInForceTests: XCTestCase {
    /// A promotion that changes the edge's configuration.
    private func changed() throws -> (Shop, PlanDraft) {
        var shop = try Shop()
        shop.environment.front.body = 7
        return (shop, try shop.promotion(of: 30))
    }

    private func workers(of shop: Shop) throws -> [ProcessIdentity] {
        let master = Nginx.master(in: shop.layout.edge, shop.machine.ports())
        return shop.machine.processes.children(of: try XCTUnwrap(master))
    }

    private func configuration(of shop: Shop) throws -> Data? {
        try shop.machine.files.read(Nginx.file(in: shop.layout.edge))
    }

    /// The first change before which a run may die with the new configuration on disk, and those around it.
    private func changesAroundTheReload() throws -> ClosedRange<Int> {
        let (shop, draft) = try changed()
        let life = Life()
        try shop.run(draft, named: 200, life: life)
        var (before, after) = (0, life.changes)
        while after - before > 1 {
            let middle = (before + after) / 2
            let (shop, draft) = try changed()
            let old = try configuration(of: shop)
            _ = try shop.failure(draft, named: 200, life: Life(changes: middle))
            if try configuration(of: shop) == old { before = middle } else { after = middle }
        }
        return after - 3...after + 6
    }

    func testAnEdgeThatMissedItsConfigurationIsReloadedByTheNextRun_T01() throws {
        for change in try changesAroundTheReload() {
            let (shop, draft) = try changed()
            let before = try workers(of: shop)
            _ = try shop.failure(draft, named: 200, life: Life(changes: change))
            _ = try Recovery(deployer: shop.machine.deployer()).resume("production")
            XCTAssertNotEqual(try workers(of: shop), before, "dead at change \(change)")
        }
    }

    func testWhatServedBeforeKeepsItsEdgeAfterAnAbort_T01() throws {
        var takenBack = 0
        for change in try changesAroundTheReload() {
            let (shop, draft) = try changed()
            let before = try configuration(of: shop)
            _ = try shop.failure(draft, named: 200, life: Life(changes: change))
            _ = try? Recovery(deployer: shop.machine.deployer()).abort("production")
            let deployment = try shop.machine.state.deployment(Sample.timestamp(200))
            guard deployment?.outcome == .interrupted else { continue }
            takenBack += 1
            XCTAssertEqual(try configuration(of: shop), before, "dead at change \(change)")
        }
        XCTAssertGreaterThan(takenBack, 3)
    }

    func testStoppingAndLookingNeedNoNginxAndStartingDoes() throws {
        let shop = try Shop()
        shop.machine.programs.uninstallNginx()
        func operation(_ kind: DeployCore.Operation.Kind) throws -> PlanDraft {
            try DeployCore.Operation(
                deployer: shop.machine.deployer(), kind: kind, name: "production", service: nil
            )
            .proposal(shop.environment).draft
        }
        XCTAssertThrowsError(try operation(.start)) { error in
            XCTAssertEqual((error as? DeployError)?.code, .invalidDefinition)
        }
        _ = try FactsCollector(shop.machine.workspace()).collect(shop.environment, starting: false)
        XCTAssertFalse(shop.machine.processes.running.isEmpty)
        try shop.run(try operation(.stop), named: 300)
        XCTAssertEqual(shop.machine.processes.running.map(\.marker), [])
    }
}
