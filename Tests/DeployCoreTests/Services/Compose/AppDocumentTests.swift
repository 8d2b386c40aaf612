import XCTest

@testable import DeployCore

/// What a release's services become before the engine sees them.
final class AppDocumentTests: XCTestCase {
    private func document(
        _ change: (inout JSONTree) -> Void = { _ in }, in environment: (inout Environment) -> Void = { _ in }
    ) throws -> JSONTree {
        try ComposeFixture.apps(ComposeFixture.unit(ComposeFixture.file(change), environment)).document()
    }

    private func web(_ document: JSONTree) -> JSONTree? { document.at("services", "web-20261121021530") }

    func testAServiceRunsItsImageByIdAndNothingElse_I34() throws {
        let web = try XCTUnwrap(web(document()))
        XCTAssertEqual(web["image"], .text("sha256:aa"))
        XCTAssertEqual(web["pull_policy"], .text("never"))
        for key in ["build", "profiles", "develop"] { XCTAssertNil(web[key], key) }
        XCTAssertEqual(web["stop_grace_period"], .text("40s"), "what the project says of the service stays")
    }

    func testAServiceWithoutAnImageIsRefused_I34() throws {
        var set = try ComposeFixture.apps(ComposeFixture.unit())
        set.images["worker"] = nil
        XCTAssertThrowsError(try set.document()) { XCTAssertEqual(($0 as? DeployError)?.code, .gateRefused) }
    }

    func testTheOnlyPublishedPortIsOnThisMachine() throws {
        let ports = web(try document())?["ports"]
        XCTAssertEqual(
            ports,
            try .parse(
                #"[{"mode": "ingress", "host_ip": "127.0.0.1", "target": 5000, "published": "40000", "protocol": "tcp"}]"#
            ))
        XCTAssertNil(try document().at("services", "worker-20261121021530", "ports"), "it listens on nothing")
    }

    func testTheFirstPublishedPortCountsWhereNothingIsExposed() throws {
        let document = try document { $0["services"]?["web"]?["expose"] = nil }
        XCTAssertEqual(web(document)?["ports"]?.items.first?["target"], .integer(9000))
        XCTAssertThrowsError(
            try self.document {
                $0["services"]?["web"]?["expose"] = nil
                $0["services"]?["web"]?["ports"] = nil
            })
    }

    func testLabelsAreDeployctlsOwn() throws {
        XCTAssertEqual(
            web(try document())?["labels"],
            .texts([
                "own": "kept", "deployctl.project": "shop", "deployctl.environment": "staging",
                "deployctl.release": "20261121021500", "deployctl.colour": "20261121021530",
                "deployctl.service": "web", "deployctl.role": "app",
            ]))
    }

    func testTwoSetsDoNotAnswerToOneNameOnTheCommonNetwork() throws {
        let document = try document()
        XCTAssertEqual(
            document["services"]?.members.keys.sorted(), ["web-20261121021530", "worker-20261121021530"])
        XCTAssertEqual(
            web(document)?["networks"], try .parse(#"{"environment": null, "colour": {"aliases": ["web"]}}"#))
        XCTAssertEqual(document.at("networks", "environment", "name"), .text("staging-network"))
        XCTAssertEqual(document.at("networks", "environment", "external"), .bool(true))
        XCTAssertEqual(document.at("networks", "colour", "name"), .text("shop-staging-20261121021530"))
    }

    func testASingleServiceNeedsNoNetworkOfItsOwn() throws {
        let document = try document { _ in
        } in: {
            $0.services.remove(at: 1)
        }
        XCTAssertEqual(document["networks"]?.members.keys.sorted(), ["environment"])
    }

    func testOnlyServicesOfTheSetAreWaitedFor() throws {
        let document = try document()
        XCTAssertNil(web(document)?["depends_on"], "the database outlives the set")
        XCTAssertEqual(
            document.at("services", "worker-20261121021530", "depends_on")?.members.keys.sorted(),
            ["web-20261121021530"])
    }

    func testVariablesNameFilesAndHoldNoSecret_S03() throws {
        XCTAssertEqual(
            web(try document())?["environment"],
            .texts([
                "PORT": "5000", "HOST": "0.0.0.0", "MODE": "b$$c", "DATABASE_HOST": "database",
                "DEPLOYCTL_COMMIT": "a$$b", "TOKEN_FILE": "/run/secrets/TOKEN",
                "DATABASE_URL_FILE": "/run/secrets/DATABASE_URL",
            ]))
    }

    func testTheDatabasesAddressIsMountedWithoutBeingListed() throws {
        let document = try document()
        XCTAssertEqual(
            web(document)?["secrets"]?.items.compactMap { $0["source"]?.text }, ["TOKEN", "DATABASE_URL"])
        XCTAssertEqual(document.at("secrets", "DATABASE_URL", "file"), .text("/s/DATABASE_URL"))
        XCTAssertNil(document.at("secrets", "DATABASE_ADMIN_PASSWORD"), "nobody of the set mounts it")
    }

    func testAnAppMayNotHaveTheAdministratorsPassword_S03() {
        XCTAssertThrowsError(
            try document {
                $0["services"]?["web"]?["secrets"] = .list([
                    .object(["source": .text("DATABASE_ADMIN_PASSWORD")])
                ])
            })
    }

    func testASecretNobodyGivesIsRefused() {
        XCTAssertThrowsError(
            try document {
                $0["secrets"]?["OTHER"] = .object(["file": .text("/s/OTHER")])
                $0["services"]?["web"]?["secrets"] = .list([.object(["source": .text("OTHER")])])
            }
        ) { XCTAssertEqual(($0 as? DeployError)?.next.contains("OTHER"), true) }
    }

    func testACommandsContainerIsKnownAsSuch_I24() throws {
        let set = try ComposeFixture.apps(ComposeFixture.unit())
        let document = try set.job(set.unit.environment.appServices[0])
        let job = try XCTUnwrap(document.at("services", "web"))
        XCTAssertEqual(job["labels"]?["deployctl.role"], .text("job"))
        for key in ["ports", "restart", "container_name"] { XCTAssertNil(job[key], key) }
        XCTAssertEqual(job["networks"]?.members.keys.sorted(), ["environment"])
    }
}
