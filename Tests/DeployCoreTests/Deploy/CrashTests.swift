import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A run dies before each of its changes, one after the other; another run settles what it left.
final class CrashTests: XCTestCase {
    private struct Scenario {
        var name: String
        /// Every how many changes the run dies in a soak; neighbours differ between the two tests.
        var stride = 1
        var prepare: () throws -> (Shop, PlanDraft)

        /// A sample has a third of a soak's.
        var distance: Int {
            ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" ? stride : 3 * stride
        }
    }

    private func scenarios() -> [Scenario] {
        func promotion(_ name: String, stride: Int, _ change: @escaping (inout Environment) -> Void)
            -> Scenario
        {
            Scenario(name: name, stride: stride) {
                let shop = try Shop(change)
                return (shop, try shop.promotion(of: 30))
            }
        }
        return [
            promotion("a promotion behind an edge", stride: 2) { _ in },
            promotion("a promotion that recreates", stride: 5) { $0.runtime.strategy = .recreate },
            promotion("a promotion with the project's own programs around it", stride: 5) {
                for moment in Environment.Moment.allCases { $0.hooks.commands[moment] = [["true"]] }
            },
            Scenario(name: "a rollback of code and data", stride: 3) {
                let shop = try Shop()
                try shop.run(try shop.promotion(of: 30), named: 150)
                try shop.machine.database.write("INSERT INTO more VALUES later", to: shop.database)
                return (shop, try shop.rollback())
            },
            promotion("a promotion on a database server", stride: 7, onServer),
            Scenario(name: "a rollback of code and data on a database server", stride: 3) {
                let shop = try Shop(self.onServer)
                try shop.run(try shop.promotion(of: 30), named: 150)
                try shop.machine.database.write("INSERT INTO more VALUES later", to: shop.database)
                return (shop, try shop.rollback())
            },
            Scenario(name: "a rollback of a folder with its database", stride: 3) {
                try self.rolledBack { $0.backup.folders = ["uploads"] }
            },
            Scenario(name: "a rollback of a folder with a server's database", stride: 5) {
                try self.rolledBack {
                    self.onServer(&$0)
                    $0.backup.folders = ["uploads"]
                }
            },
            Scenario(name: "a rollback of folders alone", stride: 3) {
                try self.rolledBack {
                    ($0.database, $0.migrations) = (nil, nil)
                    $0.backup.folders = ["uploads"]
                }
            },
            promotion("a promotion with backups encrypted and copied", stride: 7, sealed),
            Scenario(name: "a rollback with backups encrypted and copied", stride: 8) {
                try self.rolledBack {
                    self.sealed(&$0)
                    $0.backup.folders = ["uploads"]
                }
            },
            promotion("a deployment that replaces a server's data", stride: 4) {
                self.onServer(&$0)
                $0.database?.fresh = true
            },
            Scenario(name: "a backup that takes the place of an older one") {
                let shop = try Shop { $0.backup.keep.last = 1 }
                let backUp = { PlanDraft(kind: .backup, facts: try shop.facts(), goal: .backUp) }
                try shop.run(try backUp(), named: 150)
                return (shop, try backUp())
            },
            Scenario(name: "a deployment on a masked copy", stride: 7) {
                let shop = try Shop(mask: "DELETE FROM note; INSERT INTO note VALUES nobody", self.masked)
                try shop.run(
                    PlanDraft(kind: .backup, facts: try shop.facts(), goal: .backUp), named: 150)
                return (shop, try shop.maskedPromotion())
            },
        ]
    }

    /// A rollback where files came and went since the backup.
    private func rolledBack(_ change: @escaping (inout Environment) -> Void) throws -> (Shop, PlanDraft) {
        let shop = try Shop {
            $0.sharedFolders = ["uploads"]
            change(&$0)
        }
        let uploads = "\(shop.layout.shared)/uploads"
        shop.machine.files.write("before", to: "\(uploads)/old.txt")
        try shop.run(try shop.promotion(of: 30), named: 150)
        shop.machine.files.write("after", to: "\(uploads)/new.txt")
        shop.machine.files.write("changed", to: "\(uploads)/old.txt")
        return (shop, try shop.rollback())
    }

