import DeployTestSupport
import XCTest

@testable import DeployCore

/// The gates a definition asks for, each with its pass, its refusal and its edge.
final class ProofGateTests: XCTestCase {
    private typealias Change = (inout PromotionFacts) -> Void

    private func check(
        _ gate: any Gate, _ kind: Verdict.Kind, _ says: String, opens: Date? = nil,
        line: UInt = #line, _ change: Change
    ) {
        var facts = GoodFacts.complete
        change(&facts)
        facts.writeDown()
        let verdict = gate.judge(facts)
        XCTAssertEqual(verdict.kind, kind, "\(verdict)", line: line)
        XCTAssertTrue(verdict.measured.contains(says), verdict.measured, line: line)
        XCTAssertEqual(verdict.opensAt, opens, line: line)
        XCTAssertEqual(verdict.next.isEmpty, kind != .refused, line: line)
    }

    func testSoakOpensToTheSecond() {
        let now = GoodFacts.now
        check(SoakGate(), .passed, "30m") { _ in }
        check(SoakGate(), .refused, "1799s of 30m", opens: now + 1) { $0.undisturbedSince = now - 1799 }
        check(SoakGate(), .refused, "of 30m", opens: now + 1) { $0.undisturbedSince = now - 1799.5 }
        check(SoakGate(), .refused, "0s of 30m", opens: now + 1860) { $0.undisturbedSince = now + 60 }
        check(SoakGate(), .refused, "not known") { $0.undisturbedSince = nil }
    }

    func testLogsChecksLoadAndCommandsSayWhatTheySaw() {
        check(LogsGate(), .refused, "web: 3 with ERROR") {
            $0.proofs.forbiddenLines = [ForbiddenLine(service: "web", text: "ERROR", count: 3)]
        }
        check(LogsGate(), .refused, "could not be read") { $0.proofs.forbiddenLines = nil }
        check(ChecksGate(), .passed, "login in 50 ms") { _ in }
        check(ChecksGate(), .refused, "login: answers 500") { $0.proofs.checks?[0].complaint = "answers 500" }
        check(ChecksGate(), .refused, "login: it was not measured") { $0.proofs.checks = [] }
        check(SLOGate(), .passed, "p95 199.0 ms of 200ms, 0 of 500 failed") { _ in }
        check(SLOGate(), .refused, "p95 200.0 ms") { $0.proofs.load?.p95 = 0.2 }
        check(SLOGate(), .refused, "1 of 500 failed") { $0.proofs.load?.failed = 1 }
        check(SLOGate(), .passed, "1 of 1000 failed") {
            $0.proofs.load = LoadMeasurement(requests: 1000, failed: 1, p95: 0.1)
        }
        check(SLOGate(), .refused, "could not be measured") { $0.proofs.load?.requests = 499 }
        check(CommandsGate(), .refused, "./ci ended with 1") {
            $0.proofs.commands?[0].complaint = "ended with 1"
        }
        check(CommandsGate(), .refused, "were not run") { $0.proofs.commands = [] }
        check(PushedGate(), .refused, "no remote branch") { $0.code.isPushed = false }
        check(MigrationsGate(), .refused, "not applied in staging: 2.sql") { $0.data.proved?.removeLast() }
        check(StagedGate(), .refused, "definition changed after the deployment: ports") {
            $0.changedKeys = ["ports"]
        }
    }

    func testSignaturesExpireToTheSecondAndDieWithTheReleaseOrTheDefinition() {
        check(ChecklistGate(), .passed, "1 of 1 items") { _ in }
        check(ChecklistGate(), .passed, "1 of 1 items") {
            $0.people.signatures = [GoodFacts.signature("uploads work", ago: 3599)]
        }
        check(ChecklistGate(), .refused, "eve's is expired") {
            $0.people.signatures = [GoodFacts.signature("uploads work", ago: 3600)]
        }
        check(ChecklistGate(), .refused, "another release") { $0.release?.digest = "other" }
        check(ApprovalsGate(), .refused, "the definition changed") { $0.definitionDigest = "other" }
        check(ApprovalsGate(), .passed, "1 of 1: eve") { _ in }
        check(ApprovalsGate(), .refused, "1 of 2: eve") { $0.rules.approvals = 2 }
        check(ApprovalsGate(), .refused, "1 of 2: eve") {
            $0.rules.approvals = 2
            $0.people.signatures?.append(GoodFacts.signature("release", ago: 10))
        }
    }

