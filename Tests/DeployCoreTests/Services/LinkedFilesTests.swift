import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A linked file stands in a release and is no part of it.
final class LinkedFilesTests: XCTestCase {
    private let machine = SimulatedMachine()
    private let release = Sample.timestamp(1)
    private var environment = Environment(name: "production", project: "shop")
    private var site: Site {
        Workspace(ports: machine.deployer().ports, project: machine.project).site(environment)
    }
    private var links: LinkedFiles { LinkedFiles(site: site) }
    private var folder: String { site.layout.release(release) }
    private var digest = ""
    private let secrets = ["file .env": "KEY=1", "file config/master.key": "abc", "OTHER": "x"]

    override func setUpWithError() throws {
        environment.linkedFiles = [".env": ".secrets/env", "config/master.key": ".secrets/key"]
        machine.files.write("code", to: "\(folder)/config/app", mode: 0o700)
        try seal()
    }

    private func seal() throws {
        let manifest = try machine.files.manifest(of: folder, except: [])
        try machine.files.publish(JSON.data(manifest), to: site.layout.releaseManifest(release))
        digest = manifest.digest
    }

    private func text(_ path: String) throws -> String? {
        try machine.files.read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    func testTheReleaseHasItByALinkAndStaysWhatWasBuilt_I34() throws {
        try links.link(into: release, secrets)
        for (path, content) in [(".env", "KEY=1\n"), ("config/master.key", "abc\n")] {
            let target = try XCTUnwrap(machine.files.linkTarget("\(folder)/\(path)"))
            XCTAssertTrue(target.hasPrefix("\(site.layout.root)/files/"), target)
            XCTAssertEqual(try text(target), content)
        }
        try ReleaseSeal(site).recordNoAdditions(of: release)
        XCTAssertEqual(
            try ReleaseSeal(site).settle(release, digest: digest), "1 files, \(digest.prefix(12))",
            "the links are no strays")
        try links.link(into: release, ["file .env": "KEY=2"])
        XCTAssertEqual(try text(site.layout.linkedFile(".env")), "KEY=2\n")
        XCTAssertEqual(try text(site.layout.linkedFile("config/master.key")), "abc\n", "the last one stays")
    }

    func testALinkThatLeadsElsewhereIsNoneOfOurs_T19() throws {
        try ReleaseSeal(site).recordNoAdditions(of: release)
        try machine.files.pointLink("\(folder)/.env", to: "/etc/passwd")
        XCTAssertTrue(try ReleaseSeal(site).settle(release, digest: digest).contains("1 added moved"))
        XCTAssertNil(machine.files.kind(of: "\(folder)/.env"))
    }

    func testWhatTheReleaseHasThereNeverVanishes_T21() throws {
        machine.files.write("committed", to: "\(folder)/.env")
        expectError(.gateRefused, "before the build") { try links.link(beforeBuildIn: folder, secrets) }
        try seal()
        expectError(.gateRefused, "after it") { try links.link(into: release, secrets) }
        XCTAssertEqual(try text("\(folder)/.env"), "committed")
    }

    func testABuildSeesItAndWhatItWritesThereIsNamed() throws {
        try links.link(beforeBuildIn: folder, secrets)
        XCTAssertNotNil(machine.files.linkTarget("\(folder)/.env"))
        try machine.files.remove("\(folder)/.env")
        machine.files.write("made", to: "\(folder)/.env")
        XCTAssertEqual(try links.takeOut(of: folder), [".env"])
        XCTAssertNil(machine.files.kind(of: "\(folder)/.env"))
        XCTAssertNil(machine.files.kind(of: "\(folder)/config/master.key"))
        XCTAssertEqual(try machine.files.manifest(of: folder, except: []).digest, digest)
    }

    func testWhatStartsAReleaseAgainTakesTheLastCopy() throws {
        try links.link(into: release, secrets)
        expectError(.invalidDefinition, "a deployment does not") { _ = try Run.fetch(for: .deploy, at: site) }
        for kind in [Deployment.Kind.start, .rollback, .restart] {
            XCTAssertEqual(
                try Run.fetch(for: kind, at: site),
                ["file .env": "KEY=1", "file config/master.key": "abc"])
        }
        environment.linkedFiles["new"] = ".secrets/new"
        expectError(.invalidDefinition, "without a copy") { _ = try Run.fetch(for: .start, at: site) }
    }

    func testWhatDiffersFromTheDefinitionIsSaid_T19() throws {
        machine.secrets = FixedSecrets(secrets)
        XCTAssertEqual(links.drift(of: release).count, 2, "nothing is linked")
        try links.link(into: release, secrets)
        XCTAssertEqual(links.drift(of: release), [])
        XCTAssertEqual(links.waiting, [])
        machine.secrets = FixedSecrets(["file .env": "KEY=2"])
        XCTAssertEqual(
            links.waiting,
            [
                "the linked file .env was changed since the start: deployctl restart production",
                "Secret file config/master.key is missing, a start takes its last copy: no test gave it",
            ])
    }

    func testCopiesThatNothingLeadsToGo() throws {
        try links.link(into: release, secrets)
        environment.linkedFiles[".env"] = nil
        try links.prune()
        XCTAssertEqual(
            machine.files.names(in: site.layout.linkedFiles),
            [Path.name(site.layout.linkedFile("config/master.key"))])
    }

    func testNoServiceGetsItAsAVariable_S01() throws {
        let plan = try RehearsedPlan.of(environment)
        let context = StepContext(site.workspace, plan: plan, origin: Sample.origin, secrets: secrets)
        XCTAssertEqual(context.applicationSecrets, ["OTHER": "x"])
    }

    func testItsValuesAreHiddenAndOrdinaryWordsAreNot_S02() {
        let content = """
            # settings
            NODE_ENV=production
            DB_PASSWORD='correct horse'
            URL=postgres://shop:pw12@db/shop
            APP_URL=http://127.0.0.1:8080
            production:
              'api' => 'abcd1234efgh',
            0123456789abcdef
            """
        let redactor = Redactor(LinkedFiles.values(in: ["file .env": content]))
        for hidden in [
            "DB_PASSWORD='correct horse'", "correct horse", "postgres://shop:pw12@db/shop", "abcd1234efgh",
            "0123456789abcdef",
        ] {
            XCTAssertEqual(redactor.scrub("<\(hidden)>"), "<[redacted]>")
        }
        for shown in ["deployctl production", "http://127.0.0.1:8080 answers", "production: well"] {
            XCTAssertEqual(redactor.scrub(shown), shown)
        }
    }
}

private enum RehearsedPlan {
    static func of(_ environment: Environment) throws -> Plan {
        let facts = EnvironmentFacts(project: "/srv/shop", environment: environment)
        return PlanDraft(kind: .backup, facts: facts, goal: .nothing).plan(
            named: PlanNames(
                deployment: Sample.timestamp(2), backup: Sample.timestamp(3), retired: Sample.timestamp(4)))
    }
}
