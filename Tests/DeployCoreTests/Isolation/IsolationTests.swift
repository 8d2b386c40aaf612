import XCTest

@testable import DeployCore

final class IsolationTests: XCTestCase {
    private struct Case {
        var name: String
        var subject: String
        var change: (inout Environment, inout Environment) -> Void
    }

    private func apart() -> (staging: Environment, production: Environment) {
        func make(_ name: String, _ number: Int) -> Environment {
            var environment = Environment(name: name, project: "shop")
            environment.url = "http://\(name).example"
            environment.network = "\(name)-network"
            environment.volumes = ["\(name)_data"]
            environment.sharedFolders = ["uploads"]
            environment.ports = ["http": number, "backend": number + 1]
            environment.secrets = ["JWT": .environment("\(name.uppercased())_JWT")]
            var database = Environment.Database(engine: .mysql)
            database.host = "127.0.0.1"
            database.port = number + 2
            database.name = "shop_\(name)"
            database.user = "user_\(name)"
            database.password = .file(".secrets/\(name)/db")
            environment.database = database
            environment.tls = .init(certificate: "tls/\(name).pem", key: "tls/\(name).key")
            return environment
        }
        return (make("staging", 8080), make("production", 80))
    }

    private var cases: [Case] {
        [
            Case(name: "the same port", subject: "ports.http") { $1.ports["http"] = $0.ports["http"] },
            Case(name: "the same account", subject: "user") {
                $0.user = "shop"
                $1.user = "shop"
            },
            Case(name: "a port under two names", subject: "ports.backend") {
                $1.ports["http"] = $0.ports["backend"]
            },
            Case(name: "a port of the other's database", subject: "ports.backend") {
                $1.database?.port = $0.ports["backend"]
            },
            Case(name: "one database server", subject: "database.server") {
                $0.database?.host = "LOCALHOST"
                $1.database?.port = $0.database?.port
            },
            Case(name: "one remote database server by its default port", subject: "database.server") {
                $0.database?.host = "db.example"
                $0.database?.port = nil
                $1.database?.host = "DB.example"
                $1.database?.port = 3306
            },
            Case(name: "one database name", subject: "database.name") {
                $1.database?.name = $0.database?.name
            },
            Case(name: "one database user", subject: "database.user") {
                $1.database?.user = $0.database?.user
            },
            Case(name: "one database password", subject: "database.password") {
                $1.database?.password = .file("./.secrets//staging/db")
            },
            Case(name: "one network", subject: "network") { $1.network = $0.network },
            Case(name: "one volume", subject: "volumes.staging_data") { $1.volumes.append($0.volumes[0]) },
            Case(name: "one log folder", subject: "logs") { $1.logs = "./logs/x/../staging/" },
            Case(name: "logs inside the other's logs", subject: "logs") {
                $1.logs = "logs/staging/production"
            },
            Case(name: "logs around the other's logs", subject: "logs") { $1.logs = "logs" },
            Case(name: "one backup folder", subject: "backups") { $1.backup.directory = $0.backup.directory },
            Case(name: "one backup folder, absolute", subject: "backups") {
                $1.backup.directory = "/srv/shop/backups/staging"
            },
            Case(name: "backups in the other's logs", subject: "logs") {
                $1.backup.directory = "logs/staging/b"
            },
            Case(name: "logs in the other's state", subject: "state") { $1.logs = ".deployctl/staging/logs" },
            Case(name: "one URL", subject: "url") { $1.url = "HTTP://STAGING.example:80/" },
            Case(name: "a secret from one variable", subject: "secrets.JWT") {
                $1.secrets["JWT"] = $0.secrets["JWT"]
            },
            Case(name: "a secret under two names", subject: "secrets.JWT") {
                $1.secrets["OTHER"] = $0.secrets["JWT"]
            },
            Case(name: "a secret from one command", subject: "secrets.A") {
                $0.secrets["A"] = .command(["vault", "get", "a"])
                $1.secrets["A"] = .command(["vault", "get", "a"])
            },
            Case(name: "a folder that both may write", subject: "grants.web") {
                $0.services = [Service(name: "web", role: .app)]
                $0.services[0].grants = .init(binds: ["/srv/in:rw", "/etc/localtime:ro"])
                $1.services = $0.services
            },
            Case(name: "one folder for sockets", subject: "sockets") {
                $0.runtime.sockets = "/run/shop"
                $1.runtime.sockets = "/run/shop/"
            },
            Case(name: "one place of the project's own tool", subject: "runtime") {
                $0.runtime.ownTool = .init(deploy: ["fly", "deploy"], status: ["s"])
                $1.runtime.ownTool = .init(deploy: ["fly", "deploy"], status: ["t", "{environment}"])
            },
            Case(name: "one TLS key", subject: "tls.key") { $1.tls?.key = $0.tls?.key ?? "" },
            Case(name: "one name, so one state folder", subject: "state") {
                $1.name = $0.name
                $0.sharedFolders = []
                $1.sharedFolders = []
            },
        ]
    }

