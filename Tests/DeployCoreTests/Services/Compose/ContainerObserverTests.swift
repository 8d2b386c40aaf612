import DeployTestSupport
import XCTest

@testable import DeployCore

/// T19: each way in which the engine can differ from the record is said.
final class ContainerObserverTests: XCTestCase {
    private let instance = "20261121021530"
    private let web = String(repeating: "a", count: 64)
    private let database = String(repeating: "d", count: 64)

    private func line(
        _ id: String, _ service: String, role: String = "app", instance: String? = "20261121021530",
        status: String = "running", health: String = "null", restarts: Int = 0, image: String = "sha256:one",
        host: String = "127.0.0.1"
    ) -> String {
        let instance = instance.map { #", "deployctl.colour": "\#($0)""# } ?? ""
        return #"""
            {"id":"\#(id)","labels":{"deployctl.service":"\#(service)","deployctl.role":"\#(role)"\#(instance)},"status":"\#(status)","startedAt":"x","exitCode":0,"health":\#(health),"restarts":\#(restarts),"image":"\#(image)","ports":{"1/tcp":[{"HostIp":"\#(host)","HostPort":"40000"}],"2/tcp":null}}
            """#
    }

    private func goodData() -> String {
        line(database, "database", role: "data", instance: nil, health: #""healthy""#)
    }

    private func drift(_ lines: [String], missing: [String] = []) throws -> [String] {
        let files = MemoryFileStore()
        let environment = ComposeFixture.environment { $0.services.remove(at: 1) }
        let layout = Layout(project: "/p", environment: environment)
        let release = try XCTUnwrap(Timestamp(digits: "20261121021500"))
        try files.makeFolder(layout.instance(instance))
        try files.makeFolder(layout.release(release))
        try ReleaseImages(services: ["web": .init(image: "shop-web:1", id: "sha256:one")])
            .write(files, to: layout.release(release))
        try InstanceRecords(files: files, layout: layout).write(
            Instance(
                id: instance, release: release, database: nil,
                services: [
                    RunningService(name: "web", body: .container(web), address: .port(40_000), since: .init())
                ]))
        let runner = FakeCommandRunner()
        runner.answer(
            where: { $0.command.arguments.first == "ps" }, with: CommandResult(.exited(0), output: "some"))
        runner.answer(
            where: { $0.command.arguments.first == "container" },
            with: CommandResult(.exited(0), output: lines.joined(separator: "\n")))
        runner.answer(
            where: { ["network", "volume"].contains($0.command.arguments.first) },
            with: CommandResult(.exited(0)))
        runner.answer(
            where: { missing.contains($0.command.arguments.last ?? "") },
            with: CommandResult(.exited(1), errors: "no such thing"))
        var ports = SimulatedMachine().ports()
        (ports.commands, ports.files) = (runner, files)
        return ContainerObserver(Workspace(ports: ports, project: "/p").site(environment)).drift(
            serving: Serving(instance: instance, release: release, database: nil))
    }

    func testAContainerThatWasTakenOffItsNetworkIsNamed() throws {
        let off = goodData().replacingOccurrences(
            of: #""status""#, with: #""networks":{"bridge":{}},"status""#)
        let found = try drift([line(web, "web"), off])
        XCTAssertEqual(found.count, 1, "\(found)")
        XCTAssertTrue(found[0].hasPrefix("the container of service database is off network "), found[0])
        let none = off.replacingOccurrences(of: "bridge", with: "none")
        XCTAssertEqual(try drift([line(web, "web"), none]), [], "it never had any")
    }

    func testADataServiceThatEndsAgainAndAgainIsSaidToDoSo() throws {
        func data(_ status: String, _ restarts: Int) -> String {
            line(database, "database", role: "data", instance: nil, status: status, restarts: restarts)
        }
        XCTAssertEqual(try drift([line(web, "web"), data("running", 5)]), [], "long ago")
        XCTAssertEqual(
            try drift([line(web, "web"), data("restarting", 5)]),
            [
                "the container of service database is restarting",
                "data service database ends again and again: ended 5 times with exit status 0",
            ])
    }

    func testAWholeEnvironmentHasNoDrift() throws {
        XCTAssertEqual(try drift([line(web, "web"), goodData()]), [])
    }

    func testEachDifferenceIsSaid_T19() throws {
        let other = String(repeating: "b", count: 64)
        let cases: [(lines: [String], said: [String])] = [
            ([goodData()], ["the container of service web is gone"]),
            ([line(web, "web", status: "exited"), goodData()], ["the container of service web is exited"]),
            ([line(web, "web", status: "paused"), goodData()], ["the container of service web is paused"]),
            ([line(web, "web", health: #""unhealthy""#), goodData()], ["service web is unhealthy"]),
            ([line(other, "web"), goodData()], ["service web was made anew by somebody else"]),
            (
                [line(other, "web", image: "sha256:two"), goodData()],
                ["service web was made anew by somebody else from image sha256:two"]
            ),
            (
                [line(web, "web", image: "sha256:two"), goodData()],
                ["service web runs image sha256:two instead of sha256:one"]
            ),
            (
                [line(web, "web", restarts: 3), goodData()],
                ["service web ended and was started again by the engine, 3 times"]
            ),
            (
                [line(web, "web"), line(other, "web", instance: "20261120000000"), goodData()],
                ["service web of deployment 20261120000000 still runs"]
            ),
            (
                [line(web, "web"), line(other, "web", role: "job", instance: "20261120000000"), goodData()],
                ["a command of deployment 20261120000000 still runs"]
            ),
            ([line(web, "web")], ["data service database has no container"]),
            (
                [
                    line(web, "web"),
                    line(database, "database", role: "data", instance: nil, status: "exited"),
                ],
                ["the container of service database is exited"]
            ),
            (
                [line(web, "web", host: "0.0.0.0"), goodData()],
                ["service web is published to other machines on port 40000"]
            ),
        ]
        for (lines, said) in cases { XCTAssertEqual(try drift(lines), said) }
    }

    func testAMissingNetworkOrVolumeIsSaid_T19() throws {
        XCTAssertEqual(
            try drift([line(web, "web"), goodData()], missing: ["staging-network", "staging_data"]),
            ["network staging-network is missing", "volume staging_data is missing"])
    }

    func testAnEngineThatDoesNotAnswerIsDriftItself() throws {
        var ports = SimulatedMachine().ports()
        let runner = FakeCommandRunner()
        runner.answer(where: { _ in true }, with: CommandResult(.exited(1), errors: "no engine"))
        ports.commands = runner
        let site = Workspace(ports: ports, project: "/p").site(ComposeFixture.environment())
        XCTAssertEqual(
            ContainerObserver(site).drift(serving: nil),
            ["The container engine does not answer: ended with 1: no engine"])
    }
}
