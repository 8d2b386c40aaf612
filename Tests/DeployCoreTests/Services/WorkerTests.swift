import DeployTestSupport
import XCTest

@testable import DeployCore

/// What nginx workers run as.
final class WorkerTests: XCTestCase {
    private let machine = SimulatedMachine()
    private let shop = WorkerTests.account("shop", 700)
    private let web = WorkerTests.account("www-data", 33)
    private let nobody = WorkerTests.account("nobody", 65_534)

    private static func account(_ name: String, _ user: UInt32) -> Account {
        Account(name: name, user: user, group: user, groupName: name, home: "/")
    }

    private func site(user: String? = nil, files: Bool = true) -> Site {
        var environment = Environment(name: "staging", project: "shop")
        environment.user = user
        var front = Service(name: "front", role: .edge)
        front.routes = [
            Service.Route(path: "/", target: files ? .folder("public") : .service("web"))
        ]
        environment.services = [front]
        return Workspace(ports: machine.ports(), project: machine.project).site(environment)
    }

    func testItIsTheEnvironmentsAccountOrNginxsOwn() throws {
        machine.processes.act(as: 1000, among: [web])
        XCTAssertNil(try site().worker(), "workers of an ordinary user are its own")
        machine.processes.act(as: 0, among: [nobody, web, shop])
        XCTAssertEqual(try site().worker(), web)
        XCTAssertEqual(try site(user: "shop").worker(), shop)
        machine.processes.act(as: 0, among: [nobody])
        XCTAssertEqual(try site().worker(), nobody)
    }

    func testWhereRootServesFilesItIsSaid() throws {
        machine.processes.act(as: 0, among: [])
        XCTAssertNil(try site().worker())
        XCTAssertEqual(site().filesServedByRoot?.next, "useradd --system nginx")
        XCTAssertNil(site(files: false).filesServedByRoot)
        machine.processes.act(as: 0, among: [web])
        XCTAssertNil(site().filesServedByRoot)
        for keepsLists in [true, false] {
            machine.files.close(by: Barrier(path: "/root", keepsLists: keepsLists))
            XCTAssertNil(try site().worker())
            XCTAssertTrue(try XCTUnwrap(site().filesServedByRoot).why.contains("/root"))
            XCTAssertNil(site(files: false).filesServedByRoot)
        }
        machine.processes.act(as: 1000, among: [web])
        XCTAssertNil(site().filesServedByRoot)
    }
}
