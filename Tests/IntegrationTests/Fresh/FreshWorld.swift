import DeployTestSupport
import Foundation
import XCTest

/// The shop on one of the engines, whose staging begins with each deployment from what its definition says.
struct FreshWorld {
    let shop: DeployctlFixture
    let server: ServerShop?

    /// nil: SQLite.
    init(_ engine: DatabaseServer.Engine?, for test: XCTestCase) throws {
        guard let engine else {
            shop = try DeployctlFixture(for: test)
            server = nil
            try shop.replace(
                "\"logs\": ", with: "\"database\": {\"fresh\": {\"from\": \"migrations\"}},\n \"logs\": ",
                in: "environments/staging.json")
            try shop.commit("Begin fresh")
            return
        }
        let server = try ServerShop(engine, for: test)
        (shop, self.server) = (server.shop, server)
    }

    /// What staging begins with from now on.
    func begin(from fresh: String) throws {
        let text = try shop.read("environments/staging.json")
        let start = try XCTUnwrap(text.range(of: "\"fresh\": {")).lowerBound
        let end = try XCTUnwrap(text.range(of: "}", range: start..<text.endIndex)).upperBound
        try shop.write(
            text.replacingCharacters(in: start..<end, with: "\"fresh\": {\(fresh)}"),
            to: "environments/staging.json")
    }

    /// Healthy, with one database and nothing half-made.
    func expectConsistent(_ environment: String) throws {
        if let server {
            try server.expectConsistent(environment)
        } else {
            try shop.expectConsistent(environment)
        }
    }

    /// No database but the live ones, no payload.
    func expectNothingLeft() throws {
        let leftovers = shop.leftovers() + shop.names(in: ".deployctl/staging/scratch")
        try expect(leftovers.isEmpty, "half-made things stay: \(leftovers)")
        guard let server else { return }
        try expectEqual(
            try server.databases(), ["production", "staging"].map(server.database), "databases")
    }

    /// Nothing that staging keeps, logs, remembers or prints holds one of these values.
    func expectUnseen(_ values: [String], in runs: [ProgramRun]) throws {
        for run in runs {
            for value in values {
                try expect(!(run.output + run.errors).contains(value), "\(value) is printed: \(run.errors)")
            }
        }
        let words = values.flatMap { ["-e", $0] }
        let found = try shop.runProgram(
            ["grep", "-rlaF"] + words + [".deployctl/staging", ".deployctl/state.db", "logs/staging"])
        try expect(found.output.isEmpty, "values are kept in \(found.output)")
    }
}