    func testNobodyApprovesTheirOwnReleaseUnlessAlone() {
        check(ApprovalsGate(), .refused, "ada made the release") {
            $0.people.signatures = [GoodFacts.signature("release", by: "ada")]
        }
        check(ApprovalsGate(), .passed, "1 of 1: ada") {
            $0.people.signatures = [GoodFacts.signature("release", by: "ada")]
            $0.people.known = People([("ada", Sample.who), ("eve", Sample.who)])
        }
        check(ApprovalsGate(), .refused, "eve (ada) made the release") {
            $0.people.signatures = [GoodFacts.signature("release", by: "eve", under: "ada")]
        }
    }

    func testOneAccountUnderTwoNamesIsOnePerson() {
        check(ApprovalsGate(), .refused, "1 of 2: eve (mallory and eve are one account, eve)") {
            $0.rules.approvals = 2
            $0.people.signatures?.append(GoodFacts.signature("release", by: "mallory", under: "eve"))
        }
        check(ApprovalsGate(), .passed, "2 of 2: bob, eve") {
            $0.rules.approvals = 2
            $0.people.signatures?.append(GoodFacts.signature("release", by: "bob"))
        }
        check(ApprovalsGate(), .refused, "1 of 2: eve") {
            $0.rules.approvals = 2
            var signature = GoodFacts.signature("release", by: "bob")
            signature.who?.login = GoodFacts.who("eve").account
            $0.people.signatures?.append(signature)
        }
    }

    func testASignatureWithoutAnAccountDoesNotCount() {
        check(ApprovalsGate(), .refused, "0 of 1 (eve's does not say whose account it was)") {
            var signature = GoodFacts.signature("release")
            signature.who = nil
            $0.people.signatures = [signature]
        }
    }

    func testASignatureThatTheAuditLogDoesNotHaveDoesNotCount() {
        var facts = GoodFacts.complete
        facts.people.signatures?[1].definitionDigest = "another"
        facts.definitionDigest = "another"
        let verdict = ApprovalsGate().judge(facts)
        XCTAssertEqual(verdict.kind, .refused)
        XCTAssertTrue(
            verdict.measured.hasSuffix("(eve's is not in the audit log, let it be signed again)"),
            verdict.measured)
        facts.people.audited = nil
        XCTAssertTrue(ApprovalsGate().judge(facts).measured.contains("could not be read"))
    }

    func testHoldsVetoesAndFreezesNameTheirReason() {
        let now = GoodFacts.now
        check(HoldGate(), .refused, "eve holds production") {
            $0.people.holds = [
                Hold(environment: "production", performer: "eve", reason: "incident", since: now)
            ]
        }
        check(VetoGate(), .refused, "eve vetoed \(Sample.release(20).timestamp): loses uploads") {
            $0.people.vetoes = [
                Veto(
                    release: Sample.release(20).timestamp, performer: "eve", reason: "loses uploads",
                    since: now)
            ]
        }
        check(FreezeGate(), .passed, "no freeze") { _ in }
        check(FreezeGate(), .refused, "stocktaking", opens: now + 120) { $0.now = now + 60 }
        check(FreezeGate(), .refused, "stocktaking", opens: now + 120) { $0.now = now + 119 }
        check(FreezeGate(), .passed, "no freeze") { $0.now = now + 120 }
    }

