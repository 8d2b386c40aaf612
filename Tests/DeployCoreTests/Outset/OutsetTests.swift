import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What init writes, and what it leaves alone.
final class OutsetTests: XCTestCase {
    private static let express = [
        "package.json":
            #"{"scripts": {"start": "node server.js", "build": "tsc"}, "dependencies": {"mysql2": "3"}}"#,
        "package-lock.json": "{}",
        "server.js": """
        const pool = { host: process.env.DB_HOST, user: process.env.DB_USER, password: process.env.DB_PASSWORD };
        const secret = process.env.SESSION_SECRET, key = process.env.STRIPE_API_KEY, cache = process.env.REDIS_URL;
        const level = process.env.LOG_LEVEL || 'info', region = process.env.REGION;
        app.get('/healthz', ok); app.listen(process.env.PORT, process.env.HOST);
        """,
    ]

    func testVariablesOfTheCodeAreGivenPlainOrSecret() throws {
        let world = OutsetWorld(Self.express)
        let findings = try world.begin()
        XCTAssertEqual(Set(findings.given), ["PORT", "HOST", "DB_HOST", "DB_USER", "DB_PASSWORD"])
        let staging = try world.load("staging")
        XCTAssertEqual(staging.variables, ["NODE_ENV": "production"])
        XCTAssertEqual(Set(staging.secrets.keys), ["SESSION_SECRET", "STRIPE_API_KEY", "REDIS_URL"])
        XCTAssertEqual(
            staging.appServices.map(\.command),
            [
                [
                    "sh", "-c",
                    #"export DB_HOST="$DATABASE_HOST" DB_USER="$DATABASE_USER" DB_PASSWORD="$DATABASE_PASSWORD"; exec "$@""#,
                    "sh", "node", "server.js",
                ]
            ])
        XCTAssertEqual(staging.build, [["npm", "ci", "--include=dev"], ["npm", "run", "build"]])
        XCTAssertEqual(staging.appServices.first?.health?.path, "/healthz")
        let left = world.outset.checklist(findings, findings.usual)
        XCTAssertTrue(left.contains { $0.contains("REGION") }, "\(left)")
        XCTAssertFalse(left.contains { $0.contains("LOG_LEVEL") }, "\(left)")
        XCTAssertTrue(
            left.contains { $0.hasPrefix("install -m 600 /dev/stdin .secrets/production/STRIPE_API_KEY") },
            "\(left)")
    }

    func testSecretsAreRandomPrivateAndDifferInEachEnvironment_S05() throws {
        let world = OutsetWorld(Self.express)
        try world.begin()
        let values = try ["staging", "production"].map { try world.text(".secrets/\($0)/SESSION_SECRET") }
        XCTAssertEqual(Set(values).count, 2)
        XCTAssertTrue(values.allSatisfy { $0.count == 65 }, "\(values)")
        XCTAssertEqual(
            world.machine.files.permissions(of: "\(world.project)/.secrets/staging/SESSION_SECRET")?.mode,
            0o600)
        XCTAssertNotEqual(
            try world.text(".secrets/staging/REDIS_URL"), try world.text(".secrets/production/REDIS_URL"))
    }

    func testWhatIsThereIsNeverOverwritten() throws {
        for path in ["environments/production.json", ".secrets/staging/SESSION_SECRET", ".gitignore/x"] {
            let world = OutsetWorld(Self.express.merging([path: "mine\n"]) { $1 })
            let before = world.machine.files.listing
            expectError(.gateRefused, path) { try world.begin() }
            XCTAssertEqual(world.machine.files.listing, before, path)
            let own = try world.text(path)
            XCTAssertEqual(own, "mine\n")
        }
    }

    func testNothingIsWrittenThroughALink() throws {
        for link in ["environments", ".secrets"] {
            let world = OutsetWorld(Self.express)
            try world.machine.files.makeFolder("/elsewhere")
            try world.machine.files.pointLink("\(world.project)/\(link)", to: "/elsewhere")
            let before = world.machine.files.listing
            expectError(.gateRefused, link) { try world.begin() }
            XCTAssertEqual(world.machine.files.listing, before, link)
        }
    }

