import XCTest

@testable import DeployCore

/// What a release's services become before a swarm sees them.
final class StackDocumentTests: XCTestCase {
    private static let digest = "r.example/shop-web@sha256:aa"

    private func document(
        _ change: (inout JSONTree) -> Void = { _ in }, in environment: (inout Environment) -> Void = { _ in }
    ) throws -> JSONTree {
        let file = try ComposeFixture.file { tree in
            tree["services"]?["database"] = nil
            tree["services"]?["web"]?["depends_on"] = nil
            change(&tree)
        }
        let unit = try ComposeFixture.unit(file) { all in
            all.runtime = .init(
                kind: .swarm, strategy: .blueGreen, file: "compose.yml", registry: "r.example")
            all.services = all.services.filter { $0.role == .app }
            all.volumes = []
            environment(&all)
        }
        var apps = ComposeFixture.apps(unit)
        apps.images["web"] = Self.digest
        return try StackDocument(apps: apps).document(site: "/srv/shop")
    }

    private func web(_ change: (inout JSONTree) -> Void = { _ in }) throws -> JSONTree {
        let document = try document { tree in
            var web = tree["services"]?["web"] ?? .null
            change(&web)
            tree["services"]?["web"] = web
        }
        return try XCTUnwrap(document["services"]?["web"])
    }