    func testAWindowOpensAndClosesToTheSecond() {
        let nine = GoodFacts.now - 3600
        check(WindowGate(), .passed, "mon,tue,wed,thu 09:00-17:00 Europe/Moscow") { $0.now = nine }
        check(WindowGate(), .refused, "closed", opens: nine) { $0.now = nine - 1 }
        check(WindowGate(), .passed, "open") { $0.now = nine + 8 * 3600 - 1 }
        check(WindowGate(), .refused, "closed", opens: nine + 86_400) { $0.now = nine + 8 * 3600 }
        check(WindowGate(), .refused, "closed", opens: nine + 7 * 86_400) {
            $0.now = nine + 3 * 86_400 + 8 * 3600
        }
        check(WindowGate(), .refused, "Europe/Moscow is not known here") { $0.zones = [:] }
    }

    /// Any number of facts missing, unreadable or late: nothing passes that needed one of them.
    func testNoCombinationOfMissingFactsPasses() {
        var random = SplitMix(seed: 21)
        for _ in 0..<20_000 {
            var facts = GoodFacts.complete
            var hit: Set<String> = []
            for loss in Self.losses where random.next() % 4 == 0 {
                loss.remove(&facts)
                hit.insert(loss.gate)
            }
            guard !hit.isEmpty else { continue }
            let reports = Gates.judge(facts)
            for id in hit {
                XCTAssertEqual(reports.first { $0.id == id }?.verdict.kind, .refused, id)
            }
            XCTAssertThrowsError(try Gates.require(reports, for: "production"))
        }
        let nothing = PromotionFacts(source: "a", target: "b", rules: GoodFacts.rules, at: GoodFacts.now)
        for report in Gates.judge(nothing) where !["freeze", "backup-room"].contains(report.id) {
            XCTAssertEqual(report.verdict.kind, .refused, report.id)
        }
    }

    private static var losses: [(gate: String, remove: Change)] {
        [
            ("staged", { $0.release = nil }), ("staged", { $0.staged = nil }),
            ("staged", { $0.sealComplaints = nil }),
            ("staged", { $0.changedKeys = nil }), ("health", { $0.sourceComplaints = nil }),
            ("soak", { $0.undisturbedSince = nil }), ("logs", { $0.proofs.forbiddenLines = nil }),
            ("checks", { $0.proofs.checks = nil }), ("slo", { $0.proofs.load = nil }),
            ("checklist", { $0.people.signatures = nil }), ("approvals", { $0.people.known = nil }),
            ("approvals", { $0.definitionDigest = nil }), ("branch", { $0.code.branches = nil }),
            ("clean", { $0.code.uncommitted = nil }), ("pushed", { $0.code.isPushed = nil }),
            ("isolation", { $0.collisions = nil }), ("migrations", { $0.data.files = nil }),
            ("migrations", { $0.data.recorded = nil }), ("migrations", { $0.data.proved = nil }),
            ("backup-room", { $0.data.freeBytes = nil }), ("backup-room", { $0.data.bytes = nil }),
            ("window", { $0.zones = [:] }), ("hold", { $0.people.holds = nil }),
            ("veto", { $0.people.vetoes = nil }), ("commands", { $0.proofs.commands = nil }),
        ]
    }

    func testAnOverrideWarnsWithWhoAndWhyButNotAgainstWhatStands() throws {
        var facts = GoodFacts.complete
        facts.undisturbedSince = nil
        facts.people.holds = nil
        let overrides = ["soak", "hold", "slo"].map {
            GateOverride(gate: $0, performer: "eve", reason: "fire")
        }
        let judged = Gates.judge(facts)
        let reports = judged.overridden(by: overrides)
        let soak = try XCTUnwrap(reports.first { $0.id == "soak" }).verdict
        XCTAssertEqual(soak.kind, .warned)
        XCTAssertTrue(soak.measured.hasSuffix("overridden by eve: fire"), soak.measured)
        XCTAssertEqual(reports.first { $0.id == "hold" }?.verdict.kind, .refused)
        XCTAssertEqual(reports.first { $0.id == "slo" }?.verdict.kind, .passed)
        XCTAssertEqual(judged.used(of: overrides).map(\.gate), ["soak", "hold"])
        for name in ["staged", "isolation", "backup-room", "hold", "lock", "CONFIRM", "nonsense"] {
            expectError(.usage, name) { try GateOverride.check([name]) }
        }
    }
}
