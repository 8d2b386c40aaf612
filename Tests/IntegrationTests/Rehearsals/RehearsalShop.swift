import DeployTestSupport
import Foundation
import XCTest

/// Two releases in production whose application says when it is rehearsed and then writes to its data.
struct RehearsalShop {
    let fixture: DeployctlFixture
    let older: String

    init(for test: XCTestCase, _ change: (DeployctlFixture) throws -> Void = { _ in }) throws {
        fixture = try DeployctlFixture(for: test)
        try change(fixture)
        try Self.furnish(fixture)
        older = try fixture.deployTwoReleases()
    }

    static func furnish(_ fixture: DeployctlFixture) throws {
        try fixture.replace(
            "print(\"serving\", text(\"version\"), flush=True)\n",
            with: """
                if os.environ.get("DEPLOYCTL_COMMAND") == "rehearsal":
                    print("rehearsing", text("version"), "on", json.dumps(items("GET", "")), end=", ", flush=True)
                    print("written", items("POST", "rehearsed"), flush=True)

                """, in: "app/server.py")
        try fixture.commit("Say when it is rehearsed")
    }

    func rehearse(_ more: String...) throws -> ProgramRun {
        try fixture.run(["rollback", older, "--dry-run", "--rehearse", "--json"] + more)
    }

    /// What the rehearsed release wrote to its log.
    func log(_ answer: RehearsedPlan) throws -> String {
        let name = try XCTUnwrap(answer.rehearsal).timestamp
        return try fixture.read("logs/production/deployctl/\(name)-web.log")
    }

    /// What a rehearsal must not change.
    struct Truth: Equatable {
        let world: World
        let process: String
        let release: String?
        let backups: [String]
        let instance: String
        let data: String
        let log: String
    }

    func truth() throws -> Truth {
        let root = "\(fixture.project)/.deployctl/production"
        return Truth(
            world: try fixture.world("production"), process: fixture.get("/version", from: "production").body,
            release: try fixture.status("production").place.release,
            backups: try fixture.backups("production").map(\.timestamp),
            instance: try FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/run/current"),
            data: try FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/shared/data/app.db"),
            log: (try? fixture.read("logs/production/web.log")) ?? "")
    }
}

struct RehearsedPlan: Decodable {
    struct Rehearsal: Decodable {
        let timestamp: String
        let release: String
        let data: String
        let backup: String?
        let restoreSeconds: Double?
        let healthySeconds: Double
    }
    let steps: [PlanReport.Step]
    let rehearsal: Rehearsal?
}
