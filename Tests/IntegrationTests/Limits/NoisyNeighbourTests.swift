import DeployTestSupport
import Foundation
import XCTest

/// On a machine with systemd: whatever staging does, production serves.
final class NoisyNeighbourTests: XCTestCase {
    private func world() throws -> (DeployctlFixture, ThrowawayServer) {
        let world = try DeployctlFixture(for: self)
        try world.write(Neighbour.hog, to: "app/hog.py")
        try world.write(Neighbour.measure, to: "measure.py")
        // Each has its own limit, so that none of them ends another.
        let hogs = [
            ("forks", #""processes": 70"#), ("spins", #""memory": "100MB""#),
            ("takes", #""memory": "100MB""#),
        ].map {
            #""\#($0)": {"role": "app", "command": ["python3", "app/hog.py", "\#($0)", "/srv/shop/go"], "listen": "none", "limits": {\#($1)}}"#
        }
        try world.replace(
            #""extends": "base.json","#,
            with:
                #""extends": "base.json", "limits": {"memory": "500MB", "cpu": 0.5, "processes": 100}, "services": {\#(hogs.joined(separator: ", "))},"#,
            in: "environments/staging.json")
        try world.commit("Hogs")
        let server = try ThrowawayServer("limits", for: self, binary: ProjectWorld.findBinary())
        try server.upload(world.project, to: "/srv/shop")
        try server.root(
            """
            chown -R root: /srv/shop; git config --global user.email r@example.org; git config --global user.name root
            cd /srv/shop && deployctl staging && deployctl production --confirm CONFIRM
            """)
        return (world, server)
    }

    private func measure(_ server: ThrowawayServer, _ world: DeployctlFixture) throws -> String {
        let hogs = Neighbour.kinds.map { "\($0)=" }.joined(separator: " ")
        return try server.root(
            "python3 /srv/shop/measure.py \(world.port("production")) \(Neighbour.isLong ? 15 : 3) \(hogs)")
    }

    /// The numbers of the processes that spin and of those that sleep.
    private func steady(_ server: ThrowawayServer) throws -> String {
        try server.root("pgrep -f '[h]og.py spins'; pgrep -f '[h]og.py forks'")
    }

    /// The newest that takes memory; each is killed in its turn.
    private func taker(_ server: ThrowawayServer) throws -> String {
        try server.root("pgrep -n -f '[h]og.py takes'")
    }

    func testProductionServesWhateverStagingTakes() throws {
        let (world, server) = try world()
        try server.root("touch /srv/shop/go")
        try expect(
            eventually(within: 20) {
                try server.root("cd /srv/shop && deployctl status staging; true").contains(
                    "70 of 70 processes")
            }, "staging takes what it gets")
        let (before, killed) = (try steady(server), try taker(server))
        let times = try measure(server, world)
        try Neighbour.judge(times, "processes")
        XCTAssertEqual(try steady(server), before, "what spins and what forked goes on")
        XCTAssertNotEqual(try taker(server), killed, "memory is taken again and again")
        let status = try server.root("cd /srv/shop && deployctl status staging; true")
        XCTAssertTrue(status.contains("of 500 MB"), status)
        XCTAssertTrue(status.contains("of 100 processes, at most 0.5 processors"), status)
        let scopes = try server.root(
            "systemctl list-units --type=scope --no-legend 'deployctl-shop.staging.*'")
        XCTAssertTrue(scopes.contains(".forks."), scopes)
        let last = "$(($(nproc --all) - 1))"
        let strays = try server.root(
            "for pid in $(pgrep -f '[h]og.py'); do taskset -pc $pid; done | grep -v \"list: \(last)\\$\"; true"
        )
        XCTAssertEqual(strays, "", "staging is kept on one processor, the last")
        try server.root("cd /srv/shop && deployctl stop staging")
        let left = try server.root(
            "systemctl list-units --all --type=scope --no-legend 'deployctl-shop.staging.*'")
        XCTAssertEqual(left.trimmingCharacters(in: .whitespacesAndNewlines), "")
    }
}
