import DeployTestSupport
import XCTest

@testable import DeployCore

final class DefinitionLoaderTests: XCTestCase {
    func testEnvironmentsAreTheFilesNoOtherExtends() {
        let store = DefinitionFixture.store([
            "eu.base.json": "{}", "common.json": "{}", "schema.json": "{}", "notes.txt": "",
            "test.json": "{\"extends\": \"common.json\"}",
        ])
        XCTAssertEqual(
            DefinitionLoader(files: store, folder: "environments").names(), ["production", "staging", "test"])
    }

    func testAnExtendedFileIsStillAnEnvironmentWhenItIsPromotedFrom() throws {
        let loader = DefinitionFixture.loader([
            "production.json": "{\"extends\": \"staging.json\", \"promotion\": {\"from\": \"staging\"}}"
        ])
        XCTAssertEqual(loader.names(), ["production", "staging"])
        XCTAssertEqual(try loader.load("production").url, "http://localhost:8080")
    }

    func testMissingEnvironmentNamesThoseThatExist() {
        for name in ["prod", "base", "../staging", "", "a/b"] {
            XCTAssertThrowsError(try DefinitionFixture.loader().load(name), name) { error in
                let error = error as? DeployError
                XCTAssertEqual(error?.code, .notFound, name)
                XCTAssertEqual(error?.why, "environments defines production, staging")
            }
        }
    }

    func testExtendedValuesAreMergedAndTheOrderOfServicesStays() throws {
        let staging = try DefinitionFixture.load(
            """
            {"extends": "base.json", "services": {"worker": {"role": "app", "command": ["work"], "listen": "none"},
             "backend": {"command": ["bun", "run"], "health": null}}}
            """)
        XCTAssertEqual(staging.services.map(\.name), ["backend", "front", "worker"])
        XCTAssertEqual(staging.services[0].command, ["bun", "run"])
        XCTAssertNil(staging.services[0].health)
        XCTAssertEqual(
            staging.services[1].routes,
            [
                .init(path: "/api", target: .service("backend")), .init(path: "/", target: .folder("public")),
            ])
    }

    func testAPromotedEnvironmentIsConfirmedAndBackedUpUnlessItSaysOtherwise() throws {
        let loader = DefinitionFixture.loader()
        let (staging, production) = (try loader.load("staging"), try loader.load("production"))
        XCTAssertNil(staging.confirmation)
        XCTAssertFalse(staging.backup.beforeDeploy)
        XCTAssertEqual(
            production.confirmation, Environment.Confirmation(phrase: "CONFIRM", nonInteractive: .phrase))
        XCTAssertTrue(production.backup.beforeDeploy)
        XCTAssertEqual(production.backup.directory, "backups/production")
        XCTAssertEqual(production.logs, "logs/production")
    }

    func testNullSwitchesConfirmationAndPromotionOff() throws {
        let unconfirmed = try DefinitionFixture.load(
            """
            {"extends": "base.json", "promotion": {"from": "staging"}, "confirmation": null,
             "backup": {"beforeDeploy": false}}
            """, as: "production")
        XCTAssertNil(unconfirmed.confirmation)
        XCTAssertFalse(unconfirmed.backup.beforeDeploy)
        let alone = try DefinitionFixture.load(
            "{\"extends\": \"base.json\", \"promotion\": null}", as: "production")
        XCTAssertNil(alone.promotion)
        let nowhere = try DefinitionFixture.load(
            "{\"extends\": \"base.json\", \"promotion\": {\"from\": null}}", as: "production")
        XCTAssertEqual(nowhere.promotion, Environment.Promotion(from: nil))
    }

    func testEveryKeyReachesItsField() throws {
        let environment = try DefinitionFixture.load(Self.full, as: "production")
        XCTAssertEqual(environment, Self.expected)
        let plain = Dictionary(
            uniqueKeysWithValues: Mirror(reflecting: Environment(name: "production", project: "")).children
                .compactMap { child in child.label.map { ($0, "\(child.value)") } })
        // What another machine keeps is no key of its own.
        let others = ["name", "definedElsewhere"]
        for child in Mirror(reflecting: environment).children where !others.contains(child.label ?? "") {
            XCTAssertNotEqual(plain[child.label ?? ""], "\(child.value)", "\(child.label ?? "") is never set")
        }
    }

