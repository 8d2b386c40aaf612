import XCTest

@testable import DeployCore

final class ServiceOrderTests: XCTestCase {
    private func environment(_ after: [(String, [String])]) -> Environment {
        var environment = Environment(name: "staging", project: "shop")
        environment.services = after.map { name, others in
            var service = Service(name: name, role: .app, command: [name])
            service.after = others
            return service
        }
        return environment
    }

    func testServicesStartAfterThoseTheyNeedAndEndBeforeThem() {
        let shop = environment([
            ("web", ["users", "mail"]), ("mail", ["users"]), ("users", []), ("beat", []),
        ])
        XCTAssertEqual(shop.startOrder.map(\.name), ["users", "mail", "web", "beat"])
        XCTAssertEqual(
            shop.stopOrder(of: ["users", "beat", "mail", "web"]), [["beat", "web"], ["mail"], ["users"]])
        XCTAssertEqual(shop.stopOrder(of: ["users", "gone"]), [["users", "gone"]])
    }

    func testWithoutAnOrderServicesEndTogether() {
        let shop = environment([("web", []), ("beat", [])])
        XCTAssertEqual(shop.startOrder.map(\.name), ["web", "beat"])
        XCTAssertEqual(shop.stopOrder(of: ["web", "beat"]), [["web", "beat"]])
    }

    func testAServiceStoredByAnEarlierVersionStartsAndEndsAsItDid() throws {
        let data = Data(#"{"name": "web", "role": "app", "command": [], "listen": "tcp", "routes": []}"#.utf8)
        let service = try JSONDecoder().decode(Service.self, from: data)
        XCTAssertTrue(service.overlaps && service.after.isEmpty && service.stop == Service.Stop())
    }
}
