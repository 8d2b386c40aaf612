import XCTest

@testable import DeployCore

/// What the services that outlive releases become.
final class DataDocumentTests: XCTestCase {
    private func document(
        _ change: (inout JSONTree) -> Void = { _ in }, in environment: (inout Environment) -> Void = { _ in },
        imageVolumes: [String] = [], known: [KeptVolumes.Place: String] = [:]
    ) throws -> JSONTree {
        let unit = try ComposeFixture.unit(ComposeFixture.file(change), environment)
        return try DataDocument(
            unit: unit, releases: "/p/releases", secrets: "/s", clientFile: ("/s/client", "/run/client"),
            nameless: NamelessVolumes(
                environment: unit.environment, declared: ["database": imageVolumes], known: known)
        ).document()
    }

    func testItKeepsItsNameAndHasNoColour() throws {
        let document = try document()
        XCTAssertEqual(document["services"]?.members.keys.sorted(), ["database"])
        XCTAssertEqual(
            document.at("services", "database", "labels"),
            .texts([
                "deployctl.project": "shop", "deployctl.environment": "staging",
                "deployctl.service": "database",
                "deployctl.role": "data",
            ]))
        XCTAssertEqual(document.at("services", "database", "restart"), .text("always"))
    }

    func testItIsPublishedOnThisMachineOnlyAtTheDefinitionsPort_S16() throws {
        let one = #"{"target": 3306, "published": "3306"}"#
        for ports in [
            "[\(one)]", "[]", "null", #"[{"target": 3306, "published": "3306", "host_ip": "0.0.0.0"}]"#,
            #"[{"target": 3306, "published": "5001", "host_ip": "::"}]"#,
            #"[{"target": 3306, "published": "5001", "host_ip": "[::]"}]"#,
            #"[{"target": 3306, "published": "5001", "host_ip": ""}]"#,
            #"[{"target": 3306, "host_ip": "127.0.0.1"}, {"target": 3306, "published": "443", "host_ip": "0.0.0.0"}]"#,
            #"[\#(one), {"target": 33060, "published": "80"}, {"target": 3307, "published": "0"}]"#,
            #"[\#(one), "0.0.0.0:80:80"]"#, #"["0.0.0.0:3306:3306"]"#, #"["3306"]"#, #"[3306]"#,
            #"[{"target": 3306, "published": "3000-3999", "host_ip": "0.0.0.0"}]"#,
            #"[{"target": 3306, "published": 3306, "mode": "host"}]"#, #""0.0.0.0:3306:3306""#,
            #"{"target": 3306, "published": "3306"}"#,
        ] {
            let tree = try JSONTree.parse(ports)
            let published = try document { $0["services"]?["database"]?["ports"] = tree }
                .at("services", "database", "ports")
            XCTAssertEqual(
                published,
                try .parse(
                    #"[{"mode": "ingress", "host_ip": "127.0.0.1", "target": 3306, "published": "3308", "protocol": "tcp"}]"#
                ), ports)
        }
    }

    func testAPortThatTheDefinitionDoesNotNameIsNotPublished_S16() throws {
        func ports(_ change: (inout Environment) -> Void) throws -> JSONTree? {
            try document({ $0 = Self.withoutSecrets($0) }, in: change).at("services", "database", "ports")
        }
        XCTAssertNil(
            try ports {
                $0.ports["database"] = nil
                $0.database = nil
            }, "a port that a commit chooses may be another environment's")
        let served = try ports {
            $0.ports["database"] = nil
            $0.database?.port = 3399
        }
        XCTAssertEqual(served?.items.first?["published"], .text("3399"), "where the definition looks for it")
    }

    private static func withoutSecrets(_ tree: JSONTree) -> JSONTree {
        guard case .object(var all) = tree, case .object(var services)? = all["services"],
            case .object(var database)? = services["database"]
        else { return tree }
        database["secrets"] = nil
        services["database"] = .object(database)
        all["services"] = .object(services)
        return .object(all)
    }

    func testVolumesGetTheDefinitionsNames() throws {
        XCTAssertEqual(try document().at("volumes", "data", "name"), .text("staging_data"))
        XCTAssertEqual(try document().at("volumes", "data", "external"), .bool(true))
        XCTAssertNil(try document().at("volumes", "cache"), "nobody mounts it")
        let unnamed = try document(in: { $0.volumes = [] })
        XCTAssertEqual(unnamed.at("volumes", "data", "name"), .text("shop-staging_data"))
        XCTAssertThrowsError(try document(in: { $0.volumes = ["one", "another"] }))
    }

    func testItSaysWhichVolumesAppServicesHaveToo() throws {
        let document = try document {
            $0["services"]?["web"]?["volumes"] = .list([
                .object(["type": .text("volume"), "source": .text("cache"), "target": .text("/cache")])
            ])
        }
        XCTAssertEqual(KeptVolumes.names(in: document), ["staging_cache", "staging_data"])
    }

    func testWhatTheImageKeepsGetsAVolumeThatOutlivesItsContainer() throws {
        let place = KeptVolumes.Place(service: "database", target: "/var/lib/mysql")
        func mounts(_ trees: [JSONTree], _ known: [KeptVolumes.Place: String] = [:]) throws -> JSONTree {
            try document(
                { $0["services"]?["database"]?["volumes"] = .list(trees) },
                imageVolumes: ["/var/lib/mysql"], known: known)
        }
        let elsewhere: JSONTree = .object([
            "type": .text("volume"), "source": .text("data"), "target": .text("/var/lib"),
        ])
        let made = KeptVolumes.mounts(of: try mounts([elsewhere]))
        XCTAssertEqual(made[place], "shop-staging_database_var_lib_mysql")
        XCTAssertEqual(made.count, 2, "a volume above it does not hold it")
        let nameless: JSONTree = .object(["type": .text("volume"), "target": .text("/var/lib/mysql")])
        XCTAssertEqual(
            KeptVolumes.mounts(of: try mounts([nameless], [place: "0123abcd"])), [place: "0123abcd"],
            "what it has already stays")
        XCTAssertEqual(
            KeptVolumes.mounts(of: try document(imageVolumes: ["/var/lib/mysql"])), [place: "staging_data"],
            "mounted as it is")
    }

    func testADatabaseIsNotKeptInItsContainer() throws {
        XCTAssertThrowsError(try document { $0["services"]?["database"]?["volumes"] = nil }) {
            XCTAssertEqual(($0 as? DeployError)?.what, "services.database of compose.yml is refused")
        }
        XCTAssertNoThrow(
            try document {
                $0["services"]?["database"]?["volumes"] = nil
                $0["services"]?["database"]?["tmpfs"] = .list([.text("/var/lib/mysql:size=1g")])
            })
    }

    func testTheDatabaseGetsItsClientsCredentials() throws {
        let mounts = try document().at("services", "database", "volumes")?.items ?? []
        XCTAssertEqual(mounts.last?["source"], .text("/s/client"))
        XCTAssertEqual(mounts.last?["target"], .text("/run/client"))
        XCTAssertEqual(mounts.last?["read_only"], .bool(true))
    }

    func testNothingThatGoesAwayWithAReleaseIsMounted() throws {
        XCTAssertThrowsError(
            try document {
                $0["services"]?["database"]?["volumes"] = .list([
                    .object([
                        "type": .text("bind"), "source": .text("/p/releases/20261121021530/my.cnf"),
                        "target": .text("/etc/my.cnf"),
                    ])
                ])
            })
        XCTAssertThrowsError(try document { $0["services"]?["database"]?["build"] = .object([:]) })
    }
}
