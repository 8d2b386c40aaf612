import DeployTestSupport
import Foundation
import XCTest

/// What is on a server already and is not seen to be the environment's own stays as it is, and so does everything else.
final class ForeignAccountTests: XCTestCase {
    private static let engines = [DatabaseServer.Engine.postgresql, .mysql]

    func testAnAccountThatItsSecretDoesNotOpenIsRefused() throws {
        for engine in Self.engines {
            let one = try UnpreparedServer(engine, for: self)
            let name = one.world.database("staging")
            try one.world.sql(one.server.creation(of: name, "another"))
            try one.expectRefused(15, "may be somebody else's", "\(engine): another password")
            try one.world.sql(one.server.removal(ofUser: name))
            try one.world.sql(one.server.creation(of: one.keeper("staging"), "another"))
            try one.expectRefused(15, "no password of it", "\(engine): a keeper whose secret was never set")
        }
    }

    /// Before a secret is made it is looked whether its account is there.
    func testNoSecretIsMadeForAnAccountThatIsThere() throws {
        for engine in Self.engines {
            let one = try UnpreparedServer(engine, isAlone: true, for: self)
            try one.world.sql(one.server.creation(of: one.world.database("staging"), "known to somebody"))
            try one.forget("staging")
            try one.expectRefused(15, "deployctl secret set staging database.password", "\(engine)")
        }
    }

    func testADatabaseOfSomebodyElseIsRefused() throws {
        for engine in Self.engines {
            let one = try UnpreparedServer(engine, isAlone: true, for: self)
            let name = one.world.database("staging")
            try one.world.sql("CREATE DATABASE \(name);")
            try one.expectRefused(15, "let database.name name another", "\(engine): nobody's account")
            try one.world.sql(one.server.creation(of: name, try one.shop.read(".secrets/staging")))
            if engine == .mysql { try one.world.sql("GRANT SELECT ON \(name).* TO '\(name)'@'%';") }
            try one.expectRefused(15, "let database.name name another", "\(engine): who may only read it")
        }
    }

    /// What is its own gets what it lacks.
    func testAnAccountThatItsSecretOpensGetsWhatItLacks() throws {
        for engine in Self.engines {
            let one = try UnpreparedServer(engine, isAlone: true, for: self)
            let name = one.world.database("staging")
            let password = try one.shop.read(".secrets/staging")
            try one.world.sql(one.server.creation(of: name, password))
            if engine == .mysql {
                try one.world.sql("CREATE USER '\(name)'@'10.9.9.9' IDENTIFIED BY 'another';")
            }
            let made = try one.prepare("staging").expect(0, "\(engine)")
            try expect(
                !made.output.contains("CREATE USER") && !made.output.contains("CREATE ROLE"), made.output)
            try expectEqual(try one.shop.read(".secrets/staging"), password, "its secret")
            guard engine == .mysql else { continue }
            try expectEqual(try one.accounts(), ["\(name)@%", "\(name)@10.9.9.9"], "no other is made")
            try expectEqual(
                try one.grants("\(name)@10.9.9.9").count, 1, "another host's account gets nothing")
        }
    }

    /// No definition has a name that PostgreSQL would cut, and so none that MariaDB would.
    func testANameThatTheServerWouldCutIsRefused() throws {
        let one = try UnpreparedServer(.postgresql, for: self)
        let name = one.world.database("staging")
        let long = name.padding(toLength: 64, withPad: "x", startingAt: 0)
        try one.change("staging", "\"user\": \"\(name)\"", to: "\"user\": \"\(long)\"")
        try one.expectRefused(10, "database.user", "64 bytes")
        try one.shop.run("database", "prepare", "staging", "--print").expect(10)
    }
}
