import DeployTestSupport
import Foundation
import XCTest

/// On a machine with systemd: whatever staging does, production serves.
final class NoisyNeighbourTests: XCTestCase {
    private var isLong: Bool { ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" }

    /// Once it may: forks without end, spins on every processor, or takes memory without end.
    private static let hog = """
        import os, sys, time
        what = sys.argv[1]
        while not os.path.exists("/srv/shop/go"): time.sleep(0.05)
        def spin():
            while True: pass
        if what == "forks":
            while True:
                try:
                    if os.fork() == 0: time.sleep(600)
                except OSError: time.sleep(0.01)
        if what == "spins":
            for _ in range(8):
                if os.fork() == 0: spin()
            spin()
        if what == "takes":
            while True:
                if os.fork() == 0:
                    taken = []
                    while True: taken.append(bytearray(4_000_000))
                os.wait()
                time.sleep(0.01)
        """

    /// What 99 of 100 requests to a port take at most, in milliseconds: staging held, and staging let go.
    ///
    /// Both in turn, a second or so each, and the middle one of each kind: others use the machine too. Nothing may fail.
    private static let measure = """
        import http.client, statistics, subprocess, sys, time
        port, rounds = int(sys.argv[1]), int(sys.argv[2])
        def window():
            times = []
            for _ in range(300):
                began = time.monotonic()
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", "/version")
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200: sys.exit("answered %d" % answer.status)
                times.append((time.monotonic() - began) * 1000)
            times.sort()
            return times[int(len(times) * 0.99)]
        def send(signal):
            subprocess.run(["pkill", signal, "-f", "app/hog.py"], check=True)
            time.sleep(0.3)
        held, free = [], []
        for _ in range(rounds):
            send("-STOP"); held.append(window())
            send("-CONT"); free.append(window())
        print("%.2f %.2f" % (statistics.median(held), statistics.median(free)))
        """

    private func world() throws -> (DeployctlFixture, ThrowawayServer) {
        let world = try DeployctlFixture(for: self)
        try world.write(Self.hog, to: "app/hog.py")
        try world.write(Self.measure, to: "measure.py")
        // Each has its own limit, so that none of them ends another.
        let hogs = [
            ("forks", #""processes": 70"#), ("spins", #""memory": "100MB""#),
            ("takes", #""memory": "100MB""#),
        ].map {
            #""\#($0)": {"role": "app", "command": ["python3", "app/hog.py", "\#($0)"], "listen": "none", "limits": {\#($1)}}"#
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

    private func measure(_ server: ThrowawayServer, _ world: DeployctlFixture) throws -> [Double] {
        let text = try server.root(
            "python3 /srv/shop/measure.py \(world.port("production")) \(isLong ? 15 : 3)")
        return text.split { $0 == " " || $0 == "\n" }.compactMap { Double($0) }
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
        try expectEqual(times.count, 2, "both are measured")
        XCTAssertEqual(try steady(server), before, "what spins and what forked goes on")
        XCTAssertNotEqual(try taker(server), killed, "memory is taken again and again")
        print("p99 of production: idle \(times[0]) ms, beside staging \(times[1]) ms")
        let status = try server.root("cd /srv/shop && deployctl status staging; true")
        XCTAssertTrue(status.contains("of 500 MB"), status)
        XCTAssertTrue(status.contains("of 100 processes, at most 0.5 processors"), status)
        let scopes = try server.root(
            "systemctl list-units --type=scope --no-legend 'deployctl-shop.staging.*'")
        XCTAssertTrue(scopes.contains(".forks."), scopes)
        // Others use this machine too, so a short run may only notice what is beyond all measure.
        XCTAssertLessThan(times[1], isLong ? 2 * times[0] : 10 * times[0] + 50)
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