    func testAnInterruptionAnywhereTakesAwayWhatWasWritten() throws {
        let finished = OutsetWorld(Self.express)
        try finished.begin()
        let count = finished.machine.interruption.questions
        XCTAssertGreaterThan(count, 8)
        for question in 1...count {
            let world = OutsetWorld(Self.express.merging([".gitignore": "node_modules"]) { $1 })
            let before = world.machine.files.listing
            world.machine.interruption.interrupt(.interrupted, atQuestion: question)
            expectError(.interrupted, "\(question)") { try world.begin() }
            XCTAssertEqual(world.machine.files.listing, before, "\(question)")
            let ignored = try world.text(".gitignore")
            XCTAssertEqual(ignored, "node_modules", "\(question)")
        }
    }

    func testLinesOfGitignoreAreAddedOnce() throws {
        let world = OutsetWorld(
            Self.express.merging([".gitignore": "/node_modules/\nlogs/\n.secrets"]) { $1 })
        try world.begin()
        let text = try world.text(".gitignore")
        XCTAssertEqual(text, "/node_modules/\nlogs/\n.secrets\n/.deployctl/\n/backups/\n")
    }

    func testAProcfileSaysWhatRuns() throws {
        let world = OutsetWorld([
            "requirements.txt": "Django==5\ngunicorn\n",
            "Procfile": """
            web: gunicorn --config gunicorn.conf.py site.wsgi
            worker: python manage.py work --every 5
            release: ./manage.py migrate && echo done
            """,
            "app.json":
                #"{"env": {"API_TOKEN": {"description": "x"}, "SALT": {"generator": "secret"}, "MODE": "live"}}"#,
        ])
        try world.begin()
        let staging = try world.load("staging")
        XCTAssertEqual(
            staging.appServices.map(\.command),
            [
                [".venv/bin/python", "-m", "gunicorn", "--config", "gunicorn.conf.py", "site.wsgi"],
                [".venv/bin/python", "manage.py", "work", "--every", "5"],
            ])
        XCTAssertEqual(staging.releaseCommands, [["sh", "-c", "exec ./manage.py migrate && echo done"]])
        XCTAssertEqual(staging.variables, ["MODE": "live"])
        XCTAssertEqual(Set(staging.secrets.keys), ["API_TOKEN", "SALT"])
    }

    func testAComposeFileAloneRunsItsServices() throws {
        let world = OutsetWorld([
            "compose.yml": """
            services:
              db:
                image: postgres:16
              api:
                build: .
                depends_on: [db]
            volumes:
              data:
            """
        ])
        try world.begin()
        let staging = try world.load("staging")
        XCTAssertEqual(staging.appServices.map(\.name), ["api"])
        XCTAssertEqual(staging.services.filter { $0.role == .data }.map(\.name), ["db"])
    }

    func testAComposeFileThatBuildsTheApplicationGoesBeforeItsLanguage() throws {
        var files = [
            "Cargo.toml": "[package]\nname = \"api\"\n", "src/main.rs": "fn main() { env(\"DATABASE_URL\") }",
            "migrations/1.sql": "CREATE TABLE a (b int);\n", "requirements.txt": "flask\n",
            "app.py": "from flask import Flask\napp = Flask(__name__)\n",
            "compose.yaml":
                "services:\n  db:\n    image: mongo\n  backend:\n    build: .\n  proxy:\n    build:\n      context: proxy\n",
        ]
        let world = OutsetWorld(files)
        try world.begin()
        let staging = try world.load("staging")
        XCTAssertEqual(staging.runtime.kind, .compose)
        XCTAssertEqual(staging.appServices.map(\.name), ["proxy", "backend"])
        XCTAssertEqual(staging.services.filter { $0.role == .data }.map(\.name), ["db"])
        XCTAssertNil(staging.database)

        files["compose.yaml"] = "services:\n  db:\n    image: postgres:16\n"
        let plain = OutsetWorld(files)
        try plain.begin()
        XCTAssertEqual(try plain.load("staging").runtime.kind, .process, "a database for developers")
    }

    func testAnEmptyFolderIsToldApart() {
        let world = OutsetWorld(["README": "nothing"])
        expectError(.notFound, "init") { try world.begin() }
    }

    func testAnswersThatCannotStandInADefinitionAreRefusedBeforeAnythingIsWritten() throws {
        let mistakes: [(inout OutsetAnswers) -> Void] = [
            { $0.project = "a b" }, { $0.branch = "x y" }, { $0.stagingPort = 0 },
            { $0.productionPort = $0.stagingPort },
        ]
        for mistake in mistakes {
            let world = OutsetWorld(Self.express)
            let before = world.machine.files.listing
            expectError(.usage, "answers") { try world.begin(mistake) }
            XCTAssertEqual(world.machine.files.listing, before)
        }
    }
}
