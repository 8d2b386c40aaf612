import DeployTestSupport
import XCTest

@testable import DeployCore

/// Several machines in one definition: who goes when, and what each of them keeps.
final class FleetPartsTests: XCTestCase {
    private func fleet(_ count: Int, batch: Int?) -> Fleet? {
        Fleet(machines: (0..<count).compactMap { FarAddress("deploy@m\($0).example") }, batch: batch)
    }

    func testTheFirstGoesAloneAndTheOthersInBatches() {
        XCTAssertNil(fleet(0, batch: nil))
        XCTAssertNil(fleet(1, batch: 3))
        XCTAssertEqual(fleet(4, batch: nil)?.groups.map(\.count), [1, 1, 1, 1])
        XCTAssertEqual(fleet(6, batch: 2)?.groups.map(\.count), [1, 2, 2, 1])
        XCTAssertEqual(fleet(3, batch: 100)?.groups.map(\.count), [1, 2])
        for (count, batch) in [(2, 1), (7, 3), (20, 4)] {
            let fleet = fleet(count, batch: batch)
            XCTAssertEqual(fleet?.groups.flatMap(\.self), fleet?.machines)
        }
    }

    private static let definition = """
        {
          "project": "shop", "host": ["deploy@a.example", "deploy@b.example"], "batch": 3,
          "services": {"web": {"role": "app", "command": ["node"]}, "front": {"role": "edge", "routes": {"/": "web"}}},
          "ports": {"http": 80}, "migrations": {"directory": "db", "limit": "1m"},
          "database": {"engine": "postgresql", "host": "db.example", "name": "shop", "user": "shop",
                       "password": {"file": ".secrets/db"}, "admin": {"user": "postgres", "password": {"file": ".secrets/pg"}}},
          "schedules": [{"name": "n", "at": "03:00", "run": ["backup", "create", "staging"]}]
        }
        """

    private func load(on machine: String?, _ text: String = definition) throws(DeployError) -> Environment {
        let store = MemoryFileStore()
        store.write(text, to: "environments/staging.json")
        return try DefinitionLoader(files: store, folder: "environments", machine: machine).load("staging")
    }

    func testTheFirstKeepsTheData() throws {
        for machine in [nil, "deploy@a.example"] {
            let environment = try load(on: machine)
            XCTAssertEqual(environment.database?.name, "shop")
            XCTAssertNotNil(environment.migrations)
            XCTAssertEqual(environment.schedules.count, 1)
            XCTAssertNil(environment.keptElsewhere)
        }
    }

    func testAnotherReachesTheDataAndKeepsNone() throws {
        let environment = try load(on: "deploy@b.example")
        XCTAssertNil(environment.database)
        XCTAssertNil(environment.migrations)
        XCTAssertNil(environment.migrationLimit)
        XCTAssertEqual(environment.schedules, [])
        XCTAssertFalse(environment.keepsData)
        XCTAssertEqual(environment.databaseElsewhere?.name, "shop")
        XCTAssertEqual(environment.databasePort, 5432)
        XCTAssertEqual(environment.allSecrets["DATABASE_PASSWORD"], .file(".secrets/db"))
        XCTAssertNil(environment.allSecrets["DATABASE_ADMIN_PASSWORD"], "nobody there administers it")
    }

    func testAMachineThatIsInNoListIsRefused() throws {
        XCTAssertThrowsError(try load(on: "deploy@c.example")) { error in
            let error = error as? DeployError
            XCTAssertEqual(error?.code, .invalidDefinition)
            XCTAssertTrue(error?.what.contains("deploy@c.example") ?? false, "\(String(describing: error))")
        }
    }

    /// What it is called makes a difference only where several are named.
    func testAMachineThatServesAloneMayBeCalledAnything() throws {
        let alone = Self.definition.replacingOccurrences(
            of: #"["deploy@a.example", "deploy@b.example"], "batch": 3"#, with: #""deploy@a.example""#)
        XCTAssertNotNil(try load(on: "deploy@10.0.0.7", alone).database)
    }

    func testAChangedDatabaseIsNamedOnEveryMachine() throws {
        for machine in ["deploy@a.example", "deploy@b.example"] {
            let changed = Self.definition.replacingOccurrences(of: "db.example", with: "db2.example")
            XCTAssertEqual(
                try DefinitionDifference.keys(try load(on: machine), try load(on: machine, changed)),
                ["database"])
        }
    }

    func testWordsOfTheMachinesAreReadHoweverWrongTheRestIs() throws {
        let store = MemoryFileStore()
        store.write(
            Self.definition.replacingOccurrences(of: "\"node\"", with: "7"), to: "environments/staging.json")
        let words = try DefinitionLoader(files: store, folder: "environments").farWords()
        XCTAssertEqual(words.addresses.map(\.text), ["deploy@a.example", "deploy@b.example"])
        XCTAssertEqual(words.batch, 3)
        store.write(#"{"project": "shop", "host": "deploy@a.example"}"#, to: "environments/production.json")
        XCTAssertThrowsError(try DefinitionLoader(files: store, folder: "environments").farWords())
    }

    func testTheMarkSaysWhatAMachineIsCalled() throws {
        let store = MemoryFileStore()
        let mark = FarMark(files: store, project: "/p")
        XCTAssertNil(mark.name)
        try store.makeFolder(Layout.tool("/p"))
        try mark.write("deploy@a.example:/srv/shop")
        XCTAssertEqual(mark.name, "deploy@a.example:/srv/shop")
        try mark.write("no host\nat all")
        XCTAssertNil(mark.name)
        store.write("A host that definitions name is this machine.\n", to: Layout.farMark("/p"))
        XCTAssertNil(mark.name, "an older version wrote no name")
    }
}
