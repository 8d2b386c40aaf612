import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// After a restart of the machine, services are started in the order a deployment has.
final class RevivalOrderTests: XCTestCase {
    private let machine = SimulatedMachine()

    private func site(_ change: (inout Environment) -> Void = { _ in }) -> Site {
        var environment = Environment(name: "production", project: "shop")
        environment.services = ["web", "users", "mail"].map {
            Service(name: $0, role: .app, command: [$0], health: .init(path: "/health"))
        }
        environment.services[0].after = ["users", "mail"]
        environment.services[1].after = ["mail"]
        change(&environment)
        return machine.workspace().site(environment)
    }

    private func running(_ name: String, port: Int? = nil, since: Date? = nil) -> RunningService {
        let process = machine.processes.add(
            name, marker: "/\(name)", environment: port.map { ["PORT": "\($0)"] } ?? [:])
        return RunningService(
            name: name, body: .process(process), address: port.map { .port($0) },
            since: since ?? machine.clock.now())
    }

    private func ended(_ name: String) -> RunningService {
        let service = running(name)
        if let process = service.body.process { machine.processes.signal(process, .kill) }
        return service
    }

    func testTheyAreSortedByWhatTheyComeAfter() {
        let services = ["web", "mail", "users", "gone"].map(ended)
        XCTAssertEqual(
            RevivalOrder(site: site()).sorted(services).map(\.name), ["mail", "users", "web", "gone"])
    }

    func testOneIsDueOnceThoseBeforeItAnswer() {
        let order = RevivalOrder(site: site())
        let web = ended("web")
        var instance = Instance(id: "1", release: Sample.timestamp(1))
        instance.services = [web, ended("users"), running("mail", port: 9001)]
        XCTAssertFalse(order.isDue(web, in: instance), "users does not run")
        instance.services[1] = running("users", port: 9002)
        XCTAssertTrue(order.isDue(web, in: instance))
        machine.programs.makeUnhealthy("/users")
        XCTAssertFalse(order.isDue(web, in: instance), "users is not well yet")
        machine.clock.move(by: .seconds(61))
        XCTAssertTrue(order.isDue(web, in: instance), "what never gets well holds up nobody for ever")
    }

    func testOneThatSomebodyStoppedIsNotWaitedFor() {
        let order = RevivalOrder(site: site())
        var instance = Instance(id: "1", release: Sample.timestamp(1))
        var users = ended("users")
        users.rests = true
        let web = ended("web")
        instance.services = [web, users, running("mail", port: 9001)]
        XCTAssertTrue(order.isDue(web, in: instance))
    }
}
