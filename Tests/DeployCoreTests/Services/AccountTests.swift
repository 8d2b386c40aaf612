import DeployTestSupport
import XCTest

@testable import DeployCore

final class AccountTests: XCTestCase {
    private let shop = Account(name: "shop", user: 700, group: 701, groupName: "shops", home: "/home/shop")
    private let machine = SimulatedMachine()

    private func site(_ user: String? = "shop") -> Site {
        var environment = Environment(name: "staging", project: "shop")
        environment.user = user
        return Workspace(ports: machine.ports(), project: machine.project).site(environment)
    }

    func testAProgramOfTheProjectIsStartedAsItsAccount() throws {
        machine.processes.act(as: 0, among: [shop])
        let own = try site().own(CommandRequest(Command("npm", ["ci"]), environment: ["HOME": "/given"]))
        XCTAssertEqual(
            own.command.vector,
            [
                "setpriv", "--reuid", "shop", "--regid", "shops", "--init-groups", "--no-new-privs", "--",
                "npm", "ci",
            ])
        XCTAssertEqual(own.environment, ["HOME": "/given", "USER": "shop", "LOGNAME": "shop"])
        let printed = AccountCommands.call(Command("npm", ["ci"]), as: "shop")
        XCTAssertTrue(printed.fits(own.command), "the plan prints what is started")
        XCTAssertFalse(printed.fits(Command("setpriv", ["--reuid", "root", "--", "npm", "ci"])))
    }

    func testWhoIsThatAccountAlreadyStartsItAsItIs() throws {
        machine.processes.act(as: 700, among: [shop])
        XCTAssertNil(try site().account())
        XCTAssertEqual(try site().own(CommandRequest(Command("npm", ["ci"]))).command, Command("npm", ["ci"]))
        machine.processes.act(as: 0, among: [shop])
        XCTAssertNil(try site(nil).account(), "nothing was asked for")
    }

    func testWhereItCannotBeDoneIsRefusedWithTheReason() {
        machine.processes.act(as: 1000, among: [shop])
        expectError(.invalidDefinition, "another account without rights") { _ = try site().account() }
        machine.processes.act(as: 0, among: [])
        expectError(.invalidDefinition, "an account that is not there") { _ = try site().account() }
        var root = shop
        root.user = 0
        machine.processes.act(as: 0, among: [root])
        XCTAssertNil(try site().account(), "root is what it runs as already")
    }

    func testSocketsOfAnAccountLieWhereNothingElseDoes() {
        XCTAssertTrue(site().layout.socket(of: "web", in: "1").hasSuffix("/run/1/app/web.sock"))
        XCTAssertTrue(site(nil).layout.socket(of: "web", in: "1").hasSuffix("/run/1/app-web.sock"))
    }
}
