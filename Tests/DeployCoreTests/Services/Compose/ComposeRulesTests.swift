import XCTest

@testable import DeployCore

/// What a Compose file may and may not ask for, each with its place.
final class ComposeRulesTests: XCTestCase {
    func testWhatLeavesTheContainerIsRefusedWithItsPlace_S16() throws {
        XCTAssertGreaterThan(HostileService.all.count, 100)
        for hostile in HostileService.all {
            let name = "\(hostile.key): \(hostile.value) \(hostile.top)"
            let key = String(hostile.key.prefix { $0 != "." })
            XCTAssertThrowsError(try check(key, hostile.value, top: hostile.top), name) {
                let error = $0 as? DeployError
                XCTAssertEqual(error?.code, .invalidDefinition, name)
                XCTAssertEqual(error?.what, "services.web.\(hostile.key) of compose.yml is refused", name)
                XCTAssertEqual(error?.why.isEmpty, false, name)
            }
        }
    }

    func testWhatIsOrdinaryIsTaken() throws {
        XCTAssertGreaterThan(OrdinaryService.all.count, 60)
        for (key, value, top) in OrdinaryService.all {
            XCTAssertNoThrow(try check(key, value, top: top), "\(key): \(value) \(top)")
        }
    }

    func testWhatTheDefinitionGrantsIsTakenAndNothingBeside() throws {
        let grants = Service.Grants(
            binds: ["/srv/media:ro", "/srv/in:rw"], capabilities: ["NET_BIND_SERVICE"],
            devices: ["/dev/ttyUSB0"],
            gpus: true, securityOptions: ["seccomp=unconfined"], newPrivileges: true)
        let cases: [(key: String, granted: String, beside: String)] = [
            ("cap_add", #"["cap_net_bind_service"]"#, #"["NET_BIND_SERVICE", "NET_RAW"]"#),
            ("devices", #"[{"source": "/dev/ttyUSB0"}]"#, #"[{"source": "/dev/ttyUSB1"}]"#),
            (
                "security_opt", #"["seccomp:unconfined", "no-new-privileges:false"]"#,
                #"["apparmor=unconfined"]"#
            ),
            (
                "volumes", #"[{"type": "bind", "source": "/srv/media", "read_only": true}]"#,
                #"[{"type": "bind", "source": "/srv/media"}]"#
            ),
            (
                "volumes", #"[{"type": "bind", "source": "/srv/in"}]"#,
                #"[{"type": "bind", "source": "/srv/in/deeper"}]"#
            ),
            ("gpus", #"[{"count": 1}]"#, #""#),
        ]
        for (key, granted, beside) in cases {
            XCTAssertNoThrow(try check(key, granted, granting: grants), granted)
            XCTAssertThrowsError(try check(key, granted), granted)
            guard !beside.isEmpty else { continue }
            XCTAssertThrowsError(try check(key, beside, granting: grants), beside)
        }
    }

    func testWhatIsGrantedAndNotThereIsNotMadeByTheEngine() throws {
        let bind = #"[{"type": "bind", "source": "/srv/gone", "read_only": true}]"#
        XCTAssertThrowsError(try check("volumes", bind, granting: .init(binds: ["/srv/gone:ro"]))) {
            let error = $0 as? DeployError
            XCTAssertEqual(error?.code, .gateRefused)
            XCTAssertEqual(error?.what.hasPrefix("/srv/gone is not there"), true, error?.what ?? "")
        }
    }

    func testTheToolsOwnFolderIsNeverGranted() throws {
        for place in ["/e", "/e/state.db", "/backups/20260101000000"] {
            let bind = #"[{"type": "bind", "source": "\#(place)", "read_only": true}]"#
            XCTAssertThrowsError(try check("volumes", bind, granting: .init(binds: ["\(place):ro"])), place) {
                XCTAssertEqual(($0 as? DeployError)?.why.contains("which nothing grants"), true)
            }
        }
    }

    func testARefusalSaysWhatToWriteWhereSomethingCanBeGranted() throws {
        XCTAssertThrowsError(try check("cap_add", #"["NET_RAW"]"#)) {
            XCTAssertEqual(
                ($0 as? DeployError)?.next,
                "remove it, or add \"NET_RAW\" to services.web.grants.capabilities of the definition")
        }
        for hopeless in [#"["ALL"]"#, #"["SYS_ADMIN"]"#] {
            XCTAssertThrowsError(try check("cap_add", hopeless)) {
                XCTAssertEqual(($0 as? DeployError)?.next, "remove it")
            }
        }
    }

    private func check(_ key: String, _ value: String, top: String = "{}", granting: Service.Grants? = nil)
        throws
    {
        var service = try JSONTree.parse("{}")
        service[key] = try .parse(value)
        let more = try JSONTree.parse(top)
        let file = try ComposeFixture.file { tree in
            for (name, value) in more.members { tree[name] = value }
        }
        let environment = ComposeFixture.environment { $0.services[0].grants = granting }
        try ComposeRules(file: file, environment: environment, service: "web", tree: service).check()
    }

    func testAMissingServiceNamesThoseThatAreThere() throws {
        XCTAssertThrowsError(try ComposeFixture.file().required("wbe")) {
            XCTAssertEqual(($0 as? DeployError)?.why, "known are database, web, worker")
        }
    }
}
