import DeployTestSupport
import Foundation
import XCTest

/// What staging does to the machine, and what production's visitors notice of it.
enum Neighbour {
    static let kinds = ["forks", "spins", "takes"]
    static var isLong: Bool { ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" }

    /// Once the file it is told is there: forks without end, spins on every processor, or takes memory without end.
    ///
    /// `self` beside that file: what takes memory takes it itself, and not in a child.
    static let hog = """
        import os, sys, time
        what, go = sys.argv[1], sys.argv[2]
        while not os.path.exists(go): time.sleep(0.05)
        def spin():
            while True: pass
        def take():
            taken = []
            while True: taken.append(bytearray(4_000_000))
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
                if os.path.exists(os.path.dirname(go) + "/self"): take()
                if os.fork() == 0: take()
                os.wait()
                time.sleep(0.01)
        """

    /// What 99 of 100 requests to a port take at most, in milliseconds: all held, each let go alone, and all of them.
    ///
    /// In turn, a second or so each, and the middle one of each kind: others use the machine too. Nothing may fail.
    /// Words: port, rounds, and `NAME=CONTAINER` of each hog; without a container it is a process.
    static let measure = """
        import http.client, json, statistics, subprocess, sys, time
        port, rounds = int(sys.argv[1]), int(sys.argv[2])
        hogs = dict(word.split("=") for word in sys.argv[3:])
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
        held = set()
        def hold(wanted):
            for name, container in hogs.items():
                if (name in held) == (name in wanted): continue
                halt = name in wanted
                if container: words = ["docker", "pause" if halt else "unpause", container]
                else: words = ["pkill", "-STOP" if halt else "-CONT", "-f", "hog.py " + name]
                # A container in which much begins at once cannot be paused at each moment.
                for attempt in range(10):
                    done = subprocess.run(words, stdout=subprocess.DEVNULL)
                    if done.returncode == 0: break
                    time.sleep(0.5)
                done.check_returncode()
                (held.add if halt else held.remove)(name)
            time.sleep(0.3)
        kinds = {"idle": set(hogs), "all": set()}
        kinds.update((name, set(hogs) - {name}) for name in hogs)
        found = {kind: [] for kind in kinds}
        for _ in range(rounds):
            for kind, wanted in kinds.items():
                hold(wanted)
                found[kind].append(window())
        hold(set())
        print(json.dumps({kind: statistics.median(times) for kind, times in found.items()}))
        """

    /// Prints them, and finds those that are too long: others use this machine too, so a short run may only notice what is beyond
    /// all measure.
    static func judge(_ output: String, _ what: String) throws {
        let times = try JSONDecoder().decode([String: Double].self, from: Data(output.utf8))
        let idle = try XCTUnwrap(times["idle"])
        let text = times.sorted { $0.key < $1.key }.map {
            "\($0.key) \(String(format: "%.2f ms (%.2f)", $0.value, $0.value / idle))"
        }
        print("p99 of production beside \(what): \(text.joined(separator: ", "))")
        XCTAssertEqual(Set(times.keys), Set(kinds + ["idle", "all"]))
        for (kind, time) in times {
            XCTAssertLessThan(time, isLong ? 2 * idle : 10 * idle + 50, "\(what): \(kind)")
        }
    }
}
