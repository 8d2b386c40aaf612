import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// The kernel's control groups as files, in both versions.
final class ControlGroupTests: XCTestCase {
    /// A folder with these files, each with a line.
    private func group(_ files: [String: String], unified: Bool) throws -> ControlGroup {
        let folder = try makeTestFolder()
        for (name, text) in files {
            try "\(text)\n".write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
        }
        let hierarchy = ControlHierarchy(
            mount: folder, root: "/", isUnified: unified, kinds: [.memory, .cpu, .processes], names: [])
        return ControlGroup(hierarchy: hierarchy, folder: folder)
    }

    private func text(_ name: String, of group: ControlGroup) throws -> String {
        try String(contentsOfFile: "\(group.folder)/\(name)", encoding: .utf8)
            .split(separator: "\n").first.map(String.init) ?? ""
    }

    private let limits = Limits(memory: 512_000_000, cpu: 1.5, processes: 200)

    func testTheSecondVersionHasOneFileForEachLimit() throws {
        let group = try group(
            ["memory.max": "max", "memory.swap.max": "7", "cpu.max": "max 100000", "pids.max": "max"],
            unified: true)
        XCTAssertEqual(group.limits, Limits())
        XCTAssertNil(group.set(limits))
        XCTAssertEqual(
            try ["memory.max", "memory.swap.max", "cpu.max", "pids.max"].map {
                try text($0, of: group).prefix(13)
            },
            ["512000000", "0", "150000 100000", "200"].map { $0.prefix(13) })
    }

    func testWhatYieldsGetsATenthOfWhatEverythingElseGets() throws {
        let second = try group(["cpu.weight": "100"], unified: true)
        let first = try group(["cpu.shares": "1024"], unified: false)
        for (group, file, weight) in [(second, "cpu.weight", "10"), (first, "cpu.shares", "102")] {
            XCTAssertFalse(group.yields)
            XCTAssertNil(group.letYield())
            XCTAssertEqual(try text(file, of: group).prefix(weight.count), weight[...])
        }
        XCTAssertTrue(try self.group(["cpu.weight": "10"], unified: true).yields)
        XCTAssertTrue(try self.group(["cpu.shares": "102"], unified: false).yields)
    }

    func testALimitIsKeptOnAsFewProcessorsAsItFillsAndNeverOnEach() {
        XCTAssertEqual(Processors.few(of: [0, 1], within: 0.5), [1])
        XCTAssertEqual(Processors.few(of: [0, 1, 4, 5], within: 1.5), [4, 5])
        XCTAssertEqual(Processors.few(of: [0, 1], within: 1.5), [1], "one is left")
        XCTAssertEqual(Processors.few(of: [0, 1], within: 2), [0, 1], "there is nothing to keep")
        XCTAssertEqual(Processors.few(of: [3], within: 0.5), [3])
        XCTAssertEqual(Processors.few(of: [], within: 0.5), [])
    }

    func testAProcessIsKeptOnThem() throws {
        let all = Processors.of(0)
        guard all.count > 1 else { throw lacking("a second processor") }
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sh")
        child.arguments = ["-c", "exec sleep 60"]
        try child.run()
        defer { child.terminate() }
        Processors.keep(child.processIdentifier, within: 0.5)
        XCTAssertEqual(Processors.of(child.processIdentifier), [try XCTUnwrap(all.last)])
        XCTAssertEqual(Processors.of(0), all)
    }

    func testWhatYieldsLiesApartFromWhatDoesNot() throws {
        func parts(_ yields: Bool?, _ keeper: GroupKeeper) -> [String] {
            keeper.parts(
                of: ResourceGroup(
                    outer: "shop.staging.1", name: "web.1", environmentLimits: Limits(), limits: Limits(),
                    yields: yields))
        }
        XCTAssertEqual(parts(nil, .itself), ["deployctl", "shop.staging.1", "web.1"])
        XCTAssertEqual(parts(true, .itself), ["deployctl_yields", "shop.staging.1", "web.1"])
        XCTAssertEqual(
            parts(true, .systemd(SystemdScopes(user: 0))),
            [
                "deployctl_yields.slice", "deployctl_yields-shop.staging.1.slice",
                "deployctl-shop.staging.1.web.1.scope",
            ])
    }

    func testWhatIsReadIsWhatTheKernelKeeps() throws {
        let second = try group(
            [
                "memory.max": "512000000", "memory.current": "1000", "cpu.max": "150000 100000",
                "pids.max": "200", "pids.current": "3", "memory.events": "low 0\noom 2\noom_kill 1",
            ], unified: true)
        XCTAssertEqual(second.limits, limits)
        XCTAssertEqual([second.memory, second.processCount.map(Int64.init)], [1000, 3])
        XCTAssertEqual(second.kills, 1)
        let first = try group(
            [
                "memory.limit_in_bytes": "9223372036854771712", "memory.usage_in_bytes": "1000",
                "cpu.cfs_quota_us": "-1", "cpu.cfs_period_us": "100000", "pids.max": "max",
                "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2",
            ], unified: false)
        XCTAssertEqual(first.limits, Limits(), "the first version's way to say that there is none")
        XCTAssertEqual(first.kills, 2)
    }

    func testWhatTheKernelDoesNotTakeIsSaid() throws {
        let group = try group(["memory.max": "max"], unified: true)
        XCTAssertTrue(group.set(limits)?.contains("cpu.max") == true)
    }

    func testTreesAreFoundAsTheyAreMounted() throws {
        let folder = try makeTestFolder()
        try "cpu memory pids\n".write(
            toFile: "\(folder)/cgroup.controllers", atomically: true, encoding: .utf8)
        let lines = [
            "25 20 0:21 / /proc rw - proc proc rw",
            "36 25 0:32 /docker/4711 /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory",
            "37 25 0:33 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
            "38 25 0:34 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio",
            "39 25 0:35 / \(folder) rw - cgroup2 cgroup2 rw",
        ]
        let found = ControlHierarchy.all(lines.map { $0[...] })
        XCTAssertEqual(found.map(\.kinds), [[.memory], [.cpu], [.cpu, .memory, .processes]])
        XCTAssertEqual(found.map(\.isUnified), [false, false, true])
        XCTAssertEqual(found.first?.root, "/docker/4711")
    }
}
