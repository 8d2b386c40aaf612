import XCTest

@testable import DeployCore

/// What a Compose file may not ask for, each with its place.
final class ComposeRulesTests: XCTestCase {
    func testWhatIsUnsafeIsRefusedWithItsPlace() throws {
        let cases: [(key: String, value: String, place: String)] = [
            ("privileged", "true", "privileged"),
            ("network_mode", #""host""#, "network_mode"),
            ("network_mode", #""service:other""#, "network_mode"),
            ("pid", #""host""#, "pid"), ("ipc", #""host""#, "ipc"),
            ("userns_mode", #""host""#, "userns_mode"),
            ("cap_add", #"["SYS_ADMIN"]"#, "cap_add"),
            ("volumes", #"[{"type": "bind", "source": "/var/run/docker.sock", "target": "/x"}]"#, "volumes"),
            ("volumes", #"[{"type": "bind", "source": "/home/u/docker.sock", "target": "/x"}]"#, "volumes"),
            ("volumes", #"[{"type": "bind", "source": "/run", "target": "/x"}]"#, "volumes"),
            ("volumes", #"[{"type": "bind", "source": "/", "target": "/x"}]"#, "volumes"),
            ("links", #"["database"]"#, "links"), ("volumes_from", #"["web"]"#, "volumes_from"),
            ("scale", "2", "deploy.replicas"), ("deploy", #"{"replicas": 3}"#, "deploy.replicas"),
        ]
        for (key, value, place) in cases {
            XCTAssertThrowsError(try check(key, value), "\(key): \(value)") {
                let error = $0 as? DeployError
                XCTAssertEqual(error?.code, .invalidDefinition)
                XCTAssertEqual(error?.what, "services.web.\(place) of compose.yml is refused")
            }
        }
    }

    func testWhatIsOrdinaryIsTaken() throws {
        let cases = [
            ("privileged", "false"), ("network_mode", #""bridge""#), ("cap_drop", #"["ALL"]"#),
            ("cap_add", #"["NET_BIND_SERVICE"]"#), ("deploy", #"{"replicas": 1}"#),
            ("volumes", #"[{"type": "bind", "source": "/runs/uploads", "target": "/run"}]"#),
            ("volumes", #"[{"type": "volume", "source": "data", "target": "/var/run"}]"#),
        ]
        for (key, value) in cases { XCTAssertNoThrow(try check(key, value), "\(key): \(value)") }
    }

    private func check(_ key: String, _ value: String) throws {
        var tree = try JSONTree.parse("{}")
        tree[key] = try .parse(value)
        try ComposeRules(file: ComposeFixture.file(), service: "web", tree: tree).check()
    }

    func testVolumesAreReadInTheOrderOfTheFile() {
        let text = """
            # volumes: of the shop
            services:
              web:
                volumes:
                  - zebra:/z

            volumes:
              # the database
              zebra:
                driver: local
              "apple": {}
              mango:
            secrets:
              token: {file: x}
            """
        XCTAssertEqual(ComposeFile.volumeOrder(in: text), ["zebra", "apple", "mango"])
        XCTAssertEqual(ComposeFile.volumeOrder(of: ["only"], in: "volumes: {only: {}}"), ["only"])
    }

    func testAMissingServiceNamesThoseThatAreThere() throws {
        XCTAssertThrowsError(try ComposeFixture.file().required("wbe")) {
            XCTAssertEqual(($0 as? DeployError)?.why, "known without a profile are database, web, worker")
        }
    }
}
