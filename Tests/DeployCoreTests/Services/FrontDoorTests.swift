import XCTest

@testable import DeployCore

final class FrontDoorTests: XCTestCase {
    private func shop(_ change: (inout Environment) -> Void = { _ in }) -> FrontDoor {
        var environment = Environment(name: "production", project: "shop")
        environment.runtime.strategy = .blueGreen
        environment.ports = ["http": 80]
        environment.services = [
            Service(name: "worker", role: .app, listen: .none),
            Service(name: "api", role: .app, health: .init(path: "/api/health")),
        ]
        change(&environment)
        return FrontDoor(layout: Layout(project: "/p", environment: environment))
    }

    private func edge(_ routes: Service.Route...) -> Service {
        Service(name: "edge", role: .edge, routes: routes)
    }

    func testTheHealthPathIsAskedWhereItIsReachable() {
        let api = Service.Route(path: "/api", target: .service("api"))
        let site = Service.Route(path: "/", target: .folder("public"))
        let other = Service.Route(path: "/api/health", target: .service("worker"))
        XCTAssertEqual(shop().path, "/api/health")
        XCTAssertEqual(shop { $0.services.append(edge(site, api)) }.path, "/api/health")
        XCTAssertEqual(shop { $0.services.append(edge(site)) }.path, "/", "the folder answers there")
        XCTAssertEqual(shop { $0.services.append(edge(api, other)) }.path, "/", "a longer route takes it")
        XCTAssertEqual(shop { $0.services.append(edge()) }.path, "/")
        XCTAssertEqual(shop { $0.services[1].health = nil }.path, "/")
    }

    func testTheHealthPathOfAStrippedRouteIsBelowIt() {
        let api = Service.Route(path: "/api", target: .service("api"), strip: true)
        let odd = Service.Route(path: "/apix", target: .service("worker"))
        XCTAssertEqual(shop { $0.services.append(edge(api, odd)) }.path, "/api/api/health")
        let longer = Service.Route(path: "/api/api", target: .folder("public"))
        XCTAssertEqual(shop { $0.services.append(edge(api, longer)) }.path, "/")
    }

    func testThePublicAddressIsWhereUsersEndUp() {
        let tls = Environment.TLS(certificate: "c", key: "k")
        XCTAssertEqual(shop().address, .port(80))
        XCTAssertNil(shop { $0.ports = [:] }.address)
        XCTAssertNil(shop { $0.ports = [:] }.request())
        XCTAssertEqual(
            shop {
                $0.tls = tls
                $0.ports["https"] = 443
            }.address, .tls(443), "a redirect is no answer")
        XCTAssertEqual(
            shop {
                $0.tls = tls
                $0.tls?.redirect = false
                $0.ports["https"] = 443
            }.address, .port(80))
        XCTAssertEqual(shop { $0.ports = ["api": 9000] }.address, .port(9000))
    }

    func testWhereAPasswordOrALimitStandsBeforeItDeployctlAsksInside() {
        let inside = ServiceAddress.socket("/p/.deployctl/production/edge/door.sock")
        XCTAssertEqual(shop { $0.front.password = .file("x") }.address, inside)
        XCTAssertEqual(shop { $0.front.rate = .init(requests: 1, per: .second) }.address, inside)
        XCTAssertEqual(shop { $0.front.listen = ["::1"] }.address, inside)
        XCTAssertEqual(
            shop {
                $0.front.listen = ["::1"]
                $0.runtime.sockets = "/s"
            }.address, .socket("/s/shop-production/door.sock"))
        XCTAssertNil(
            shop {
                $0.front.listen = ["::1"]
                $0.ports = [:]
            }.address)
    }

    private func answer(_ status: Int, _ instance: String? = "7") -> String {
        "HTTP/1.1 \(status) X\r\n" + (instance.map { "X-Deployctl-Deployment: \($0)\r\n" } ?? "") + "\r\n"
    }

    func testOnlyTheRightInstanceAnsweringWellIsGood() {
        let cases: [(String, String, Int, String?)] = [
            (answer(200), "/api/health", 1, nil), (answer(200) + answer(200), "/api/health", 2, nil),
            (answer(200), "/api/health", 2, "no answer"), ("", "/api/health", 1, "no answer"),
            (answer(204), "/api/health", 1, nil), (answer(299), "/api/health", 1, nil),
            (answer(300), "/api/health", 1, "answers 300"), (answer(301), "/api/health", 1, "answers 301"),
            (answer(503), "/api/health", 1, "answers 503"),
            (answer(200, "6"), "/api/health", 1, "deployment 6 answers"),
            (answer(200, nil), "/api/health", 1, "something else answers"),
            (answer(200) + answer(200, "6"), "/api/health", 2, "deployment 6 answers"),
            (answer(404), "/", 1, nil), (answer(500), "/", 1, "answers 500"),
            (answer(404, "6"), "/", 1, "deployment 6"),
        ]
        for (output, path, times, says) in cases {
            let door = shop { if path == "/" { $0.services[1].health = nil } }
            let complaint = door.complaint(
                about: CommandResult(.exited(0), output: output), expecting: times, from: "7")
            XCTAssertEqual(complaint == nil, says == nil, "\(output): \(complaint ?? "no complaint")")
            if let says { XCTAssertTrue(complaint?.contains(says) == true, complaint ?? "") }
        }
        let files = shop { $0.services = [edge(Service.Route(path: "/", target: .folder("public")))] }
        for (status, isGood) in [(200, true), (304, true), (403, false), (404, false)] {
            let result = CommandResult(.exited(0), output: answer(status))
            XCTAssertEqual(files.complaint(about: result, from: "7") == nil, isGood, "files, \(status)")
        }
        let failed = CommandResult(.exited(28), output: answer(200), errors: "timed out")
        XCTAssertEqual(shop().complaint(about: failed, from: "7"), "no answer: ended with 28: timed out")
        let direct = shop { $0.runtime.strategy = .recreate }
        XCTAssertNil(direct.complaint(about: CommandResult(.exited(0), output: answer(200, nil)), from: "7"))
    }
}
