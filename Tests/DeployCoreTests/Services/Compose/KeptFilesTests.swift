import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What data services mount of a release outlives it.
final class KeptFilesTests: XCTestCase {
    private let files = MemoryFileStore()
    private var kept: KeptFiles { KeptFiles(files: files, folder: "/d/files") }

    private func text(_ path: String) -> String? {
        (try? files.read(path)).map { String(decoding: $0, as: UTF8.self) }
    }

    private func source(_ script: String, release: String) throws -> String {
        files.write(script, to: "\(release)/init.d/one.sql")
        files.write("hush", to: "\(release)/password.txt")
        var file = try ComposeFixture.file { tree in
            tree["services"]?["database"]?["volumes"] = .list([
                .object([
                    "type": .text("bind"), "source": .text("\(release)/init.d"), "target": .text("/init"),
                ])
            ])
            tree["services"]?["database"]?["secrets"] = .list([.object(["source": .text("TOKEN")])])
            tree["secrets"]?["TOKEN"] = .object(["file": .text("\(release)/password.txt")])
        }
        file.ground = ComposeGround(
            files: files, release: release, shared: "/e/shared", secrets: "/s", closed: [])
        let unit = try kept.keeping(ComposeFixture.unit(file))
        let mount = try XCTUnwrap(unit.file.service("database")?["volumes"]?.items.first)
        XCTAssertEqual(mount["read_only"], .bool(true))
        let secret = try XCTUnwrap(unit.file.tree.at("secrets", "TOKEN", "file")?.text)
        XCTAssertEqual(text(secret), "hush")
        return try XCTUnwrap(mount["source"]?.text)
    }

    func testAReleaseWithTheSameFilesChangesNothing() throws {
        let first = try source("SELECT 1", release: "/r/1")
        XCTAssertTrue(first.hasPrefix("/d/files/"), first)
        XCTAssertEqual(text("\(first)/one.sql"), "SELECT 1")
        XCTAssertEqual(try source("SELECT 1", release: "/r/2"), first)
        let second = try source("SELECT 2", release: "/r/3")
        XCTAssertNotEqual(second, first)
        try files.remove("/r")
        XCTAssertEqual(text("\(second)/one.sql"), "SELECT 2")
        try kept.prune(keeping: [Data(second.utf8)])
        XCTAssertNil(files.kind(of: first))
        XCTAssertEqual(text("\(second)/one.sql"), "SELECT 2")
    }

    func testPlacesOfOtherMountsInsideAReleaseAreFound() throws {
        let document = try JSONTree.parse(
            #"""
            {"services": {"web": {"volumes": [
              {"type": "bind", "source": "/r/1/app", "target": "/code"},
              {"type": "volume", "target": "/code/node_modules"}, {"type": "volume", "target": "/codes/x"},
              {"type": "volume", "target": "/code/../etc"}, {"type": "bind", "source": "/e/x", "target": "/y"},
              {"type": "volume", "target": "/y/z"}]}}}
            """#)
        XCTAssertEqual(
            NestedPlaces(document: document, release: "/r/1").folders, ["/r/1/app/node_modules"])
    }
}