    func testEveryProblemOfEveryFileIsReportedWithItsFile() {
        let loader = DefinitionFixture.loader([
            "base.json": "{\n\"project\": \"Shop\",\n\"logz\": 1}",
            "staging.json": "{\"extends\": \"base.json\",\n\"drain\": 5}",
        ])
        XCTAssertThrowsError(try loader.load("staging")) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .invalidDefinition)
            XCTAssertEqual(
                error?.what.hasPrefix("environments/staging.json:2: drain: must be a duration"), true)
            let lines = error?.why.split(separator: "\n").map(String.init) ?? []
            XCTAssertEqual(lines.count, 2)
            XCTAssertEqual(lines.first?.hasPrefix("2. environments/base.json:2: project: "), true)
            XCTAssertEqual(lines.last?.hasPrefix("3. environments/base.json:3: logz: unknown key; "), true)
            XCTAssertEqual(error?.next.hasPrefix("edit environments/staging.json, line 2: "), true)
        }
    }

    func testProjectsThatDifferAreRefusedTogether() {
        let loader = DefinitionFixture.loader([
            "staging.json": "{\n\"extends\": \"base.json\",\n\"project\": \"store\"}"
        ])
        XCTAssertThrowsError(try loader.loadAll()) { error in
            XCTAssertEqual(
                (error as? DeployError)?.what,
                "environments/staging.json:3: project: differs from \"shop\" in environments/base.json")
        }
        XCTAssertEqual(try DefinitionFixture.loader().loadAll().map(\.name), ["production", "staging"])
    }

    func testAFileThatCannotBeReadIsNotTakenForMissing() {
        let store = DefinitionFixture.store()
        store.failReading("environments/base.json")
        XCTAssertThrowsError(try DefinitionLoader(files: store, folder: "environments/").load("staging")) {
            error in
            XCTAssertEqual((error as? DeployError)?.code, .invalidDefinition)
            XCTAssertTrue((error as? DeployError)?.what.contains("cannot be read") ?? false)
        }
    }

    func testAFolderWithoutDefinitionsSaysWhatToCreate() {
        XCTAssertThrowsError(
            try DefinitionLoader(files: MemoryFileStore(), folder: "environments").load("staging")
        ) {
            XCTAssertEqual(($0 as? DeployError)?.next, "create environments/staging.json")
        }
    }

    func testASecretWrittenIntoADefinitionIsNeverRepeated() {
        for wrong in [
            "{\"secrets\": {\"JWT\": \"hunter2-canary\"}}",
            "{\"secrets\": {\"JWT\": {\"env\": \"hunter2-canary\"}}}",
            "{\"secrets\": {\"JWT\": hunter2-canary}}",
            "{\"secrets\": {\"JWT\": {\"file\": \"/../hunter2-canary\"}}}",
            "{\"url\": \"https://me:hunter2-canary@example.com\"}", "{\"url\": \"hunter2-canary\"}",
        ] {
            XCTAssertThrowsError(try DefinitionFixture.load(wrong), wrong) { error in
                XCTAssertFalse("\(error)".contains("hunter2"), "\(error)")
            }
        }
    }
}