    func testEachThingInCommonIsFoundOnce() {
        for entry in cases {
            var (staging, production) = apart()
            entry.change(&staging, &production)
            let findings = Isolation.findings([staging, production], project: "/srv/shop")
            XCTAssertEqual(findings.map(\.subject), [entry.subject], "\(entry.name): \(findings.map(\.what))")
            XCTAssertEqual(findings.first?.onPurpose, false, entry.name)
            XCTAssertEqual(findings.first?.environments, [staging.name, production.name], entry.name)
            XCTAssertEqual(findings.first?.next.contains("sharedOnPurpose"), true, entry.name)
            XCTAssertTrue(IsolationSubject.isKnown(entry.subject), entry.name)
        }
    }

    func testToolsThatAreToldApartLeadApart() {
        for (argument, variable) in [("{environment}", "x"), ("x", "shop-{environment}")] {
            var (staging, production) = apart()
            let tool = Environment.OwnTool(deploy: ["fly", "deploy", argument], status: ["s"])
            (staging.runtime.ownTool, production.runtime.ownTool) = (tool, tool)
            (staging.variables, production.variables) = (["APP": variable], ["APP": variable])
            XCTAssertEqual(Isolation.findings([staging, production], project: "/srv/shop"), [])
        }
    }

    func testEachThingMayBeSharedOnPurposeWhenBothListIt() {
        for entry in cases {
            var (staging, production) = apart()
            entry.change(&staging, &production)
            let listed =
                IsolationSubject.fixed + [
                    "ports.http", "ports.backend", "volumes.staging_data", "secrets.JWT", "secrets.OTHER",
                    "secrets.A",
                    "shared.uploads", "grants.web",
                ]
            staging.sharedOnPurpose = listed
            XCTAssertFalse(
                Isolation.findings([staging, production], project: "/srv/shop").allSatisfy(\.onPurpose),
                entry.name)
            production.sharedOnPurpose = listed
            let findings = Isolation.findings([staging, production], project: "/srv/shop")
            XCTAssertFalse(findings.isEmpty, entry.name)
            XCTAssertTrue(findings.allSatisfy(\.onPurpose), entry.name)
        }
    }

    func testEachThingThatIsSharedByMistakeHasItsWayOut() throws {
        var (staging, production) = apart()
        (staging.logs, production.logs) = ("logs", "logs")
        (staging.ports["http"], production.ports["http"]) = (8080, 8080)
        do {
            try Isolation.refuseCollisions([staging, production])
            XCTFail("nothing is refused")
        } catch {
            for subject in ["logs", "ports.http"] {
                XCTAssertTrue(error.next.contains("\"\(subject)\""), error.next)
            }
        }
    }

    func testEnvironmentsThatKeepApartHaveNoFindings() {
        let (staging, production) = apart()
        XCTAssertEqual(Isolation.findings([staging, production]), [])
        XCTAssertEqual(Isolation.findings([staging]), [])
        let defaults = ["staging", "production"].map { Environment(name: $0, project: "shop") }
        XCTAssertEqual(Isolation.findings(defaults, project: "/srv/shop"), [])
    }

    func testNamesThatOnlyBeginAlikeAreNotInsideOneAnother() {
        var (staging, production) = apart()
        staging.logs = "logs/a"
        production.logs = "logs/ab"
        XCTAssertEqual(Isolation.findings([staging, production]), [])
    }

    func testOnePortOnTwoMachinesIsNotInCommon() {
        var (staging, production) = apart()
        staging.database?.host = "a.example"
        production.database?.host = "b.example"
        production.database?.port = staging.database?.port
        XCTAssertEqual(Isolation.findings([staging, production]), [])
    }

    func testEqualSQLiteFilesLieInTheirOwnFolders() {
        var (staging, production) = apart()
        staging.database = .init(engine: .sqlite, file: "app.db")
        production.database = staging.database
        XCTAssertEqual(Isolation.findings([staging, production]), [])
        production.backup.directory = ".deployctl/staging/shared"
        XCTAssertEqual(
            Set(Isolation.findings([staging, production]).map(\.subject)),
            ["state", "shared.uploads", "database.file"])
    }

    func testEqualSecretValuesAreFoundByTheirDigests() {
        let (staging, production) = apart()
        let same = SHA256.hexadecimal(of: "canary")
        let findings = Isolation.findings(
            [staging, production],
            secretDigests: [
                "staging": ["JWT": same, "B": "1", "database.password": "x"],
                "production": ["KEY": same, "B": "2", "database.password": "x"],
            ])
        XCTAssertEqual(findings.map(\.subject), ["secrets.JWT", "database.password"])
        XCTAssertEqual(
            findings.first?.what,
            "secrets.JWT of staging and secrets.KEY of production are the same: their values are equal")
        XCTAssertFalse("\(findings)".contains(same))
    }

    func testThreeEnvironmentsAreComparedInPairs() {
        var all = ["staging", "demo", "production"].map { Environment(name: $0, project: "shop") }
        for index in all.indices { all[index].network = "one" }
        XCTAssertEqual(
            Isolation.findings(all).map(\.environments),
            [["staging", "demo"], ["staging", "production"], ["demo", "production"]])
    }

    func testASubjectListedWithASimilarNameIsNotEnough() {
        var (staging, production) = apart()
        production.network = staging.network
        for other in ["networks", "volumes.network", "NETWORK"] {
            staging.sharedOnPurpose = [other]
            production.sharedOnPurpose = [other]
            XCTAssertEqual(Isolation.findings([staging, production]).map(\.onPurpose), [false], other)
        }
    }
}
