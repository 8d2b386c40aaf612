import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// A program of another account is that account's from its first instruction on.
final class ChildAccountTests: XCTestCase {
    private let runner = ProcessCommandRunner(interruption: FakeInterruption())

    private func asGames(_ script: String) throws -> Command {
        guard geteuid() == 0 else { throw lacking("superuser") }
        guard getpwnam("games") != nil else { throw lacking("account games") }
        return AccountCommands.start(Command("sh", ["-c", script]), as: "games", group: "games")
    }

    /// One line for each: users, groups, capabilities, and whether it may get more.
    private static let look =
        "grep -E '^(Uid|Gid|CapPrm|CapEff|CapAmb|NoNewPrivs):' /proc/self/status | tr -s '\\t' ' '; id -G"

    func testItHasTheAccountsRightsAndNoWayToMore() throws {
        for dies in [false, true] {
            let request = CommandRequest(try asGames(Self.look), diesWithParent: dies)
            let lines = runner.run(request).output.split(separator: "\n").map(String.init)
            let (user, group) = (getpwnam("games").pointee.pw_uid, getpwnam("games").pointee.pw_gid)
            let none = "0000000000000000"
            XCTAssertEqual(
                lines.prefix(6),
                [
                    "Uid: \(user) \(user) \(user) \(user)", "Gid: \(group) \(group) \(group) \(group)",
                    "CapPrm: \(none)", "CapEff: \(none)", "CapAmb: \(none)", "NoNewPrivs: 1",
                ])
            XCTAssertEqual(
                Set(lines.last?.split(separator: " ").map(String.init) ?? []),
                Set((memberships(of: "games", and: group) ?? []).map { "\($0)" }))
        }
    }

    /// A folder of the variables' `PATH` has programs of every name on the way.
    func testNothingForeignRunsWithItsVariablesBefore() throws {
        let folder = try makeTestFolder()
        chmod(folder, 0o777)
        let command = try asGames("id -u > \(folder)/who")
        let programs = try [command.program, "sh", "env"].map { name in
            try "#!/bin/sh\nid -u >> \(folder)/foreign\nexec /bin/\(name) \"$@\"\n".write(
                toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            chmod("\(folder)/\(name)", 0o755)
            return name
        }
        let variables = ["PATH": "\(folder):/usr/bin:/bin"]
        XCTAssertTrue(runner.run(CommandRequest(command, environment: variables)).succeeded)
        let table = LinuxProcessTable()
        let service = try table.start(
            ServiceLaunch(
                command: command, directory: folder, environment: variables, log: "\(folder)/log"))
        XCTAssertTrue(eventually { !table.isRunning(service) })
        let games = "\(getpwnam("games").pointee.pw_uid)"
        let said = try String(contentsOfFile: "\(folder)/foreign", encoding: .utf8)
        XCTAssertEqual(Set(said.split(separator: "\n").map(String.init)), [games], "\(programs)")
    }

    func testAnAccountThatIsNotThereIsNamed() throws {
        guard geteuid() == 0 else { throw lacking("superuser") }
        let command = AccountCommands.start(Command("true"), as: "no-such-account", group: "games")
        XCTAssertEqual(
            runner.run(CommandRequest(command)).ending, .notStarted("there is no account no-such-account"))
    }

    func testOnlyWhatIsWrittenSoIsAnotherAccounts() {
        let command = AccountCommands.start(Command("npm", ["ci"]), as: "shop", group: "shops")
        XCTAssertEqual(AccountCommand(command)?.command, Command("npm", ["ci"]))
        for other in [
            Command("setpriv", ["--reuid", "shop", "--", "npm"]), Command("npm", command.arguments),
            Command("setpriv", Array(command.arguments.prefix(7))),
            Command("setpriv", command.arguments.map { $0 == "--init-groups" ? "--keep-groups" : $0 }),
        ] {
            XCTAssertNil(AccountCommand(other), "\(other)")
        }
    }
}
