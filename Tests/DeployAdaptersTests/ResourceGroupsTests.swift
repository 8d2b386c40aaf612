import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// What is started in a group is in it before its first instruction, and no further than its limits go.
final class ResourceGroupsTests: XCTestCase {
    private let runner = ProcessCommandRunner(interruption: FakeInterruption())
    private let groups = LinuxResourceGroups()

    private func group(_ limits: Limits, _ all: Limits = Limits(), name: String = ResourceGroup.commands)
        throws
        -> ResourceGroup
    {
        if let obstacle = groups.obstacle(to: Set(limits.kinds + all.kinds)) {
            throw lacking("control groups: \(obstacle.why)")
        }
        let group = ResourceGroup(
            outer: "test.\(RandomWord.make("g"))", name: name, environmentLimits: all, limits: limits)
        addTeardownBlock { [groups] in XCTAssertTrue(eventually { groups.end(group) }) }
        return group
    }

    private func shell(_ script: String, _ group: ResourceGroup) -> CommandResult {
        var request = CommandRequest(Command("sh", ["-c", script]), deadline: .seconds(20))
        request.group = group
        return runner.run(request)
    }

    func testACommandIsInItsGroupFromTheStartAndTheGroupIsGoneAfterIt() throws {
        let group = try group(Limits(memory: 64_000_000), Limits(processes: 50))
        let result = shell("cat /proc/self/cgroup", group)
        XCTAssertEqual(result.ending, .exited(0), result.errors)
        let lines = result.output.split(separator: "\n").filter { $0.contains(group.outer) }
        XCTAssertTrue(lines.contains { $0.contains("memory") || $0.hasPrefix("0:") }, result.output)
        XCTAssertTrue(eventually { groups.use(of: group) == nil }, "nothing is left of it")
    }

    func testWhatYieldsIsInAGroupThatTheKernelGivesLittle() throws {
        var group = try group(Limits(), Limits(cpu: 1))
        (group.environmentLimits, group.yields) = (Limits(), true)
        group.name = "web.1"
        let folder = try makeTestFolder()
        var launch = ServiceLaunch(
            command: Command("sleep", ["300"]), directory: folder, environment: [:], log: "\(folder)/log")
        launch.group = group
        let service = try LinuxProcessTable().start(launch)
        let cpu = try XCTUnwrap(
            GroupKeeper.here.groups(group).first { $0.hierarchy.kinds.contains(.cpu) })
        XCTAssertEqual(cpu.hierarchy.folder(of: service.pid), cpu.folder)
        XCTAssertTrue(cpu.root.yields)
        XCTAssertTrue(eventually { [groups] in groups.end(group) })
        XCTAssertFalse(cpu.isThere)
    }

    func testWhatIsOnlyToYieldRunsAlsoWhereItCannot() throws {
        let refused = "no\nname"
        var group = ResourceGroup(
            outer: refused, name: "web.1", environmentLimits: Limits(), limits: Limits(), yields: true)
        XCTAssertEqual(shell("exit 0", group).ending, .exited(0))
        group.limits.processes = 9
        guard case .notStarted = shell("exit 0", group).ending else {
            return XCTFail("what cannot be limited is not started")
        }
    }

    func testSystemdWaitsForAScopeAsLongAsItsServiceHasAndNoLonger() {
        func wait(_ farewell: Double?) -> String? {
            let group = ResourceGroup(
                outer: "shop.production.1", name: "web.1", environmentLimits: Limits(), limits: Limits(),
                farewell: farewell)
            return SystemdScopes.properties(of: group).first { $0.first == "TimeoutStopUSec" }?.last
        }
        XCTAssertEqual(wait(4.5), "4500000")
        XCTAssertEqual(wait(600), "30000000")
        XCTAssertEqual(wait(0), "1000000")
        XCTAssertEqual(wait(nil), "30000000")
    }

    func testNoMoreProcessesStartThanItMayHave() throws {
        let group = try group(Limits(), Limits(processes: 5))
        let result = shell("for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done; wait", group)
        XCTAssertNotEqual(result.ending, .exited(0), "a tenth process")
        XCTAssertTrue(result.errors.lowercased().contains("fork"), result.errors)
    }

    func testAProcessWithoutMemoryLeftIsKilledAndThatIsSaid() throws {
        let group = try group(Limits(memory: 16 << 20))
        let result = shell("exec python3 -c \"b'x' * 200000000\"", group)
        XCTAssertEqual(result.ending, .signalled(9))
        XCTAssertTrue(result.errors.contains("for want of memory: it may have 17 MB"), result.errors)
    }

    func testWhatCannotBeLimitedIsNotStarted() throws {
        let folder = try makeTestFolder()
        let group = try group(Limits(processes: -7))
        let result = shell("touch \(folder)/ran", group)
        guard case .notStarted(let why) = result.ending else { return XCTFail("\(result.ending)") }
        XCTAssertTrue(why.contains("pids.max") || why.contains("systemd"), why)
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(folder)/ran"))
    }

    func testAProgramThatIsNotThereIsSaidAsWithoutAGroup() throws {
        let folder = try makeTestFolder()
        let path = "\(folder)/script"
        try "#!/no/such/interpreter\n".write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o755)
        var request = CommandRequest(Command(path))
        let plain = runner.run(request)
        request.group = try group(Limits(processes: 50))
        XCTAssertEqual(runner.run(request).ending, plain.ending)
    }

    func testAServiceIsEndedWithAllThatLeftItsSession() throws {
        let folder = try makeTestFolder()
        var launch = ServiceLaunch(
            command: Command("sh", ["-c", "setsid sleep 300 & echo $! > \(folder)/left; exec sleep 300"]),
            directory: folder, environment: [:], log: "\(folder)/log")
        let group = try group(Limits(processes: 20), Limits(memory: 200_000_000), name: "web.1")
        launch.group = group
        let table = LinuxProcessTable()
        let service = try table.start(launch)
        XCTAssertTrue(eventually { groups.use(of: group)?.processes == 2 })
        XCTAssertEqual(groups.use(of: group)?.limits.processes, 20)
        XCTAssertEqual(groups.useAround(group)?.limits.memory.map { $0 / 65536 }, 200_000_000 / 65536)
        XCTAssertTrue(eventually { groups.end(group) && !table.isRunning(service) })
        XCTAssertNil(groups.use(of: group))
    }

    func testAKilledContainerIsFoundInTheKernelsLogHoweverItsGroupWasMade() {
        func line(_ place: String) -> String {
            "4,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=\(place),mems_allowed=0,oom_memcg=/docker,"
                + "task_memcg=\(place),task=python3,pid=1,uid=0"
        }
        let names: Set = ["c1", "docker-c1.scope"]
        for place in ["/docker/c1", "/docker/c1/its/own", "/system.slice/docker-c1.scope"] {
            XCTAssertTrue(KernelLog.says(line(place), names), place)
        }
        for place in ["/docker/c12", "/c1docker", "/"] {
            XCTAssertFalse(KernelLog.says(line(place), names), place)
        }
        XCTAssertFalse(KernelLog.says("4,1,2,-;said of task_memcg=/docker/c1", names))
    }
}
