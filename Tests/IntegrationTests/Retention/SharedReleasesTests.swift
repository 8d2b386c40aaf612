import DeployTestSupport
import Foundation
import XCTest

/// Releases that only wait to be gone back to take little room, and whatever one of them does touches no other.
final class SharedReleasesTests: XCTestCase {
    private var shop: DeployctlFixture!
    private let asset = "assets/large.bin"

    override func setUpWithError() throws {
        shop = try DeployctlFixture(for: self)
        try shop.replace("\"watch\":", with: "\"keepReleases\": 6, \"watch\":", in: "environments/base.json")
        try shop.commit([asset: String(repeating: "same in all releases ", count: 5000)], "Bring an asset")
    }

    /// Their ids, oldest first.
    private func stage(_ versions: String...) throws -> [String] {
        try versions.map { version in
            try shop.commit(version: version)
            try shop.run("staging").expect(0)
            return try shop.stagedRelease()
        }
    }

    private func place(_ release: String, _ path: String = "") -> String {
        "\(shop.project)/.deployctl/staging/releases/\(release)\(path.isEmpty ? "" : "/\(path)")"
    }

    private func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: place(name)) }

    /// How many names the bytes of a file have.
    private func names(_ release: String, _ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: place(release, path))[.referenceCount] as? Int
    }

    func testWhatRestsSharesAndWhatServesDoesNot() throws {
        let releases = try stage("one", "two", "three", "four", "five")
        XCTAssertEqual(try releases.map { try names($0, asset) }, [3, 3, 3, 1, 1])
        XCTAssertEqual(
            try releases.map { try names($0, "app/version") }, [1, 1, 1, 1, 1], "each has its own")
        try shop.run("rollback", releases[1], "--environment", "staging", "--code-only", "--reason", "a try")
            .expect(0)
        XCTAssertEqual(try shop.version("staging"), "two")
        XCTAssertEqual(try names(releases[1], asset), 1, "it serves")
        XCTAssertFalse(isThere("\(releases[1]).shared"))
        let handle = try XCTUnwrap(FileHandle(forWritingAtPath: place(releases[1], asset)))
        handle.write(Data("written in place".utf8))
        try handle.close()
        try shop.run("rollback", releases[0], "--environment", "staging", "--code-only", "--reason", "a try")
            .expect(0)
        XCTAssertEqual(
            try shop.version("staging"), "one", "what another one's file became is none of its business")
        let refused = try shop.run(
            "rollback", releases[1], "--environment", "staging", "--code-only", "--reason", "a try"
        ).expect(12)
        XCTAssertTrue(refused.errors.contains(asset), refused.errors)
    }

    /// One that rots is not put in the place of one that is whole.
    func testAChangedFileIsSharedWithNobody() throws {
        let first = try stage("one", "two")[0]
        let rotten = String(repeating: "SAME in all releases ", count: 5000)
        try rotten.write(toFile: place(first, asset), atomically: false, encoding: .utf8)
        let second = try stage("three", "four")[0]
        XCTAssertEqual(try names(first, asset), 1)
        XCTAssertEqual(try names(second, asset), 1)
        try shop.run("rollback", second, "--environment", "staging", "--code-only", "--reason", "a try")
            .expect(0)
        XCTAssertEqual(try shop.version("staging"), "three")
    }

    /// The time that a file shows can be put back; when the file system changed it cannot.
    func testAByteThatWasChangedIsFoundWhateverTimeTheFileShows() throws {
        let release = try stage("one")[0]
        XCTAssertTrue(isThere("\(release).fingerprint"))
        let path = place(release, asset)
        let time = try XCTUnwrap(
            FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
        let handle = try XCTUnwrap(FileHandle(forWritingAtPath: path))
        handle.write(Data("S".utf8))
        try handle.close()
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
        let refused = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(refused.errors.contains(asset), refused.errors)
        try shop.run("status", "staging").expect(0)
    }
}
