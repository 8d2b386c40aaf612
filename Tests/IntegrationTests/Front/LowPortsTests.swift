import DeployTestSupport
import Foundation
import XCTest

/// On a machine of its own: ports 80 and 443 by name, in both families of addresses.
final class LowPortsTests: XCTestCase {
    func testRootHasThemInBothFamiliesAndWhoMayNotIsToldTheWayOut() throws {
        let world = try NamedWorld(for: self, http: 80).project(
            for: self, ["staging": ["shop.example"]], front: ", \"listen\": [\"0.0.0.0\", \"::\"]")
        let definition = try String(
            contentsOfFile: "\(world.project)/environments/staging.json", encoding: .utf8)
        try world.write(
            definition.replacingOccurrences(
                of: #""https": [0-9]+"#, with: #""https": 443"#, options: .regularExpression),
            to: "environments/staging.json")
        try world.commit("Low ports")
        let server = try ThrowawayServer("low", for: self, binary: ProjectWorld.findBinary())
        try server.upload(world.project, to: "/home/deploy/shop")
        try server.root("sysctl -qw net.ipv4.ip_unprivileged_port_start=1024")
        let refused = try server.user("cd ~/shop && deployctl staging")
        XCTAssertEqual(refused.status, 12, refused.output)
        for words in [
            "ports 80 and 443", "net.ipv4.ip_unprivileged_port_start=80", "setcap cap_net_bind_service",
        ] {
            XCTAssertTrue(refused.output.contains(words), refused.output)
        }
        let doctor = try server.user("cd ~/shop && deployctl doctor")
        XCTAssertTrue(doctor.output.contains("only root may listen at ports 80 and 443"), doctor.output)
        try server.root("sysctl -qw net.ipv4.ip_unprivileged_port_start=80")
        try asked(server, by: server.user("cd ~/shop && deployctl staging"))
        let stopped = try server.user("cd ~/shop && deployctl stop staging")
        XCTAssertEqual(stopped.status, 0, stopped.output)
        try server.root(
            """
            sysctl -qw net.ipv4.ip_unprivileged_port_start=1024
            cp -r /home/deploy/shop /srv/shop && chown -R root: /srv/shop && cd /srv/shop && rm -rf .deployctl backups logs
            """)
        try asked(server, by: (0, server.root("cd /srv/shop && deployctl staging 2>&1")))
    }

    private func asked(
        _ server: ThrowawayServer, by deployment: (status: Int32, output: String)
    ) throws {
        try expectEqual(deployment.status, 0, deployment.output)
        for address in ["127.0.0.1", "[::1]"] {
            let answer = try server.root(
                """
                for place in https://shop.example http://shop.example https://other.example; do
                    curl -sk -o /dev/null -w "%{http_code} " --resolve "*:443:\(address)" --resolve "*:80:\(address)" $place/version || true
                done
                """)
            XCTAssertEqual(answer, "200 308 000 ", address)
        }
    }
}
