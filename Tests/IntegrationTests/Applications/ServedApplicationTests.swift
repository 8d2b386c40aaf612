import DeployTestSupport
import Foundation
import XCTest

/// Applications with their data on a database server.
final class NodeApplicationTests: XCTestCase {
    func testExpressOnMariaDBWithUploadsGoesForthAndBack_I14() throws {
        let database = try ApplicationDatabase(.mysql, "notes", for: self)
        let world = try ApplicationWorld(.express, for: self, needing: ["node"], own: database.own)
        guard access("/usr/share/nodejs/express", F_OK) == 0 else { throw lacking("node-express") }
        // One of the places where node looks for modules; elsewhere `npm ci` brings them.
        try FileManager.default.createSymbolicLink(
            atPath: "\(world.folder)/.node_modules", withDestinationPath: "/usr/share/nodejs")
        try database.prepare(world)
        try world.begin()
        try ApplicationStory(
            world: world, failure: "no such feature",
            look: { items in
                let files = world.names(in: ".deployctl/production/shared/uploads")
                XCTAssertEqual(files, items.map { "\($0).txt" })
                XCTAssertEqual(world.get("/uploads/first.txt", from: "production").body, "first")
            }
        ).tell()
    }
}

final class PHPApplicationTests: XCTestCase {
    func testPHPOnMariaDBGoesForthAndBack_I14() throws {
        let database = try ApplicationDatabase(.mysql, "visits", for: self)
        let world = try ApplicationWorld(.php, for: self, needing: ["php"], own: database.own)
        try database.prepare(world)
        try world.begin()
        try ApplicationStory(
            world: world, failure: "/ answers 500"
        ).tell()
    }
}

final class DjangoTests: XCTestCase {
    func testDjangoWithCelerysWorkerOnPostgreSQLGoesForthAndBack_I14() throws {
        let database = try ApplicationDatabase(.postgresql, "mysite", for: self)
        let world = try ApplicationWorld(.django, for: self, needing: ["redis-server"], own: database.own)
        try database.prepare(world)
        let broker = try world.startBroker(as: "queue")
        for environment in ["staging", "production"] {
            try world.keep("key-of-\(environment)", as: "\(environment)/key")
        }
        try world.begin()
        try ApplicationStory(
            world: world, lasting: [broker], code: 16, failure: "notes_nota"
        ).tell()
    }
}

final class NodeOnPostgreSQLTests: XCTestCase {
    func testNodeOnPostgreSQLGoesForthAndBack_I14() throws {
        let database = try ApplicationDatabase(.postgresql, "journal", for: self)
        let world = try ApplicationWorld(.pg, for: self, needing: ["node"], own: database.own)
        // Where node is another one than the system's, its module is fetched for the tests alone.
        let places = ["/usr/share/nodejs", "\(ProjectWorld.package)/.build/node/usr/share/nodejs"]
        guard let modules = places.first(where: { access("\($0)/pg", F_OK) == 0 }) else {
            throw lacking("node-pg, which .ci/applications fetches")
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(world.folder)/.node_modules", withDestinationPath: modules)
        try database.prepare(world)
        try world.begin()
        try ApplicationStory(world: world, failure: "no such feature").tellInShort()
    }
}

final class RailsTests: XCTestCase {
    func testRailsOnPostgreSQLGoesForthAndBack_I14() throws {
        let database = try ApplicationDatabase(.postgresql, "blog", for: self)
        let world = try ApplicationWorld(.rails, for: self, needing: ["ruby", "puma"], own: database.own)
        let gems = try world.runProgram([
            "ruby", "-e", "require 'rails'; require 'active_record'; require 'pg'",
        ])
        guard gems.status == 0 else { throw lacking("ruby-railties, ruby-activerecord and ruby-pg") }
        try database.prepare(world)
        for environment in ["staging", "production"] {
            try world.keep("key-of-\(environment)", as: "\(environment)/key")
        }
        try world.begin()
        try ApplicationStory(world: world, code: 16, failure: "postz").tellInShort()
    }
}

/// Databases and users of one test on a server, which end with it.
private final class ApplicationDatabase: @unchecked Sendable {
    /// What the page says, and what it is here.
    let own: [String: String]
    private let server: DatabaseServer
    private let stem = "dca\(UInt32.random(in: 1_000_000...9_999_999))"
    private var scripts = 0
    private var world: ApplicationWorld?
    private let test: XCTestCase

    init(_ engine: DatabaseServer.Engine, _ name: String, for test: XCTestCase) throws {
        server = try DatabaseServer(engine)
        self.test = test
        own = [
            "\(name)_": "\(stem)_", engine == .mysql ? "3306" : "5432": "\(server.port)",
            "\"deployer\"": "\"\(server.user)\"",
        ]
    }

    /// Makes the users, and the files with their passwords.
    func prepare(_ world: ApplicationWorld) throws {
        self.world = world
        test.addTeardownBlock { [self] in try remove() }
        try world.keep(server.password, as: "deployer")
        for environment in ["staging", "production"] {
            try world.keep("hush-\(environment)-\(stem)", as: "\(environment)/database")
            try sql(server.creation(of: "\(stem)_\(environment)", "hush-\(environment)-\(stem)"))
        }
    }

    private func remove() throws {
        for name in try sql(server.databases(from: stem)) { try sql(server.removal(of: name)) }
        for environment in ["staging", "production"] {
            try sql(server.removal(ofUser: "\(stem)_\(environment)"))
        }
    }

    @discardableResult
    private func sql(_ text: String) throws -> [String] {
        let world = try XCTUnwrap(world)
        scripts += 1
        let script = "\(world.folder)/script\(scripts).sql"
        try Data("\(text)\n".utf8).write(to: URL(fileURLWithPath: script))
        let (words, environment) = server.client(script, in: nil)
        return try world.runProgram(words, environment: environment).expect(0, text).output
            .split(separator: "\n").map(String.init)
    }
}
