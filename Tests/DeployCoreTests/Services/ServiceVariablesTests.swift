import DeployTestSupport
import XCTest

@testable import DeployCore

/// What a program of the application is told by its environment.
final class ServiceVariablesTests: XCTestCase {
    private func context(_ change: (inout Environment) -> Void) throws -> StepContext {
        let shop = try Shop()
        var plan = Sample.plan(1)
        change(&plan.environment)
        return StepContext(
            Workspace(ports: shop.site.ports, project: "/srv/shop"), plan: plan, origin: Sample.origin,
            secrets: [Environment.DatabaseSecret.password: "p@ss"])
    }

    func testAServersAddressIsToldInPartsToo() throws {
        let context = try context {
            var database = Environment.Database(engine: .postgresql, file: nil, fresh: false)
            (database.host, database.port, database.user) = ("db.example", 6000, "shop")
            $0.database = database
            $0.variables = ["DATABASE_HOST": "never this", "TZ": "UTC"]
        }
        let told = try ServiceVariables.variables(
            context, release: Sample.timestamp(1), database: DatabaseLocation("shop_7"), instance: nil)
        XCTAssertEqual(told["DATABASE_HOST"], "db.example")
        XCTAssertEqual(told["DATABASE_PORT"], "6000")
        XCTAssertEqual(told["DATABASE_NAME"], "shop_7", "the one it works on, not the one that is live")
        XCTAssertEqual(told["DATABASE_USER"], "shop")
        XCTAssertEqual(told["DATABASE_URL"], "postgresql://shop:p%40ss@db.example:6000/shop_7")
        XCTAssertEqual(told["TZ"], "UTC")
    }

    func testOnlyWhatStandsForSomethingIsReplaced() {
        let known = Placeholders(
            port: 80, addresses: ["users": .port(81), "s": .socket("/run/s")], release: Sample.timestamp(1),
            environment: "staging")
        for (text, filled) in [
            ("", ""), ("{}", "{}"), ("{port}", "80"), ("{{port}}", "{80}"), ("{port", "{port"),
            ("port}", "port}"),
            ("{PORT}", "{PORT}"), ("a{address:users}b{port}", "a127.0.0.1:81b80"),
            ("{address:s}", "unix:/run/s"),
            ("{address:}", "{address:}"), ("{address:A}", "{address:A}"), ("{\u{301}port}", "{\u{301}port}"),
            ("{port}\u{301}", "80\u{301}"), ("{environment}", "staging"),
            ("{\"a\": {\"b\": 1}}", "{\"a\": {\"b\": 1}}"),
        ] {
            XCTAssertEqual(known.filled(text), filled, text)
        }
        XCTAssertNil(known.filled("{address:none}"))
        XCTAssertNil(Placeholders(release: Sample.timestamp(1), environment: "x").filled("{port}"))
    }
}