extension DefinitionLoaderTests {
    static let full = """
        {
          "$schema": "schema.json", "project": "shop", "purpose": "Shop", "url": "https://shop.example",
          "source": {"repository": "..", "tag": false},
          "build": [["npm", "ci"]],
          "services": {"backend": {"role": "app", "command": ["node"], "listen": "socket", "variables": {"OWN": "1"},
                                   "health": {"path": "/h?x=1", "timeout": "5m", "headers": {"X-Probe": "1"}}},
                       "front": {"role": "edge", "routes": {"/": "backend"}}, "store": {"role": "data"}},
          "shared": ["uploads"], "migrations": {"command": ["m", "up"], "status": ["m", "st"], "limit": "2m"},
          "release": [["collect"]], "features": {"payme": false, "cart": true, "new-cart": "25%"}, "variables": {"TZ": "UTC", "URL": "http://{address:backend}"},
          "runtime": {"kind": "process", "strategy": "recreate", "sockets": "/run/shop"},
          "network": "net", "user": "shop-app", "volumes": ["vol"], "ports": {"http": 80, "https": 443, "backend": 0x1388},
          "database": {"engine": "sqlite", "file": "d/app.db"},
          "secrets": {"A": {"env": "PROD_A"}, "B": {"file": "/run/secrets/b"}, "C": {"command": ["vault", "get"]}},
          "headers": {"Content-Security-Policy": "default-src 'self'; img-src *"}, "branches": ["stable/*"],
          "logs": {"folder": "var/logs", "size": "1MB", "every": "2h", "for": "3d", "within": "9MB", "to": "syslog"},
          "hosts": ["shop.example"], "packages": ["libpq5"], "files": {"conf": {"file": "p"}}, "limits": {"memory": "512MB"},
          "notify": [{"name": "team", "webhook": {"file": "s"}, "form": "telegram", "token": {"env": "T"}, "chat": "-7", "on": ["failed", "P0"], "severity": "P0", "escalate": {"after": "5m", "to": "route-2"}},
            {"mail": {"to": ["a@b.example"], "from": "c@d.example", "server": {"file": "m"}}}, {"command": ["tell"], "on": []}, {"file": "told.json"}],
          "hooks": {"post-deploy": [["tell"]], "in": "release", "timeout": "1m"}, "schedules": [{"name": "n", "at": "03:05", "timezone": "Europe/Moscow", "run": ["doctor"]}], "tls": {"certificate": "/c.pem", "key": "/k.pem", "redirect": false},
          "backup": {"beforeDeploy": false, "verify": "checksum", "directory": "/mnt/b",
                     "keep": {"last": 3, "for": "30d", "within": "20GB", "daily": 7, "weekly": 4, "monthly": 12}},
          "confirmation": {"phrase": "SHIP IT", "nonInteractive": "plan"}, "promotion": {
            "from": "staging", "trigger": "automatic", "acceptRisk": true, "soak": "30m", "checks": ["login"],
            "logs": {"forbid": ["ERROR"]}, "checklist": ["uploads work"], "approvals": 2, "approvalsExpire": "7d",
            "slo": {"path": "/p", "requests": 9, "concurrency": 3, "p95": "1s", "errorRate": 0.5},
            "pushed": true, "commands": [["./ci"]], "commandDeadline": "9s",
            "window": [{"days": "sat,sun", "from": "22:00", "to": "04:00", "timezone": "Europe/Moscow"}],
            "freezes": [{"from": "1970-01-01T00:00:10Z", "to": "1970-01-01T03:00:20+03:00", "reason": "sale"}]},
          "checks": [{"name": "login", "secrets": {"p": {"env": "P"}}, "steps": [
            {"request": "POST /login", "headers": {"A": "b"}, "body": {"n": [1, true, null, "{p}"]},
             "expect": {"status": 201, "headers": {"B": "c"}, "json": {"ok": 1.5}, "latency": "2s"},
             "capture": {"id": "header:Location"}}]}],
          "front": {"body": "2GB", "buffering": false, "uploads": 7, "dotFiles": true, "log": "warn", "fallback": "a/b.html",
                    "errors": {"502": "e/502.html"}, "password": {"file": "p"}, "listen": ["0.0.0.0", "::"], "rate": "300/m",
                    "http": 8081, "https": 8444, "canonical": true},
          "drain": "0s", "watch": "200ms", "keepReleases": 2, "sharedOnPurpose": ["secrets.A", "network"]
        }
        """

