import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What happens around every change, whichever verb proposes it.
final class ChangeLifeCycleTests: XCTestCase {
    /// One try to change production, and what was seen of it.
    private final class Try {
        let machine = SimulatedMachine()
        let prompter = ScriptedPrompter("CONFIRM")
        var origin = Sample.origin
        var (name, wish) = ("production", ["a"])
        var proposals: [Proposal] = []
        var shown: [String] = []
        var proposed: [String] = []
        var beforeTheLock: () -> Void = {}

        init(_ proposals: Proposal...) {
            self.proposals = proposals
            for name in ["staging", "production"] {
                let promotion = name == "production" ? ", \"promotion\": {\"from\": \"staging\"}" : ""
                machine.files.write(
                    """
                    {"project": "shop", "services": {"web": {"role": "app", "command": ["bin/web"]}},
                     "ports": {"http": \(name == "production" ? 8080 : 8081)}\(promotion)}
                    """, to: "\(machine.project)/environments/\(name).json")
            }
        }

        func carryOut(asking: Bool = false) throws -> RunResult {
            var ports = machine.ports()
            ports.prompter = prompter
            let asked = origin
            let deployer = Deployer(
                Workspace(ports: ports, project: machine.project),
                definitions: DefinitionLoader(
                    files: machine.files, folder: "\(machine.project)/environments"),
                origin: asked
            ) { _ in }
            let change = ChangeLifeCycle(
                deployer: deployer, name: name, by: .written, purpose: "a test", wish: wish
            ) { _ in
                self.proposals.removeFirst()
            }
            let question = ConfirmationQuestion(
                given: nil, purpose: { "deploy \($0.draft.subject)" },
                show: { self.shown.append($0.planID) }, propose: { self.proposed.append($0.planID) })
            return try change.carryOut(asking ? .asked(question) : .none) { self.beforeTheLock() }
        }

        func failure(asking: Bool = false) throws -> DeployError {
            do {
                _ = try carryOut(asking: asking)
            } catch let error as DeployError { return error }
            throw CancellationError()
        }

        var runs: [Deployment] { get throws { try machine.state.deployments(of: nil, limit: 9) } }
    }

    private func proposal(_ release: Int = 10, losing tables: [String] = []) -> Proposal {
        var fixture = PlanFixture.serving(PlanFixture.environment("production", .recreate, database: false))
        fixture.facts.release = Sample.release(release)
        fixture.facts.loss = tables.isEmpty ? nil : RollbackLoss(tables: tables)
        return Proposal(draft: fixture.draft(.stop, .stop(service: nil)))
    }

    func testWhatNobodyIsAskedAboutIsLookedAtOnceAndRun() throws {
        let one = Try(proposal())
        guard case .done(let run, _) = try one.carryOut() else { return XCTFail("nothing was done") }
        XCTAssertEqual(run.outcome, .succeeded)
        XCTAssertEqual(one.proposals.count, 0)
        XCTAssertNil(try one.machine.state.approval(of: run.timestamp))
    }

    func testWhatAPersonConfirmsIsLookedAtAgain() throws {
        let one = Try(proposal(), proposal())
        guard case .done(let run, _) = try one.carryOut(asking: true) else {
            return XCTFail("nothing was done")
        }
        XCTAssertEqual(one.shown, [run.planID])
        XCTAssertEqual(one.proposals.count, 0)
        XCTAssertEqual(try one.machine.state.approval(of: run.timestamp)?.planID, run.planID)
        XCTAssertEqual(try one.machine.state.approval(of: run.timestamp)?.means, .typed)
    }

    func testAPlanThatChangesMeanwhileIsNotRun() throws {
        let changed = try Try(proposal(10), proposal(20)).failure(asking: true)
        XCTAssertEqual(changed.code, .notConfirmed)
        XCTAssertEqual(changed.why, "what was shown is no longer what would run; nothing was changed")
        let more = Try(proposal(losing: ["a"]), proposal(losing: ["a", "b"]))
        XCTAssertEqual(
            try more.failure(asking: true).why,
            "meanwhile something would be lost of table b too; nothing was changed")
        XCTAssertEqual(try more.runs, [])
    }

    func testARefusingGateIsAskedAboutNeitherBeforeNorAfter() throws {
        var refused = proposal()
        refused.gates = [Finding(id: "clean", verdict: .refused("2 changes", next: "commit"))]
        let before = Try(refused)
        XCTAssertEqual(try before.failure(asking: true).code, .gateRefused)
        XCTAssertEqual(before.prompter.questions, [])
        let after = Try(proposal(), refused)
        XCTAssertEqual(try after.failure(asking: true).code, .gateRefused)
        XCTAssertEqual(try after.runs, [])
    }

    func testWhatIsUpToDateIsNotRun() throws {
        var proposal = proposal()
        proposal.upToDate = "all is well"
        let one = Try(proposal)
        guard case .upToDate("all is well") = try one.carryOut(asking: true) else { return XCTFail("it ran") }
        XCTAssertEqual(one.shown, [])
    }

