import XCTest

@testable import DeployCore

final class DefinitionDifferenceTests: XCTestCase {
    func testEachChangedKeyIsNamedOnce() throws {
        let one = PlanFixture.environment("production")
        let changes: [(String, (inout Environment) -> Void)] = [
            ("services", { $0.services[0].command = [] }), ("ports", { $0.ports["https"] = 443 }),
            ("url", { $0.url = "http://x" }), ("drain", { $0.drain = .seconds(31) }),
            ("watch", { $0.watch = .milliseconds(2999) }), ("database", { $0.database = nil }),
            ("migrations", { $0.migrations = .command(apply: ["m"], status: nil) }),
            ("migrations", { $0.migrationLimit = .seconds(2) }),
            ("backup", { $0.backup.keep.last = 6 }), ("headers", { $0.headers["A"] = "b" }),
            ("secrets", { $0.secrets["A"] = .file("f") }), ("keepReleases", { $0.keepReleases = 1 }),
            ("confirmation", { $0.confirmation = .init(phrase: "YES") }),
            ("tls", { $0.tls = .init(certificate: "c", key: "k") }),
            ("runtime", { $0.runtime.sockets = "/run/shop" }), ("purpose", { $0.purpose = "p" }),
        ]
        XCTAssertEqual(try DefinitionDifference.keys(one, one), [])
        for (key, change) in changes {
            var other = one
            change(&other)
            XCTAssertEqual(try DefinitionDifference.keys(one, other), [key])
            XCTAssertEqual(try DefinitionDifference.keys(other, one), [key])
        }
    }

    func testSeveralKeysAreSorted() throws {
        let one = PlanFixture.environment("production")
        var other = one
        (other.url, other.drain, other.name) = ("x", .seconds(1), "other")
        XCTAssertEqual(try DefinitionDifference.keys(one, other), ["drain", "name", "url"])
    }

    /// What the model keeps under another name is nobody's to read.
    func testOnlyKeysThatCanBeWrittenAreNamed() throws {
        let tree = try XCTUnwrap(JSON5Reader.read(Array(DefinitionLoaderTests.full.utf8), file: "f").value)
        guard case .object(let members) = tree.content else { return XCTFail("not an object") }
        let known = Set(members.map(\.key))
        let keys = try DefinitionDifference.keys(
            DefinitionLoaderTests.expected, PlanFixture.environment("production"))
        XCTAssertGreaterThan(keys.count, 20)
        for key in keys where key != "name" { XCTAssertTrue(known.contains(key), key) }
        var other = DefinitionLoaderTests.expected
        other.logRules.size += 1
        XCTAssertEqual(try DefinitionDifference.keys(DefinitionLoaderTests.expected, other), ["logs"])
        XCTAssertEqual(
            try DefinitionDifference.values(DefinitionLoaderTests.expected, other).map(\.key), ["logs.size"])
    }
}