    static var expected: Environment {
        var value = Environment(name: "production", project: "shop")
        value.purpose = "Shop"
        value.url = "https://shop.example"
        value.source = .init(repository: "..", tag: false)
        value.build = [["npm", "ci"]]
        value.services = [
            Service(
                name: "backend", role: .app, command: ["node"], listen: .socket,
                health: .init(path: "/h?x=1", timeout: .seconds(300))),
            Service(name: "front", role: .edge, routes: [.init(path: "/", target: .service("backend"))]),
            Service(name: "store", role: .data),
        ]
        value.services[0].health?.headers = ["X-Probe": "1"]
        value.services[0].variables = ["OWN": "1"]
        value.features = ["payme": .off, "cart": .on, "new-cart": FeatureShare("25%") ?? .on]
        value.variables = ["TZ": "UTC", "URL": "http://{address:backend}"]
        value.sharedFolders = ["uploads"]
        value.migrations = .command(apply: ["m", "up"], status: ["m", "st"])
        value.migrationLimit = .seconds(120)
        value.releaseCommands = [["collect"]]
        value.runtime = .init(strategy: .recreate, sockets: "/run/shop")
        value.network = "net"
        value.user = "shop-app"
        value.volumes = ["vol"]
        value.ports = ["http": 80, "https": 443, "backend": 5000]
        value.database = .init(engine: .sqlite, file: "d/app.db")
        value.secrets = [
            "A": .environment("PROD_A"), "B": .file("/run/secrets/b"), "C": .command(["vault", "get"]),
        ]
        value.headers = ["Content-Security-Policy": "default-src 'self'; img-src *"]
        value.branches = ["stable/*"]
        value.logs = "var/logs"
        value.logRules = .init(
            size: 1_000_000, every: .seconds(7200), keepFor: .seconds(3 * 86_400), within: 9_000_000,
            to: .syslog)
        value.hosts = ["shop.example"]
        value.packages = ["libpq5"]
        value.linkedFiles = ["conf": "p"]
        value.limits = Limits(memory: 512_000_000)
        value.routes = [
            .init(
                name: "team",
                target: .webhook(
                    .init(url: .file("s"), form: .telegram, token: .environment("T"), chat: "-7")),
                on: ["failed", "P0"], severity: .p0, escalation: .init(after: .seconds(300), to: "route-2")),
            .init(
                name: "route-2",
                target: .mail(.init(to: ["a@b.example"], from: "c@d.example", server: .file("m"))),
                on: ["P0", "P1"]),
            .init(name: "route-3", target: .command(["tell"]), on: []),
            .init(name: "route-4", target: .file("told.json"), on: ["P0", "P1"]),
        ]
        value.hooks = Environment.Hooks(
            commands: [.postDeploy: [["tell"]]], place: .release, timeout: .seconds(60))
        value.schedules = [
            .init(name: "n", when: .cron("5 3 * * *"), timezone: "Europe/Moscow", words: ["doctor"])
        ]
        value.tls = .init(certificate: "/c.pem", key: "/k.pem", redirect: false)
        value.backup = .init(
            verify: .checksum, directory: "/mnt/b",
            keep: .init(
                last: 3, age: .seconds(30 * 86_400), within: 20_000_000_000, daily: 7, weekly: 4, monthly: 12)
        )
        value.confirmation = .init(phrase: "SHIP IT", nonInteractive: .plan)
        value.promotion = promotion
        value.checks = [
            HTTPCheck(
                name: "login",
                steps: [
                    .init(
                        "POST", "/login", headers: ["A": "b"],
                        body: .object(["n": .list([.number(1), .flag(true), .null, .text("{p}")])]),
                        expect: .init(
                            status: 201, headers: ["B": "c"], json: .object(["ok": .number(1.5)]),
                            latency: .seconds(2)), capture: ["id": "header:Location"])
                ], secrets: ["p": .environment("P")])
        ]
        value.front = .init(
            body: 2_000_000_000, buffering: false, uploads: 7, dotFiles: true, log: .warn,
            fallback: "a/b.html",
            errors: ["502": "e/502.html"], password: .file("p"), listen: ["0.0.0.0", "::"],
            rate: .init(requests: 300, per: .minute))
        (value.front.http, value.front.https, value.front.canonical) = (8081, 8444, true)
        value.drain = .zero
        value.watch = .milliseconds(200)
        value.keepReleases = 2
        value.sharedOnPurpose = ["secrets.A", "network"]
        return value
    }

    private static var promotion: Environment.Promotion {
        var value = Environment.Promotion(from: "staging")
        (value.trigger, value.acceptsRisk, value.soak) = (.automatic, true, .seconds(1800))
        (value.checks, value.forbiddenInLogs, value.checklist) = (["login"], ["ERROR"], ["uploads work"])
        (value.approvals, value.approvalsExpire, value.pushed) = (2, .seconds(7 * 86_400), true)
        value.slo = .init(path: "/p", requests: 9, concurrency: 3, p95: .seconds(1), errorRate: 0.5)
        (value.commands, value.commandDeadline) = ([["./ci"]], .seconds(9))
        value.windows = [.init(days: [6, 7], from: 1320, to: 240, timezone: "Europe/Moscow")]
        value.freezes = [
            .init(
                from: .init(timeIntervalSince1970: 10), to: .init(timeIntervalSince1970: 20), reason: "sale")
        ]
        return value
    }
}
