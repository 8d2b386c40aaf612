import XCTest

@testable import DeployCore

/// What a definition may give to a container, and how it is told.
final class GrantsTests: XCTestCase {
    func testWhatTeamsNeedCanBeGranted() {
        for bind in [
            "/srv/media:ro", "/srv/media:rw", "/etc/localtime:ro", "/etc/ssl/certs:ro", "/var/lib/shop:rw",
            "/mnt/nas/a b:ro",
        ] {
            XCTAssertTrue(TextRule.grantedBind.accepts(bind), bind)
        }
        for device in ["/dev/ttyUSB0", "/dev/kvm", "/dev/net/tun", "/dev/dri", "/dev/snd", "/dev/video0"] {
            XCTAssertTrue(TextRule.grantedDevice.accepts(device), device)
        }
    }

    func testGrantsAreToldInWords() {
        var environment = Environment(name: "staging", project: "shop")
        environment.services = [Service(name: "web", role: .app), Service(name: "worker", role: .app)]
        environment.services[1].grants = .init(
            binds: ["/srv/media:ro"], capabilities: ["NET_RAW"], devices: ["/dev/kvm"], gpus: true,
            securityOptions: ["seccomp=unconfined"], newPrivileges: true)
        XCTAssertEqual(
            environment.grants,
            [
                "worker: mounts /srv/media:ro", "worker: capability NET_RAW", "worker: device /dev/kvm",
                "worker: the machine's GPUs", "worker: seccomp=unconfined",
                "worker: programs that gain rights",
            ])
    }

    func testAServiceStoredByAnEarlierVersionHasNone() throws {
        let data = Data(#"{"name": "web", "role": "app", "command": [], "listen": "tcp", "routes": []}"#.utf8)
        XCTAssertNil(try JSONDecoder().decode(Service.self, from: data).grants)
    }
}
