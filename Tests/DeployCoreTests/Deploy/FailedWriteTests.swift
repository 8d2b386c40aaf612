import DeployTestSupport
import XCTest

@testable import DeployCore

/// One write after the other fails once, as a full or a bad disk makes it fail, in a run and in the stop after it.
final class FailedWriteTests: XCTestCase {
    private func rolledBack(_ change: (inout Environment) -> Void = { _ in }) throws -> (Shop, PlanDraft) {
        let shop = try Shop(change)
        try shop.run(try shop.promotion(of: 30), named: 150)
        return (shop, try shop.rollback())
    }

    private var scenarios: [(name: String, stride: Int, prepare: () throws -> (Shop, PlanDraft))] {
        [
            ("a rollback", 9, { try self.rolledBack() }),
            ("a rollback without an edge", 17, { try self.rolledBack { $0.runtime.strategy = .recreate } }),
            (
                "a promotion", 13,
                {
                    let shop = try Shop()
                    return (shop, try shop.promotion(of: 30))
                }
            ),
            (
                "a stop", 2,
                {
                    let shop = try Shop()
                    return (shop, try self.stopping(shop))
                }
            ),
            (
                "a restart", 5,
                {
                    let shop = try Shop()
                    return (
                        shop,
                        PlanDraft(kind: .restart, facts: try shop.facts(), goal: .restart(service: nil))
                    )
                }
            ),
        ]
    }

    func testWhicheverWriteFailsAStopEndsEverythingThatRuns_T01() throws {
        for (name, step, prepare) in scenarios {
            let (whole, draft) = try prepare()
            let life = Life()
            try whole.run(draft, named: 200, life: life)
            XCTAssertGreaterThan(life.changes, 10, name)
            for number in stride(from: 1, through: life.changes, by: step) {
                let context = "\(name), write \(number) fails"
                let (shop, draft) = try prepare()
                _ = try shop.failure(draft, named: 200, life: Life(failing: number))
                try settle(shop, context)
                try shop.run(try stopping(shop), named: 400)
                XCTAssertEqual(running(shop), [], context)
            }
        }
    }

    private func stopping(_ shop: Shop) throws -> PlanDraft {
        PlanDraft(kind: .stop, facts: try shop.facts(), goal: .stop(service: nil))
    }

    private func running(_ shop: Shop) -> [String] {
        shop.machine.processes.running.map { "\($0.program) of \($0.marker)" }.sorted()
    }

    private func settle(_ shop: Shop, _ context: String) throws {
        guard try shop.machine.state.unfinished(in: "production") != nil else { return }
        let recovery = Recovery(deployer: shop.machine.deployer())
        do { _ = try recovery.resume("production") } catch {
            do { _ = try recovery.abort("production") } catch {
                XCTAssertEqual(error.code, .needsPerson, "\(context): \(error)")
            }
        }
        XCTAssertNil(try shop.machine.state.unfinished(in: "production"), context)
    }
}
