import DeployTestSupport
import XCTest

@testable import DeployCore

/// What is to be changed on a machine follows from what it is found to be.
final class ServerPlanTests: XCTestCase {
    private let version = ServerVersion(version: "0.1.0", commit: nil, schema: 12)

    private func environment(_ change: (inout Environment) -> Void = { _ in }) -> Environment {
        var environment = Environment(name: "production", project: "shop")
        environment.ports = ["http": 8080]
        change(&environment)
        return environment
    }

    /// A fresh Debian 12 that `login` was let in to, with other answers where they are given.
    private func plan(
        _ environments: [Environment], login: String = "root", account: String = "deploy",
        _ answers: [ServerQuestion: String] = [:], failed: Set<ServerQuestion> = [], group: String = "1000"
    ) throws -> ServerPlan {
        let id = login == "root" ? "0" : "1000"
        let who = [
            login, id, "", "root:x:0:0:root:/root:/bin/bash\ndeploy:x:1000:\(group)::/home/deploy:/bin/bash",
            "PRETTY_NAME=\"Debian 12\"\nID=debian\nVERSION_ID=\"12\"", "x86_64", "/run/systemd/system",
        ]
        let known = ServerLogin(who.map { .init(status: 0, text: $0) })
        let place = try ServerPlace(
            "\(login)@shop.example", account: account, folder: nil, needs: ServerNeeds(environments))
        let facts = ServerFacts(
            known,
            Dictionary(
                uniqueKeysWithValues: answers.map { question, text in
                    (question, .init(status: failed.contains(question) ? 100 : 0, text: text))
                }), account: account)
        return try ServerPlan(
            place, facts, .package("/tmp/deployctl.deb"), version,
            boot: Command("deployctl", ["boot", "install"]))
    }

    private static let complete: [ServerQuestion: String] = [
        .packages: ["ca-certificates", "curl", "git", "zstd", "nginx"]
            .map { "Package: \($0)\nStatus: \($0 == "nginx" ? "hold" : "install") ok installed" }
            .joined(separator: "\n"),
        .version: "{\"version\":\"0.1.0\",\"schema\":12,\"commit\":null}", .lingering: "deploy",
        .nginxState: "masked", .keys: "x", .repository: "x", .unit: "x",
    ]

    func testAFreshMachineLacksEverythingInOrder() throws {
        XCTAssertEqual(
            try plan([environment()]).steps.map(\.id),
            ["nginx.service", "keys", "packages", "deployctl", "linger", "repository", "boot"])
        XCTAssertEqual(
            try plan([environment()], account: "robot").steps.map(\.id),
            ["nginx.service", "account", "keys", "packages", "deployctl", "linger", "repository", "boot"])
    }

    func testWhereAllIsThereNothingIsToBeDone() throws {
        let found = try plan([environment()], Self.complete)
        XCTAssertEqual(found.steps, [])
        XCTAssertTrue(found.items.allSatisfy(\.isThere))
    }

    func testAPackageThatIsNamedAndFollowsIsInstalledOnce() throws {
        let asked = environment {
            $0.packages = ["certbot", "libpq5"]
            $0.tls = .init(certificate: "c", key: "k")
            $0.tls?.acme = .init(email: "a@b.example")
        }
        let installs = try XCTUnwrap(try plan([asked]).steps.first { $0.id == "packages" }).installs
        XCTAssertEqual(installs.filter { $0 == "certbot" }.count, 1, "\(installs)")
    }

    func testEachThingThatWentAwayIsMissedAlone() throws {
        let steps: [ServerQuestion: String] = [
            .version: "deployctl", .lingering: "linger", .keys: "keys", .repository: "repository",
            .unit: "boot",
        ]
        for (question, step) in steps {
            var answers = Self.complete
            answers[question] = nil
            XCTAssertEqual(try plan([environment()], answers).steps.map(\.id), [step])
        }
        var answers = Self.complete
        answers[.version] = "{\"version\":\"0.1.0\",\"schema\":11,\"commit\":null}"
        XCTAssertEqual(try plan([environment()], answers).steps.map(\.id), ["deployctl"])
        answers = Self.complete
        answers[.audit] = "The following packages are only half configured"
        XCTAssertEqual(try plan([environment()], answers).steps.map(\.id), ["dpkg"])
    }

    /// apt installs nothing while a package lacks what it depends on.
    func testUnmetDependenciesAreMendedFirstByWhatIsNamed() throws {
        var answers = Self.complete
        answers[.dependencies] = "E: Unmet dependencies. Try 'apt --fix-broken install'"
        XCTAssertEqual(try plan([environment()], answers).steps.map(\.id), [], "it ended with 0")
        answers[.mending] =
            "Inst libgd3 (2.3.3 Debian:12 [amd64])\nInst nginx [1.0] (1.22 Debian:12 [amd64])\nConf nginx"
        let step = try plan([environment()], answers, failed: [.dependencies]).steps.first
        XCTAssertEqual(step?.id, "dpkg")
        XCTAssertEqual(step?.installs, ["libgd3", "nginx"])
        XCTAssertEqual(step?.title.hasSuffix(": libgd3, nginx"), true, step?.title ?? "")
        XCTAssertTrue("\(String(describing: step?.work.last))".holds("--fix-broken"))
        let item = try plan([environment()], answers, failed: [.dependencies, .mending]).items
            .first { $0.id == "dpkg" }
        XCTAssertNil(item?.step, "apt would have to remove something")
        XCTAssertNotNil(item?.remedy)
    }

