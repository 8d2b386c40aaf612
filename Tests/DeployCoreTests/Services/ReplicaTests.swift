import Foundation
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// Several of one service: their names, their place in the front, and how one after the other is replaced.
final class ReplicaTests: XCTestCase {
    private func environment(_ count: Int) throws -> Environment {
        try DefinitionFixture.load(
            """
            {"project": "shop", "ports": {"http": 80, "web": 81}, "services": {
              "web": {"role": "app", "command": ["w"], "replicas": \(count), "limits": {"memory": "64MB"}},
              "mail": {"role": "app", "command": ["m"], "listen": "none", "after": ["web"]},
              "front": {"role": "edge", "routes": {"/": "web"}}}}
            """)
    }

    func testEachReplicaIsAServiceOfItsOwn() throws {
        let environment = try environment(3)
        XCTAssertEqual(environment.appServices.map(\.name), ["web.1", "web.2", "web.3", "mail"])
        XCTAssertEqual(environment.service("mail")?.after, ["web.1", "web.2", "web.3"])
        XCTAssertEqual(environment.stopOrder(of: environment.appServices.map(\.name)).first, ["mail"])
        XCTAssertEqual(environment.appServices.compactMap(\.replica), [1, 2, 3])
        XCTAssertEqual(environment.appServices.filter { $0.limits != nil }.count, 3)
        XCTAssertEqual(environment.services(called: "web").map(\.name), ["web.1", "web.2", "web.3"])
        XCTAssertEqual(environment.services(called: "web.2").map(\.name), ["web.2"])
        XCTAssertEqual(environment.definedServices.map(\.replicas), [3, 1, 1])
        XCTAssertEqual(environment.keysForNginx, ["services.web.replicas"])
    }

    func testOneReplicaIsTheServiceItself() throws {
        let environment = try environment(1)
        XCTAssertEqual(environment.appServices.map(\.name), ["web", "mail"])
        XCTAssertEqual(environment.service("mail")?.after, ["web"])
        XCTAssertEqual(environment.keysForNginx, [])
    }

    func testTheFrontSpreadsRequestsOverAllOfThem() throws {
        let layout = Layout(project: "/srv/shop", environment: try environment(2))
        let statics = StaticPlaces(
            release: "/srv/r", sealed: Manifest(entries: []), shared: [:], database: nil)
        let text = NginxConfiguration(layout: layout).front(
            "20261121021530", of: try XCTUnwrap(Timestamp(digits: "20261121021530")), serving: statics,
            addresses: ["web.1": "127.0.0.1:5001", "web.2": "unix:/run/web two.sock"], runningAsRoot: false)
        let upstream = """
                proxy_next_upstream error;
                fastcgi_next_upstream error;
                \(KeptWay.known)
                upstream service.web {
                    server 127.0.0.1:5001 max_fails=0; # web.1
                    server "unix:/run/web two.sock" max_fails=0; # web.2
                    server "unix:/srv/shop/.deployctl/staging/run/20261121021530/w-web.sock" backup max_fails=0;
                }
            """
        XCTAssertTrue(text.contains(upstream), text)
        XCTAssertEqual(
            text.components(separatedBy: "proxy_pass \"http://service.web\";").count, 3,
            "route and own port"
        )
        XCTAssertTrue(text.contains("/web.sock\""), "the port of its own leads to all of them")
    }

    func testOnlyTheOneThatIsNamedIsPassedOverAndAskedAgain() {
        let text = "a;\nserver 127.0.0.1:1 max_fails=0; # web.1\nserver 127.0.0.1:2 max_fails=0; # web.11\n}"
        let without = ReplicaSpread.text(text, asking: "web.1", false)
        XCTAssertEqual(
            without,
            "a;\nserver 127.0.0.1:1 max_fails=0 down; # web.1\nserver 127.0.0.1:2 max_fails=0; # web.11\n}")
        XCTAssertEqual(ReplicaSpread.text(without, asking: "web.1", false), without)
        XCTAssertEqual(ReplicaSpread.text(without, asking: "web.1", true), text)
        XCTAssertEqual(ReplicaSpread.text(text, asking: "web.1", true), text)
    }

    func testARestartReplacesOneAfterTheOther() throws {
        var fixture = PlanFixture.serving(PlanFixture.environment("staging"))
        fixture.facts.environment.services = Service(name: "web", role: .app, command: ["w"]).replicated(2)
        let plan = fixture.draft(.restart, .restart(service: "web")).plan(named: PlanFixture.names)
        XCTAssertEqual(
            plan.titles.suffix(4),
            ["Stop service web.1", "Start service web.1", "Stop service web.2", "Start service web.2"])
        XCTAssertEqual(plan.service, "web")
        let one = fixture.draft(.stop, .stop(service: "web.2")).plan(named: PlanFixture.names)
        XCTAssertEqual(one.service, "web.2")
    }

    func testTheFrontPassesAReplicaOverBeforeItEnds() throws {
        var environment = ProcessWorld.environment(.process, ["bin/serve"])
        environment.services = Service(name: "web", role: .app, command: ["bin/serve"]).replicated(2)
        let machine = SimulatedMachine()
        let context = ProcessWorld.context(machine.ports(), project: machine.project, environment)
        let id = ProcessWorld.instance
        var instance = Instance(id: id, release: ProcessWorld.release, database: nil)
        instance.front = machine.processes.add("nginx", marker: context.layout.instance(id))
        try context.ports.files.makeFolder(context.layout.instance(id))
        try ProcessRuntime().start(environment.appServices, of: instance, in: context) {
            service throws(DeployError) in
            instance.services.append(service)
            try context.site.records.write(instance)
        }
        let file = Nginx.file(in: context.layout.instance(id))
        try context.ports.files.publish(
            Data("server a; # web.1\nserver b; # web.2\n".utf8), to: file)
        func text() throws -> String {
            String(decoding: try XCTUnwrap(context.ports.files.read(file)), as: UTF8.self)
        }
        let before = machine.processes.children(of: try XCTUnwrap(instance.front))

        _ = try StopService(instance: id, service: "web.1").perform(in: context)
        XCTAssertEqual(try text(), "server a down; # web.1\nserver b; # web.2\n")
        XCTAssertNotEqual(
            machine.processes.children(of: try XCTUnwrap(instance.front)), before, "it was told")
        _ = try StartService(instance: id, service: "web.1").perform(in: context)
        XCTAssertEqual(try text(), "server a; # web.1\nserver b; # web.2\n")
    }

    func testOneIsStartedWhileAnotherRests() throws {
        var environment = ProcessWorld.environment(.process, ["bin/serve"])
        environment.services = Service(name: "web", role: .app, command: ["bin/serve"]).replicated(2)
        let machine = SimulatedMachine()
        let context = ProcessWorld.context(machine.ports(), project: machine.project, environment)
        let id = ProcessWorld.instance
        var instance = Instance(id: id, release: ProcessWorld.release, database: nil)
        try context.ports.files.makeFolder(context.layout.instance(id))
        try ProcessRuntime().start(environment.appServices, of: instance, in: context) {
            service throws(DeployError) in
            instance.services.append(service)
            try context.site.records.write(instance)
        }
        for name in ["web.1", "web.2"] {
            _ = try StopService(instance: id, service: name).perform(in: context)
        }
        _ = try StartService(instance: id, service: "web.1").perform(in: context)
        let services = try XCTUnwrap(context.site.records.read(id)).services
        XCTAssertEqual(context.ports.running(services), ["web.1"])
    }
}
