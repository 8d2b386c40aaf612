import XCTest

@testable import DeployCore

final class StrategyRuleTests: XCTestCase {
    private func decided(
        _ wanted: Environment.Runtime.Strategy?, nginx: Bool, edge: Bool = false,
        ports: [String: Int] = ["http": 80]
    ) -> String {
        var environment = Environment(name: "production", project: "shop")
        environment.runtime.strategy = wanted
        environment.ports = ports
        if edge { environment.services = [Service(name: "door", role: .edge)] }
        do throws(DeployError) {
            return try StrategyRule.strategy(of: environment, hasNginx: nginx).rawValue
        } catch {
            return "\(error.why); \(error.next)"
        }
    }

    func testWhatIsNotAskedForFollowsFromTheMachine() {
        XCTAssertEqual(decided(nil, nginx: true), "blue-green")
        XCTAssertEqual(decided(nil, nginx: true, edge: true), "blue-green")
        XCTAssertEqual(decided(nil, nginx: false), "recreate")
        XCTAssertEqual(decided(nil, nginx: true, ports: [:]), "recreate", "nobody would be passed on")
    }

    func testWhatIsAskedForIsTaken() {
        XCTAssertEqual(decided(.recreate, nginx: true), "recreate")
        XCTAssertEqual(decided(.recreate, nginx: false), "recreate")
        XCTAssertEqual(decided(.blueGreen, nginx: true, ports: [:]), "blue-green")
    }

    func testAFrontThatNothingKeepsIsRefused() {
        for change in [
            { $0.front.password = .file("p") }, { $0.front.rate = .init(requests: 1, per: .second) },
            { $0.front.listen = ["::1"] }, { $0.front.errors = ["502": "a.html"] },
        ] as [(inout Environment) -> Void] {
            var environment = Environment(name: "staging", project: "shop")
            environment.ports = ["http": 80]
            change(&environment)
            XCTAssertNoThrow(try StrategyRule.strategy(of: environment, hasNginx: true))
            XCTAssertThrowsError(try StrategyRule.strategy(of: environment, hasNginx: false)) { error in
                let error = error as? DeployError
                XCTAssertEqual(error?.code, .invalidDefinition)
                XCTAssertTrue(error?.what.contains("has front.") == true, error?.what ?? "")
            }
        }
    }

    func testWhatCannotBeIsRefused() {
        let alone =
            "strategy recreate gives the public port to the service itself; remove service door or the strategy"
        XCTAssertEqual(decided(.recreate, nginx: true, edge: true), alone)
        XCTAssertEqual(decided(nil, nginx: true, edge: true, ports: [:]), alone)
        let install = "nginx is not installed; apt-get install nginx"
        XCTAssertEqual(decided(.blueGreen, nginx: false), "strategy is blue-green; \(install)")
        for wanted in [Environment.Runtime.Strategy.recreate, .blueGreen, nil] {
            XCTAssertEqual(
                decided(wanted, nginx: false, edge: true), "service door routes requests; \(install)")
        }
    }
}