    private func expectRefusal(
        of key: String, _ why: String, _ value: String, line: UInt = #line
    ) throws {
        let path = key.split(separator: ".").map(String.init)
        XCTAssertThrowsError(
            try web { web in
                if path.count == 2 {
                    var outer = web[path[0]] ?? .object([:])
                    outer[path[1]] = try? .parse(value)
                    web[path[0]] = outer
                } else {
                    web[key] = try? .parse(value)
                }
            }, line: line
        ) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .invalidDefinition, line: line)
            XCTAssertEqual(
                error?.what.hasPrefix("services.web.\(key) of compose.yml is refused"), true,
                error?.what ?? "", line: line)
            XCTAssertEqual(error?.why.contains(why), true, error?.why ?? "", line: line)
        }
    }

    func testAServiceKeepsItsNameAndRunsItsDigest() throws {
        let document = try document()
        XCTAssertEqual(document["services"]?.members.keys.sorted(), ["web", "worker"])
        XCTAssertEqual(document.at("services", "web", "image"), .text(Self.digest))
        for key in ["container_name", "pull_policy", "security_opt", "networks", "restart", "build"] {
            XCTAssertNil(document.at("services", "web", key), key)
        }
    }

    func testWhatReachesDataIsOnTheEnvironmentsNetworkUnderANameNoOtherReleaseHas() throws {
        let document = try document(in: { $0.services.append(Service(name: "database", role: .data)) })
        let key = StackDocument.key(
            "web", of: "20261121021530",
            in: ComposeFixture.environment { $0.services = [Service(name: "database", role: .data)] })
        XCTAssertNotEqual(key, "web")
        XCTAssertEqual(
            document.at("services", key, "networks"),
            try .parse(#"{"default": {"aliases": ["web"]}, "environment": null}"#))
        XCTAssertEqual(
            document.at("networks", "environment"),
            try .parse(#"{"external": true, "name": "staging-network"}"#))
        XCTAssertNil(document["services"]?["database"], "it is not the swarm's to start")
        XCTAssertNil(
            try self.document().at("networks", "environment"), "without data there is no need for it")
    }

    func testItsPortIsOneOfEveryMachine() throws {
        XCTAssertEqual(
            try web()["ports"],
            try .parse(#"[{"mode": "ingress", "protocol": "tcp", "target": 5000, "published": 40000}]"#))
    }

    func testTheManagerFindsItByItsLabels() throws {
        XCTAssertEqual(
            try web()["deploy"]?["labels"],
            .texts([
                "deployctl.project": "shop", "deployctl.environment": "staging",
                "deployctl.release": "20261121021500", "deployctl.colour": "20261121021530",
                "deployctl.service": "web", "deployctl.role": "app", "deployctl.site": "/srv/shop",
            ]))
    }

    func testCopiesPlacementAndLimitsAreThoseOfTheFile() throws {
        let deploy = try web { web in
            web["deploy"] = try? .parse(
                #"""
                {"replicas": 3, "placement": {"constraints": ["node.role == worker"]}, "mode": "replicated",
                 "resources": {"limits": {"cpus": 0.5, "memory": "1000"}}, "update_config": {"order": "start-first"}}
                """#)
            web["pids_limit"] = .integer(100)
        }["deploy"]
        XCTAssertEqual(deploy?["replicas"], .integer(3))
        XCTAssertEqual(deploy?["placement"], try .parse(#"{"constraints": ["node.role == worker"]}"#))
        XCTAssertEqual(
            deploy?["resources"],
            try .parse(#"{"limits": {"cpus": "0.5", "memory": "1000", "pids": 100}}"#))
        XCTAssertNil(deploy?["update_config"], "no release is updated")
        XCTAssertEqual(try web()["deploy"]?["replicas"], .integer(1))
    }

    func testOneThatEndsIsStartedAgainAsTheFileSays() throws {
        let conditions: [String?: String] = [
            nil: "any", "always": "any", "unless-stopped": "any", "no": "none", "on-failure": "on-failure",
        ]
        for (restart, condition) in conditions {
            let policy = try web { $0["restart"] = restart.map(JSONTree.text) }["deploy"]?["restart_policy"]
            XCTAssertEqual(policy?["condition"], .text(condition), restart ?? "nothing")
        }
    }

    func testSecretsOfTwoReleasesHaveDifferentNames() throws {
        let token = try document().at("secrets", "TOKEN")
        let name = try XCTUnwrap(token?["name"]?.text)
        XCTAssertEqual(token?["file"], .text("/s/TOKEN"))
        XCTAssertTrue(name.hasSuffix("-TOKEN"))
        XCTAssertEqual(name.utf8.count, "TOKEN".utf8.count + 13)
        let other = try document(in: { $0.name = "production" }).at("secrets", "TOKEN", "name")?.text
        XCTAssertNotEqual(other, name)
    }

    func testRightsOfASecretAreANumber() throws {
        let secrets = try web {
            $0["secrets"] = .list([.object(["source": .text("TOKEN"), "mode": .text("0400")])])
        }["secrets"]
        XCTAssertEqual(secrets?.items.first?["mode"], .integer(0o400))
    }

    func testWhatLiesOnOneMachineIsRefused() throws {
        try expectRefusal(
            of: "volumes", "begin empty where its machine is lost",
            #"[{"type": "volume", "source": "cache", "target": "/c"}]"#)
        try expectRefusal(
            of: "volumes", "begin empty where its machine is lost",
            #"[{"type": "bind", "source": "/p/app", "target": "/c"}]"#)
        XCTAssertEqual(
            try web { $0["volumes"] = .list([.object(["type": .text("tmpfs"), "target": .text("/t")])]) }[
                "volumes"]?.items.count, 1)
    }

    func testWhatAStackWouldLeaveOutIsRefused() throws {
        try expectRefusal(of: "extra_hosts", "a swarm does not know it", #"["a=10.0.0.1"]"#)
        try expectRefusal(of: "ipc", "a swarm does not know it", #""private""#)
        try expectRefusal(of: "security_opt", "a swarm does not know it", #"["seccomp=builtin"]"#)
        try expectRefusal(of: "deploy.mode", "no number of copies", #""global""#)
        try expectRefusal(of: "deploy.replicas", "nothing of it would run", "0")
        try expectRefusal(
            of: "deploy.labels", "how services are told apart", #"{"deployctl.colour": "1"}"#)
    }

    func testAPartHasTheServicesThatAreNamed() throws {
        let part = StackDocument.part(try document(), of: ["worker"])
        XCTAssertEqual(part["services"]?.members.keys.sorted(), ["worker"])
        XCTAssertNotNil(part["secrets"])
    }
}
