import XCTest

@testable import DeployCore

/// A volume is found by its name, wherever it stands.
final class VolumeNamesTests: XCTestCase {
    private func name(_ key: String, among given: [String], declared: [String: JSONTree]) throws -> String {
        let file = try ComposeFixture.file { tree in
            tree["volumes"] = .object(declared)
            tree["services"]?["database"]?["volumes"] = .list(
                declared.keys.sorted().filter { $0 != "unused" }.map {
                    .object(["type": .text("volume"), "source": .text($0), "target": .text("/\($0)")])
                })
        }
        return try VolumeNames(unit: ComposeFixture.unit(file) { $0.volumes = given }).name(of: key)
    }

    func testANameEndsWithTheKeyOfItsVolume() throws {
        let declared: [String: JSONTree] = ["data": .object([:]), "my_data": .null, "cache": .null]
        let given = ["staging_my_data", "x-cache", "staging_data"]
        XCTAssertEqual(try name("data", among: given, declared: declared), "staging_data")
        XCTAssertEqual(try name("my_data", among: given, declared: declared), "staging_my_data")
        XCTAssertEqual(try name("cache", among: given.reversed(), declared: declared), "x-cache")
    }

    func testTheFilesOwnNameForItCounts() throws {
        XCTAssertEqual(
            try name(
                "data", among: ["files", "old"],
                declared: ["data": .texts(["name": "old"]), "cache": .texts(["name": "files"])]), "old")
    }

    func testOneOfEachBelongsTogether() throws {
        XCTAssertEqual(try name("data", among: ["mysql"], declared: ["data": .null]), "mysql")
        XCTAssertEqual(
            try name("data", among: ["mysql"], declared: ["data": .null, "unused": .null]), "mysql",
            "of a service that does not run here")
        XCTAssertEqual(try name("data", among: [], declared: ["data": .null]), "shop-staging_data")
    }

    func testNothingIsGuessed() throws {
        for given in [["one", "two"], ["one"], ["a_data", "b_data"]] {
            XCTAssertThrowsError(
                try name("data", among: given, declared: ["data": .null, "cache": .null]), "\(given)"
            ) {
                XCTAssertEqual(($0 as? DeployError)?.what, "volumes.data of compose.yml is refused")
            }
        }
    }
}
