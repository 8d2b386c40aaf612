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
        """

    /// The time below which 99 of 100 requests to a port are answered, in milliseconds; nothing may fail.
    private static let measure = """
        import http.client, sys, time
        port, count = int(sys.argv[1]), int(sys.argv[2])
        times = []
        for _ in range(count):
            began = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/version")
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200: sys.exit("answered %d" % answer.status)
            times.append((time.monotonic() - began) * 1000)
        times.sort()
        print("%.2f" % times[int(len(times) * 0.99)])
        """

    private func world() throws -> (DeployctlFixture, ThrowawayServer) {
        let world = try DeployctlFixture(for: self)
        try world.write(Self.hog, to: "app/hog.py")
        try world.write(Self.measure, to: "measure.py")
        let hogs = ["forks", "spins", "takes"].map {
            #""\#($0)": {"role": "app", "command": ["python3", "app/hog.py", "\#($0)"], "listen": "none"}"#
        }
        try world.replace(
            #""extends": "base.json","#,
            with:
                #""extends": "base.json", "limits": {"memory": "200MB", "cpu": 0.5, "processes": 100}, "services": {\#(hogs.joined(separator: ", "))},"#,
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

    private func slowest(_ server: ThrowawayServer, _ world: DeployctlFixture, _ count: Int) throws -> Double
    {
        let text = try server.root("python3 /srv/shop/measure.py \(world.port("production")) \(count)")
        return try XCTUnwrap(Double(text.trimmingCharacters(in: .whitespacesAndNewlines)), text)
    }

    func testProductionServesWhateverStagingTakes() throws {
        let (world, server) = try world()
        let count = isLong ? 5000 : 500
        let idle = try slowest(server, world, count)
        try server.root("touch /srv/shop/go")
        try expect(
            eventually(within: 20) {
                try server.root("cd /srv/shop && deployctl status staging; true").contains(
                    "100 of 100 processes")
            }, "staging takes what it gets")
        let busy = try slowest(server, world, count)
        print("p99 of production: idle \(idle) ms, beside staging \(busy) ms")
        let status = try server.root("cd /srv/shop && deployctl status staging; true")
        XCTAssertTrue(status.contains("of 200 MB"), status)
        XCTAssertTrue(status.contains("of 100 processes, at most 0.5 processors"), status)
        let scopes = try server.root(
            "systemctl list-units --type=scope --no-legend 'deployctl-shop.staging.*'")
        XCTAssertTrue(scopes.contains(".forks."), scopes)
        // Others use this machine too, so a short run may only notice what is beyond all measure.
        XCTAssertLessThan(busy, isLong ? 2 * idle : 10 * idle + 50)
        try server.root("cd /srv/shop && deployctl stop staging")
        let left = try server.root(
            "systemctl list-units --all --type=scope --no-legend 'deployctl-shop.staging.*'")
        XCTAssertEqual(left.trimmingCharacters(in: .whitespacesAndNewlines), "")
    }
}