    func testARollbackBringsFilesBackAndKeepsTheOthers() throws {
        let (shop, draft) = try rolledBack { $0.backup.folders = ["uploads"] }
        let (files, uploads) = (shop.machine.files, "\(shop.layout.shared)/uploads")
        try shop.run(draft, named: 200)
        XCTAssertEqual(files.names(in: uploads), ["old.txt"])
        XCTAssertEqual(try files.read("\(uploads)/old.txt"), Data("before".utf8))
        XCTAssertEqual(
            files.names(in: shop.layout.shared).filter { $0.hasPrefix("uploads") }, ["uploads"],
            "nothing stays beside")
        let newest = try XCTUnwrap(shop.machine.state.backups(of: "production").first)
        let undo = PlanDraft(
            kind: .restore, facts: try shop.facts(),
            goal: .rollback(
                try XCTUnwrap(shop.machine.state.release(try XCTUnwrap(newest.release))),
                data: newest))
        try shop.run(undo, named: 300)
        XCTAssertEqual(try files.read("\(uploads)/new.txt"), Data("after".utf8), "undo brings it all back")
        XCTAssertEqual(try files.read("\(uploads)/old.txt"), Data("changed".utf8))
    }

    private func onServer(_ environment: inout Environment) {
        environment.database = Environment.Database(engine: .mysql)
        environment.database?.name = "/srv/server/shop"
        environment.database?.user = "shop"
    }

    private func sealed(_ environment: inout Environment) {
        environment.backup.encryption = .init(
            tool: .age, recipients: ["age1x"], identity: ".secrets/backup.key")
        environment.backup.copies = [
            .init(
                command: ["cp", "{backup}", "/mnt/off/{timestamp}"],
                fetch: ["cp", "/mnt/off/{timestamp}", "{folder}"])
        ]
    }

    private func masked(_ environment: inout Environment) {
        onServer(&environment)
        environment.database?.fresh = true
    }

    private func changes(of scenario: Scenario) throws -> (Int, world: [String]) {
        let (shop, draft) = try scenario.prepare()
        let life = Life()
        try shop.run(draft, named: 200, life: life)
        return (life.changes - SimulatedMachine.changesAfterOutcome, shop.machine.world)
    }

    func testARunThatDiesAnywhereIsFinishedByResume() throws {
        for scenario in scenarios() {
            let (count, finished) = try changes(of: scenario)
            XCTAssertGreaterThan(count, 20, scenario.name)
            for change in stride(from: 0, to: count, by: scenario.distance) {
                let (shop, draft) = try scenario.prepare()
                XCTAssertNotNil(try shop.failure(draft, named: 200, life: Life(changes: change)))
                XCTAssertEqual(try listedButGone(in: shop), [], "\(scenario.name), change \(change)")
                let recovery = Recovery(deployer: shop.machine.deployer())
                guard case .done(let deployment, _) = try recovery.resume("production") else {
                    XCTFail("\(scenario.name), change \(change): nothing to resume")
                    continue
                }
                XCTAssertEqual(deployment.outcome, .succeeded, "\(scenario.name), change \(change)")
                let context = "\(scenario.name), dead at change \(change), resumed"
                assertSame(shop.machine.world, finished, context)
                XCTAssertEqual(halfMade(in: shop), [], context)
            }
        }
    }

    func testARunThatDiesAnywhereIsTakenBackOrFinishedByAbort() throws {
        for scenario in scenarios() {
            let (count, finished) = try changes(of: scenario)
            for change in stride(from: scenario.stride - 1, to: count, by: scenario.distance) {
                let (shop, draft) = try scenario.prepare()
                let before = served(by: shop)
                XCTAssertNotNil(try shop.failure(draft, named: 200, life: Life(changes: change)))
                let result = Result { try Recovery(deployer: shop.machine.deployer()).abort("production") }
                let context = "\(scenario.name), dead at change \(change), aborted"
                let deployment = try XCTUnwrap(shop.machine.state.deployment(Sample.timestamp(200)))
                if deployment.outcome == .succeeded {
                    assertSame(shop.machine.world, finished, context)
                } else {
                    XCTAssertEqual(deployment.outcome, .interrupted, context)
                    XCTAssertEqual(served(by: shop), before, context)
                }
                if case .failure(let error as DeployError) = result {
                    XCTAssertEqual(error.code, .needsPerson, context)
                    XCTAssertTrue(
                        error.why.contains("applied migrations stay: 0002.sql"), "\(context): \(error)")
                }
                XCTAssertEqual(
                    try shop.facts().look(in: shop.machine.workspace()).complaints, [], context)
                XCTAssertEqual(halfMade(in: shop), [], context)
            }
        }
    }

