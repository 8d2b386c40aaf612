import DeployTestSupport
import XCTest

@testable import DeployCore

/// What the manager of a swarm says of ports, and of the machine that has the data.
final class SwarmPortsTests: XCTestCase {
    private func site(_ runner: FakeCommandRunner, _ files: MemoryFileStore = MemoryFileStore()) -> Site {
        var ports = SimulatedMachine().ports()
        (ports.commands, ports.files) = (runner, files)
        let environment = ComposeFixture.environment { $0.runtime.kind = .swarm }
        return Workspace(ports: ports, project: "/p").site(environment)
    }

    private func line(_ name: String, _ port: Int, _ labels: String) -> String {
        #"{"id":"\#(name)","name":"\#(name)","labels":{\#(labels)},"image":"i","mode":{"Replicated":{"Replicas":1}},"ports":[{"PublishedPort":\#(port)}]}"#
    }

    func testAPortOfAnotherEnvironmentIsSaidWithItsName() {
        let runner = FakeCommandRunner()
        runner.answer(
            where: { $0.command.arguments.prefix(2) == ["service", "ls"] },
            with: CommandResult(.exited(0), output: "one\ntwo\nthree\n"))
        runner.answer(
            where: { $0.command.arguments.prefix(2) == ["service", "inspect"] },
            with: CommandResult(
                .exited(0),
                output: [
                    line("a", 8080, #""deployctl.project":"crm","deployctl.environment":"production""#),
                    line("b", 8081, #""deployctl.project":"shop","deployctl.environment":"staging""#),
                    line("c", 8082, ""),
                ].joined(separator: "\n")))
        runner.answer(
            where: { $0.command.arguments.first == "ps" }, with: CommandResult(.exited(0), output: "d"))
        runner.answer(
            where: { $0.command.arguments.first == "container" },
            with: CommandResult(
                .exited(0),
                output:
                    #"{"id":"d","labels":{"deployctl.project":"shop","deployctl.environment":"staging","deployctl.service":"database","deployctl.role":"data"},"status":"running","startedAt":"x","exitCode":0,"health":null,"restarts":0,"image":"i","ports":{"1/tcp":[{"HostIp":"127.0.0.1","HostPort":"8084"}]}}"#
            ))
        let site = site(runner)
        let found = SwarmRuntime().published([8080, 8081, 8082, 8083, 8084], at: site)
        XCTAssertEqual(found[8084]?.isOwn, true, "a data service is a container of this machine")
        XCTAssertEqual(
            found[8080],
            PublishedPort(name: "service a of the swarm, which is crm production's", isOwn: false))
        XCTAssertEqual(found[8081]?.isOwn, true)
        XCTAssertEqual(found[8082], PublishedPort(name: "service c of the swarm", isOwn: false))
        XCTAssertNil(found[8083])
        XCTAssertThrowsError(try TakenPorts(site: portSite(site)).refuse()) { error in
            XCTAssertEqual((error as? DeployError)?.code, .gateRefused)
            XCTAssertEqual((error as? DeployError)?.why.contains("crm production"), true)
        }
    }

    private func portSite(_ site: Site) -> Site {
        var environment = site.environment
        environment.ports = ["http": 8080]
        (site.ports.commands as? FakeCommandRunner)?.answer(
            where: { $0.command.arguments.first == "node" }, with: CommandResult(.exited(0)))
        return Workspace(ports: site.ports, project: "/p").site(environment)
    }

    func testTheDataOfAnotherMachineIsNotBegunAnewHere() throws {
        let (runner, files) = (FakeCommandRunner(), MemoryFileStore())
        let site = site(runner, files)
        func beHere(_ node: String) {
            runner.answer(
                SwarmCommands.membership,
                with: CommandResult(
                    .exited(0),
                    output:
                        #"{"state":"active","manages":true,"error":"","node":"\#(node)","name":"host-\#(node)"}"#
                ))
        }
        runner.answer(where: { $0.command.arguments.first == "ps" }, with: CommandResult(.exited(0)))
        files.write(
            #"{"services": {}, "volumes": {"data": {"name": "shop_data"}}}"#,
            to: "\(site.layout.data)/compose.json")
        let volume = CommandRequest(ContainerCommands.inspect(.volume, "shop_data", format: "{{.Name}}"))
            .command
        let machine = DataMachine(site: site)
        beHere("a")
        try machine.record()
        runner.answer(volume, with: CommandResult(.exited(1), errors: "no such volume"))
        XCTAssertNoThrow(try machine.refuseElsewhere(), "a volume that is gone here is another matter")
        beHere("b")
        XCTAssertThrowsError(try machine.refuseElsewhere()) { error in
            XCTAssertEqual((error as? DeployError)?.code, .gateRefused)
            XCTAssertEqual(
                (error as? DeployError)?.what, "The data of staging lies on another machine of the swarm")
            XCTAssertEqual((error as? DeployError)?.next, "run deployctl on host-a")
        }
        XCTAssertEqual(
            SwarmRuntime().lostData(at: site)?.what,
            "The data of staging lies on another machine of the swarm")
        runner.answer(volume, with: CommandResult(.exited(0), output: "shop_data"))
        XCTAssertNoThrow(try machine.refuseElsewhere(), "the volumes are here, whatever the swarm calls it")
    }

    func testAPlacementThatLeadsElsewhereIsNoPlaceForData() throws {
        let here = SwarmMembership(state: "active", manages: true, error: "", node: "n1", name: "alpha")
        for constraint in ["node.hostname == alpha", "node.id == n1", "node.role == manager"] {
            XCTAssertTrue(here.satisfies(constraint), constraint)
        }
        for constraint in ["node.hostname == beta", "node.hostname != alpha", "node.role == worker"] {
            XCTAssertFalse(here.satisfies(constraint), constraint)
        }
    }

    func testAKitSaysWhereItsImagesStay() {
        let environment = ComposeFixture.environment {
            $0.runtime.kind = .swarm
            $0.runtime.registry = "r.example/shop"
        }
        let gap = environment.serviceRuntime.missingFromKit(of: environment)
        XCTAssertEqual(gap?.contains("r.example/shop"), true)
        XCTAssertEqual(
            ComposeFixture.environment().serviceRuntime.missingFromKit(of: ComposeFixture.environment())?
                .contains("docker save"), true)
    }
}
