import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What is limited, how it is told, and that nothing is deployed where it cannot be kept.
final class LimitsTests: XCTestCase {
    private let machine = SimulatedMachine()

    private func site(_ change: (inout Environment) -> Void = { _ in }) -> Site {
        var environment = Environment(name: "staging", project: "my-shop")
        environment.services = [Service(name: "web", role: .app, command: ["serve"])]
        change(&environment)
        return machine.workspace().site(environment)
    }

    func testWithoutLimitsWhatPeopleUseIsInNoGroup() throws {
        let site = site { $0.promotion = Environment.Promotion(from: nil) }
        XCTAssertNil(site.group(of: site.environment.services[0], in: "1"))
        XCTAssertNil(try site.own(CommandRequest(Command("npm"))).group)
    }

    func testEverythingElseYieldsToItWithLimitsAndWithout() throws {
        for limits in [nil, Limits(processes: 99)] {
            let site = site { $0.limits = limits }
            let service = try XCTUnwrap(site.group(of: site.environment.services[0], in: "1"))
            let command = try XCTUnwrap(try site.own(CommandRequest(Command("npm"))).group)
            XCTAssertEqual([service.yields, command.yields], [true, true])
            XCTAssertEqual(service.isLimited, limits != nil)
        }
        let promoted = site {
            $0.promotion = Environment.Promotion(from: nil)
            $0.limits = Limits(processes: 99)
        }
        XCTAssertNil(promoted.group(of: promoted.environment.services[0], in: "1")?.yields)
    }

    func testAGroupThatAnOlderVersionRecordedIsRead() throws {
        let older = #"{"outer": "shop", "name": "web.1", "environmentLimits": {}, "limits": {"cpu": 1}}"#
        let group = try JSONDecoder().decode(ResourceGroup.self, from: Data(older.utf8))
        XCTAssertNil(group.yields)
    }

    func testEverythingOfAnEnvironmentIsInOneGroup() throws {
        let site = site { $0.limits = Limits(memory: 1_000_000_000) }
        let service = try XCTUnwrap(site.group(of: site.environment.services[0], in: "1"))
        let command = try XCTUnwrap(try site.own(CommandRequest(Command("npm"))).group)
        XCTAssertEqual(service.outer, command.outer)
        XCTAssertTrue(service.outer.hasPrefix("my_shop.staging."), service.outer)
        XCTAssertEqual(service.environmentLimits, Limits(memory: 1_000_000_000))
        XCTAssertEqual([service.limits, command.limits], [site.environment.limits, site.environment.limits])
        XCTAssertNotEqual(service.name, command.name)
    }

    func testTwoCopiesOfAProjectAreApart() {
        func outer(_ project: String) -> String? {
            var environment = Environment(name: "staging", project: "shop")
            environment.limits = Limits(processes: 9)
            return Workspace(ports: machine.ports(), project: project).site(environment).groupOfCommands?
                .outer
        }
        XCTAssertNotEqual(outer("/srv/one"), outer("/srv/two"))
    }

    func testALimitThatCannotBeKeptIsRefusedByName() {
        machine.groups.refuse(Obstacle(why: "the kernel offers none", next: "mount them"))
        XCTAssertNoThrow(try Preflight(site: site()).check())
        let limited = site { $0.services[0].limits = Limits(cpu: 0.5) }
        expectError(.invalidDefinition, "a limit that nothing keeps") { try Preflight(site: limited).check() }
        XCTAssertEqual(
            LimitsCheck(site: limited).finding?.verdict,
            .refused("the kernel offers none", next: "mount them"))
        XCTAssertNil(LimitsCheck(site: site()).finding)
    }

    func testAnEndForWantOfMemoryIsNamed() throws {
        var service = RunningService(
            name: "web", body: .process(ProcessIdentity(pid: 1, started: 1, boot: "gone")), address: nil,
            since: machine.clock.now())
        XCTAssertNil(machine.ports().words(forEndingOf: service))
        service.group = ResourceGroup(
            outer: "shop", name: "web.1", environmentLimits: Limits(memory: 1_000_000_000),
            limits: Limits(memory: 64_000_000))
        XCTAssertNil(machine.ports().words(forEndingOf: service))
        machine.groups.lackMemory(in: "web.1")
        XCTAssertEqual(
            machine.ports().words(forEndingOf: service),
            "for want of memory: it may have 64 MB and its environment may have 1.0 GB")
    }

    func testWhatAServiceLeftInItsGroupIsEndedWithIt() throws {
        let shop = try Shop { $0.limits = Limits(processes: 99) }
        let instance = try XCTUnwrap(shop.site.records.current)
        let groups = instance.services.compactMap(\.group)
        XCTAssertEqual(groups.count, instance.services.count)
        _ = try shop.run(shop.promotion(of: 30), named: 101)
        XCTAssertTrue(Set(shop.machine.groups.ended).isSuperset(of: groups))
    }
}

extension LimitsTests {
    private func tree(_ json: String) throws -> JSONTree {
        try JSONDecoder().decode(JSONTree.self, from: Data(json.utf8))
    }

    func testAContainersLimitsAreKeysOfTheFileThatIsWritten() throws {
        var tree = try tree("{}")
        ComposeLimits.set(Limits(memory: 512_000_000, cpu: 1.5, processes: 200), in: &tree)
        XCTAssertEqual(
            tree,
            .object([
                "mem_limit": .integer(512_000_000), "memswap_limit": .integer(512_000_000),
                "cpus": .number(1.5), "pids_limit": .integer(200),
            ]))
    }

    func testAContainerYieldsUnlessTheFileSaysHowMuchItGets() throws {
        var plain = try tree("{}")
        ComposeLimits.letYield(&plain)
        XCTAssertEqual(plain, .object(["cpu_shares": .integer(102)]))
        var own = try tree(#"{"cpu_shares": 2048}"#)
        ComposeLimits.letYield(&own)
        XCTAssertEqual(own["cpu_shares"], .integer(2048))
    }

    func testTheLowerOfTwoLimitsCounts() throws {
        var tree = try tree(
            #"{"mem_limit": "100", "deploy": {"resources": {"limits": {"cpus": 0.5, "pids": 900}, "reservations": {"memory": "9"}}}}"#
        )
        ComposeLimits.set(Limits(memory: 512_000_000, cpu: 1.5, processes: 200), in: &tree)
        XCTAssertEqual(tree["mem_limit"], .integer(100))
        XCTAssertEqual(tree["cpus"], .number(0.5))
        XCTAssertEqual(tree["pids_limit"], .integer(200))
        XCTAssertEqual(tree["deploy"]?["resources"]?["limits"], .object([:]))
        XCTAssertEqual(tree["deploy"]?["resources"]?["reservations"]?["memory"], .text("9"))
    }

    func testAnEngineThatDoesNotLimitIsNotBelieved() {
        var state = ContainerState(
            id: "c", labels: [:], status: "running", startedAt: "", exitCode: 0, restarts: 0, image: "i")
        XCTAssertEqual(
            ComposeLimits.complaint(Limits(memory: 1), state), "the engine does not limit its memory")
        (state.memory, state.nanoCpus, state.pidsLimit) = (1, 500_000_000, 7)
        XCTAssertNil(ComposeLimits.complaint(Limits(memory: 1, cpu: 0.5, processes: 7), state))
        state.pidsLimit = 0
        XCTAssertEqual(
            ComposeLimits.complaint(Limits(processes: 7), state), "the engine does not limit its processes")
    }
}