    /// What waits for its configuration alone brings no package.
    func testWhatIsOnlyToBeConfiguredIsConfiguredOnly() throws {
        var answers = Self.complete
        answers[.audit] = "The following packages have been unpacked but not yet configured"
        answers[.mending] = "Conf nginx (1.22 Debian:12 [amd64])"
        let step = try plan([environment()], answers).steps.first
        XCTAssertEqual(step?.id, "dpkg")
        XCTAssertEqual(step?.installs, [])
        let work = "\(String(describing: step?.work))"
        XCTAssertTrue(work.holds("--configure"), work)
        XCTAssertFalse(work.holds("apt-get"), work)
    }

    /// Where accounts of a machine have no group of their own name.
    func testWhatIsMadeIsOfTheAccountsOwnGroup() throws {
        let found = try plan([environment()], group: "100")
        let keys = try XCTUnwrap(found.steps.first { $0.id == "keys" })
        XCTAssertEqual(
            found.commands(of: keys).map {
                Array($0.vector.dropFirst().prefix(while: { !$0.begins(with: "/") }).suffix(4))
            },
            [["-o", "deploy", "-g", "100"], ["-o", "deploy", "-g", "100"]])
    }

    /// What somebody's own nginx serves is left alone.
    func testAnNginxThatIsInstalledIsNotMasked() throws {
        var answers = Self.complete
        answers[.nginxState] = "enabled"
        answers[.nginxActive] = "active"
        let found = try plan([environment()], answers)
        XCTAssertEqual(found.steps, [])
        XCTAssertTrue(found.notes.contains { $0.holds("left alone") }, "\(found.notes)")
    }

    func testPackagesAreWhatDefinitionsName() throws {
        let names = ServerNeeds([
            environment {
                $0.build = [["npm", "ci"], ["sh", "-c", "exec python3 -m venv x"]]
                $0.database = Environment.Database(engine: .postgresql)
                $0.packages = ["libvips42", "git"]
            }
        ])
        XCTAssertEqual(
            names.packages,
            [
                "ca-certificates", "curl", "git", "zstd", "nodejs", "npm", "python3", "python3-venv",
                "python3-pip", "libvips42",
                "postgresql-client", "nginx",
            ])
        XCTAssertEqual(names.servers.map(\.package), ["postgresql"])
        XCTAssertEqual(ServerNeeds([environment { $0.runtime.kind = .compose }]).needsDocker, true)
    }

    func testWhatGatesAndHooksStartIsThereWhateverReleasesRunIn() {
        let shop = environment {
            $0.runtime.kind = .compose
            $0.build = [["npm", "ci"]]
            var promotion = Environment.Promotion(from: "staging")
            promotion.commands = [["python3", "checks/load"], ["checks/own"]]
            $0.promotion = promotion
            $0.hooks.commands[.postDeploy] = [["sh", "-c", "exec php tell.php"]]
        }
        let packages = ServerNeeds([shop]).packages
        for wanted in ["python3", "php-cli"] { XCTAssertTrue(packages.contains(wanted), "\(packages)") }
        XCTAssertFalse(packages.contains("npm"), "that is in the image")
    }

    func testADatabaseThatListensIsNotInstalledBeside() throws {
        let shop = environment { $0.database = Environment.Database(engine: .mysql) }
        func titles(_ listening: String) throws -> String {
            try plan([shop], [.listening: listening]).steps.map(\.title).joined()
        }
        XCTAssertTrue(try titles("").holds("mariadb-server"))
        let line = "LISTEN 0 80 127.0.0.1:3306 0.0.0.0:*"
        XCTAssertFalse(try titles(line).holds("mariadb-server"))
    }

    func testWithoutComposeAPersonIsTold() throws {
        let shop = environment { $0.runtime.kind = .compose }
        let found = try plan([shop]).items.first { $0.id == "compose" }
        XCTAssertEqual(found?.isThere, false)
        XCTAssertNotNil(found?.remedy)
        XCTAssertEqual(
            try plan([shop], [.plugin: "2.40.3"]).items.first { $0.id == "compose" }?.isThere, true)
    }

    func testAWordThatAShellWouldReadIsRefused() throws {
        for word in ["a b", "$(id)", "`id`", "a;b", "a'b", "", "a\nb", "*", "é"] {
            expectError(.usage, "the word \(word)") { _ = try FarCommand(["ls", word]) }
            expectError(.usage, "the account \(word)") {
                _ = try ServerPlace("h", account: word, folder: nil, needs: ServerNeeds([]))
            }
        }
        XCTAssertEqual(
            try plan([environment()], login: "deploy").commands(of: try plan([environment()]).steps[0]).first?
                .vector,
            ["sudo", "-n", "systemctl", "mask", "nginx.service"])
    }

    func testAnswersAreReadOneByOne() throws {
        let mark = "@@deployctl "
        let output = "hello from a profile\n\(mark)\nroot\n\n\(mark)0\n\n\(mark)1\nlast\nline\n\n\(mark)0\n"
        let answers = try XCTUnwrap(ServerQuestions.answers(output, of: 3))
        XCTAssertEqual(answers.map(\.text), ["root", "", "last\nline"])
        XCTAssertEqual(answers.map(\.status), [0, 1, 0])
        XCTAssertNil(ServerQuestions.answers(output, of: 4))
        XCTAssertNil(ServerQuestions.answers("hello", of: 1))
    }
}
