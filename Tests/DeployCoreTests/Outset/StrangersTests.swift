import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// Applications nobody described get the definitions that work.
final class StrangersTests: XCTestCase {
    /// Heading of the page of definitions that work → folder of the application.
    private static let applications = [
        "Static site": "site", "WebSocket and event stream (aiohttp)": "live",
        "Ruby (Sinatra, puma)": "sinatra",
        "Odd programs": "odd", "Procfile": "procfile", "FastAPI, Alembic": "fastapi",
        "Flask, Celery": "celery",
        "Several services": "monorepo", "Node (express), MariaDB": "express", "PHP, MariaDB": "php",
        "Django with Celery, PostgreSQL": "django", "Node, PostgreSQL": "pg",
        "Ruby on Rails, PostgreSQL": "rails",
    ]

    func testEachApplicationGetsTheServicesThatWork() throws {
        for (title, folder) in Self.applications.sorted(by: { $0.key < $1.key }) {
            let world = try OutsetWorld(application: folder)
            try world.begin()
            for name in ["staging", "production"] {
                let (found, worked) = (try world.load(name), try Self.worked(title, name))
                XCTAssertEqual(Self.programs(found), Self.programs(worked), title)
                XCTAssertTrue(Self.routes(worked).isSuperset(of: Self.routes(found)), title)
                XCTAssertEqual(found.database?.engine, worked.database?.engine, title)
                XCTAssertEqual(found.migrations, worked.migrations, title)
                XCTAssertEqual(found.build, worked.build, title)
                XCTAssertEqual(found.releaseCommands, worked.releaseCommands, title)
                XCTAssertTrue(Set(found.sharedFolders).isSuperset(of: worked.sharedFolders), title)
                XCTAssertTrue(Set(found.secrets.keys).isSuperset(of: worked.secrets.keys), title)
            }
        }
    }

    func testARustProgramWithAFileOfItsOwnKeepsItBesideTheRelease() throws {
        let world = OutsetWorld([
            "Cargo.toml": "[package]\nname = \"counter\"\nversion = \"0.1.0\"\n",
            "src/main.rs": """
            let address = std::env::var("COUNTER_LISTEN").unwrap_or("127.0.0.1:7000".into());
            let file = std::env::var("COUNTER_DB").unwrap_or("counter.sqlite3".into());
            """,
        ])
        try world.begin()
        let staging = try world.load("staging")
        XCTAssertEqual(staging.build, [["cargo", "build", "--release"]])
        XCTAssertEqual(staging.appServices.map(\.command), [["target/release/counter"]])
        XCTAssertEqual(
            staging.variables, ["COUNTER_LISTEN": "127.0.0.1:{port}", "COUNTER_DB": "data/counter.sqlite3"])
        XCTAssertEqual(staging.sharedFolders, ["data"])
        XCTAssertNil(staging.database)
    }

    private static func worked(_ title: String, _ name: String) throws -> Environment {
        let page = try String(
            contentsOfFile: "\(ProjectWorld.package)/Sources/DeployCore/Documentation.docc/Applications.md",
            encoding: .utf8)
        let section = try XCTUnwrap(
            page.components(separatedBy: "\n## ").first { $0.hasPrefix("\(title)\n") })
        let files = MemoryFileStore()
        for part in section.components(separatedBy: "```")[1].components(separatedBy: "// environments/")
            .dropFirst()
        {
            let file = part.prefix { $0 != "\n" }
            files.write(String(part.dropFirst(file.count)), to: "/e/\(file)")
        }
        return try DefinitionLoader(files: files, folder: "/e").load(name)
    }

    /// What each runs, whatever it is called; where it listens for the front alone, and how many it is, is no matter of kind.
    private static func programs(_ environment: Environment) -> Set<String> {
        Set(
            environment.appServices.map { service in
                var (words, rest): ([String], [String]) = ([], service.command)
                while let word = rest.first {
                    rest.removeFirst(["--bind", "--host", "--workers"].contains(word) ? 2 : 1)
                    if !["--bind", "--host", "--workers"].contains(word) { words.append(word) }
                }
                return "\(words) \(service.listen) \(service.health?.path ?? "none")"
            })
    }

    private static func routes(_ environment: Environment) -> Set<String> {
        let names = environment.appServices.map(\.name)
        return Set(
            environment.services.filter { $0.role == .edge }.flatMap(\.routes).map { route in
                if case .folder(let folder) = route.target { return "\(route.path) \(folder)" }
                return names.count == 1 ? "\(route.path) program" : route.path
            })
    }
}
