import DeployTestSupport
import XCTest

@testable import DeployCore

/// On the simulated machine, what the steps of a plan start is what the plan prints.
final class PrintedProgramsTests: XCTestCase {
    func testStagingStartsWhatItPrintsWhereverServicesListen() throws {
        for (listen, strategy) in Self.ways {
            let shop = try Shop {
                $0.build = [["build", "all"]]
                self.dress(&$0, listen, strategy)
            }
            let goal = PlanDraft.Goal.build(commit: "c0ffee", branch: "main", subject: "Change")
            try check(PlanDraft(kind: .deploy, facts: try shop.facts(), goal: goal), in: shop, 200)
        }
    }

    func testAPromotionAndItsRollbackStartWhatTheyPrint() throws {
        for (listen, strategy) in Self.ways {
            let shop = try Shop { self.dress(&$0, listen, strategy) }
            try check(try shop.promotion(of: 30), in: shop, 200)
            try shop.machine.database.write("INSERT INTO more VALUES later", to: shop.database)
            try check(try shop.rollback(), in: shop, 300)
        }
    }

    private static let ways: [(Service.Listen, Environment.Runtime.Strategy)] = [
        (.tcp, .blueGreen), (.socket, .blueGreen), (.tcp, .recreate),
    ]

    private func dress(
        _ environment: inout Environment, _ listen: Service.Listen, _ strategy: Environment.Runtime.Strategy
    ) {
        environment.services[0].listen = listen
        environment.runtime.strategy = strategy
        environment.backup.folders = ["uploads"]
        environment.backup.encryption = .init(
            tool: .age, recipients: ["age1shop"], identity: "backup.key")
    }

    /// Each program fits a call of the step that started it, and each call without a condition was started.
    private func check(_ draft: PlanDraft, in shop: Shop, _ number: Int) throws {
        let before = shop.machine.begunPrograms.count
        try shop.run(draft, named: number)
        let begun = shop.machine.begunPrograms.dropFirst(before)
        let plan = try XCTUnwrap(shop.machine.state.plan(of: Sample.timestamp(number)))
        for (index, step) in plan.steps.enumerated() {
            let started = begun.filter { $0.position == index + 1 }.map(\.command)
            let calls = step.work.programs(in: shop.layout)
            for command in started {
                XCTAssertTrue(
                    calls.contains { $0.fits(command) }, "\(step.work.id) does not print \(command)")
            }
            // The imitated database needs no programs.
            let ofDatabase = DatabasePrograms(layout: shop.layout).calls(
                .taking, .restoring, .copying, .asking)
            for call in calls where call.condition == nil && !ofDatabase.contains(call) {
                XCTAssertTrue(
                    started.contains(where: call.fits), "\(step.work.id) prints \(call.command) for nothing")
            }
        }
    }
}
