import DeployTestSupport
import XCTest

@testable import DeployCore

/// What staging, production and a rollback print, held fixed for each way services run and listen.
final class PlanProgramsGoldenTests: XCTestCase {
    func testWithTheDefaultListen() throws { try assertGolden(plans { _ in }, named: "plan-tcp.txt") }

    func testWithSockets() throws {
        try assertGolden(plans { $0.services[0].listen = .socket }, named: "plan-socket.txt")
    }

    func testWithCompose() throws {
        let text = plans {
            $0.runtime.kind = .compose
            $0.services[0].command = []
            $0.services.append(Service(name: "keeper", role: .data))
            $0.releaseCommands = [["bin/seed"]]
        }
        try assertGolden(text, named: "plan-compose.txt")
    }

    private func plans(_ change: (inout Environment) -> Void) -> String {
        var (staging, production) = (
            PlanFixture.environment("staging"), PlanFixture.environment("production")
        )
        change(&staging)
        change(&production)
        production.backup.folders = ["uploads"]
        staging.build = [["make", "all"]]
        let serving = PlanFixture.serving(production)
        let build = PlanDraft.Goal.build(commit: "c0ffee", branch: "main", subject: "Change")
        let drafts = [
            PlanFixture.first(staging).draft(.deploy, build),
            serving.draft(.promote, .promote(Sample.release(20), from: "staging", migrations: nil)),
            serving.draft(.rollback, .rollback(Sample.release(5), data: Sample.backup(8))),
        ]
        return drafts.map { draft in
            draft.plan(named: PlanFixture.names).steps.map { text($0.work, draft.facts.layout) }
                .joined()
        }.joined(separator: "\n")
    }

    private func text(_ work: any StepWork, _ layout: Layout) -> String {
        let calls = work.programs(in: layout).map { call in
            "  $ \(call.command)\(call.condition.map { "  # when \($0)" } ?? "")\n"
        }
        return "\(work.title)\n\(calls.joined())"
    }
}