    /// What serves and from which data, without what a backup leaves behind.
    private func served(by shop: Shop) -> [String] {
        let database = (try? shop.machine.database.rows(of: "note", in: shop.database)) ?? []
        let links = [shop.layout.currentRelease, shop.layout.currentInstance, shop.layout.databaseLink ?? ""]
            .map { "\($0) -> \(shop.machine.files.linkTarget($0) ?? "nothing")" }
        let uploads = "\(shop.layout.shared)/uploads"
        let files = shop.machine.files.listing.filter { $0.hasPrefix("\(uploads)/") }
            .map { path in
                let data = (try? shop.machine.files.read(path)) ?? nil
                return "\(path) = \(String(decoding: data ?? Data(), as: UTF8.self))"
            }
        return links + database + files
            + shop.machine.processes.running.map { "\($0.program) of \($0.marker)" }.sorted()
    }

    /// What only a run under way may have: copies that are still compared, and what is encrypted, in the open.
    private func halfMade(in shop: Shop) -> [String] {
        shop.machine.files.listing.filter { path in
            path.contains(".partial")
                || ["-plain/", "-taken/", "-copy/"].contains(where: path.contains)
                || shop.environment.backup.encryption != nil && path.contains("/backups/")
                    && ![".age", "/manifest.json", "/"].contains(where: path.hasSuffix)
        }
    }

    /// Backups that a person would be shown, of which a part is missing.
    private func listedButGone(in shop: Shop) throws -> [String] {
        try shop.machine.state.backups(of: shop.environment.name).map { shop.layout.backup($0.timestamp) }
            .filter { !shop.machine.files.listing.contains("\($0)/manifest.json") }
    }

    private func assertSame(_ found: [String], _ expected: [String], _ context: String) {
        guard found != expected else { return }
        let (more, less) = (Set(found).subtracting(expected), Set(expected).subtracting(found))
        XCTFail(
            "\(context)\n+ \(more.sorted().joined(separator: "\n+ "))\n- \(less.sorted().joined(separator: "\n- "))"
        )
    }

    func testResumeAndAbortChangeNothingWhenNothingIsUnfinished() throws {
        let shop = try Shop()
        let before = shop.machine.world
        let recovery = Recovery(deployer: shop.machine.deployer())
        for settle in [recovery.resume, recovery.abort] {
            guard case .upToDate = try settle("production") else { return XCTFail("something was done") }
        }
        XCTAssertEqual(shop.machine.world, before)
        XCTAssertEqual(shop.machine.journal, [])
    }

    func testAZombieTouchesNothingOnceAnotherRunHasTakenOver() throws {
        let shop = try Shop()
        let draft = try shop.promotion(of: 30)
        let names = PlanNames(
            deployment: Sample.timestamp(200), backup: Sample.timestamp(201), retired: Sample.timestamp(202))
        // It ends with the step whose taking back would move the traffic.
        var plan = draft.plan(named: names)
        plan.steps = Array(plan.steps.prefix { $0.work.id != VerifyFrontDoor.id })
        let zombie = shop.machine.deployer()
        let deployment = try zombie.ports.state.begin(
            plan, origin: Sample.origin, approval: nil, at: shop.machine.clock.now())
        _ = try Recovery(deployer: shop.machine.deployer()).resume("production")
        let (after, running) = (shop.machine.world, shop.machine.processes.running.map(\.identity))

        var unfinished = plan
        unfinished.steps.append(.prune(Prune()))
        expectError(.needsPerson, "going on") {
            try zombie.runner(unfinished).run(unfinished, as: deployment)
        }
        expectError(.needsPerson, "taking back") { try zombie.runner(plan).abort(plan, as: deployment) }
        XCTAssertEqual(shop.machine.world, after)
        XCTAssertEqual(shop.machine.processes.running.map(\.identity), running)
    }
}