    func testAHoldAndAHookAreRefusedBeforeAnythingIsLookedAt() throws {
        let held = Try(proposal())
        _ = try held.machine.state.take(
            Hold(
                environment: "production", performer: "bob", reason: "audit", since: held.machine.clock.now())
        )
        XCTAssertEqual(try held.failure().code, .locked)
        for trigger in [Trigger.hook, .detached] {
            let hooked = Try(proposal())
            hooked.origin.trigger = trigger
            XCTAssertEqual(try hooked.failure().code, .notConfirmed)
            XCTAssertEqual(hooked.proposals.count, 1)
        }
    }

    func testAnAgentProposesWhatAPersonConfirms() throws {
        let one = Try(proposal(), proposal())
        (one.origin.trigger, one.origin.performer) = (.agent, "robot")
        one.origin.command = ["production", "--release=20261121021530", "--override=soak,slo", "--confirm"]
        let planID = proposal().planID
        let refusal = try one.failure(asking: true)
        XCTAssertEqual(refusal.code, .notConfirmed)
        XCTAssertEqual(
            refusal.next,
            "a person confirms exactly this plan: deployctl production --release=20261121021530 --override=soak --override=slo --reason WHY --confirm \(planID)"
        )
        XCTAssertEqual([one.proposed, one.shown, one.prompter.questions], [[planID], [], []])
        XCTAssertEqual(try one.runs, [])
        XCTAssertEqual(one.proposals.count, 1, "it is looked at once")
        let written = try XCTUnwrap(
            one.machine.state.auditRecords(of: nil, since: nil, limit: 1).first?.content)
        XCTAssertEqual(written.act, .propose)
        XCTAssertEqual([written.environment, written.subject], ["production", planID])
        XCTAssertEqual([written.performer, written.trigger.rawValue], ["robot", "agent"])
        XCTAssertEqual(try one.failure().code, .notConfirmed, "what nobody is asked about it does not do")
        XCTAssertEqual(try one.runs, [])
    }

    func testAnAgentProposesNothingThatAGateRefusesAndCarriesOutWhatIsNotGuarded() throws {
        var refused = proposal()
        refused.gates = [Finding(id: "clean", verdict: .refused("2 changes", next: "commit"))]
        let one = Try(refused)
        one.origin.trigger = .agent
        XCTAssertEqual(try one.failure(asking: true).code, .gateRefused)
        XCTAssertEqual(one.proposed, [])
        let other = Try(proposal(), proposal())
        (other.origin.trigger, other.name) = (.agent, "staging")
        guard case .done = try other.carryOut(asking: true) else { return XCTFail("nothing was done") }
        XCTAssertEqual(other.proposed, [])
    }

    func testAKeyThatWasUsedIsAnsweredWithoutLooking() throws {
        let one = Try(proposal())
        one.origin.idempotencyKey = "build 7"
        _ = try one.carryOut()
        guard case .upToDate(let sentence) = try one.carryOut() else { return XCTFail("it ran again") }
        XCTAssertTrue(sentence.hasSuffix(" did this already"), sentence)
    }

    func testAKeyStandsForOneWishInOneEnvironment() throws {
        let one = Try(proposal(), proposal())
        one.origin.idempotencyKey = "build 7"
        _ = try one.carryOut()
        one.wish = ["a", "b"]
        XCTAssertEqual(try one.failure().code, .usage, "another wish")
        one.wish = ["a\u{301}"]
        XCTAssertEqual(try one.failure().code, .usage, "a wish that only looks the same")
        (one.name, one.wish) = ("staging", ["a"])
        XCTAssertEqual(try one.failure().code, .usage, "another environment")
        XCTAssertEqual(try one.runs.count, 1)
        XCTAssertEqual(one.proposals.count, 1, "nothing was looked at")
    }

    func testAKeyRepeatsAFailureAndSaysWhatHasNotEnded() throws {
        for (outcome, code) in [
            (Deployment.Outcome?.some(.interrupted), ExitCode.stepFailed), (nil, .unfinishedRun),
        ] {
            let one = Try(proposal())
            one.origin.idempotencyKey = "build 7"
            var origin = one.origin
            origin.wish = ["a test", "a"]
            let run = try one.machine.state.begin(
                Sample.plan(5), origin: origin, approval: nil, at: one.machine.clock.now())
            if let outcome {
                try one.machine.state.finish(run, outcome: outcome, error: nil, at: one.machine.clock.now())
            }
            XCTAssertEqual(try one.failure().code, code)
        }
    }

    /// Both looked before either had the lock.
    func testAKeyThatIsUsedWhileTheLockIsWaitedForIsAnsweredToo() throws {
        let one = Try(proposal())
        one.origin.idempotencyKey = "build 7"
        one.beforeTheLock = { [weak one] in
            guard let one else { return }
            one.beforeTheLock = {}
            _ = try? one.carryOut()
        }
        guard case .upToDate = try one.carryOut() else { return XCTFail("it ran again") }
        XCTAssertEqual(try one.runs.count, 1)
    }
}
