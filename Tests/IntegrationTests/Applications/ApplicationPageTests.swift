import DeployTestSupport
import Foundation
import XCTest

/// What the page of other people's applications promises of its definitions.
final class ApplicationPageTests: XCTestCase {
    func testEveryDefinitionIsShortAndValidAndNeedsNoShell() throws {
        let titles = try ApplicationWorld.titles()
        XCTAssertGreaterThan(titles.count, 5)
        for title in titles {
            let files = try ApplicationWorld.definition(title)
            XCTAssertEqual(files.map(\.path).sorted(), Self.names, title)
            let lines = files.flatMap { $0.text.split(separator: "\n") }
            XCTAssertLessThanOrEqual(lines.count, 12, title)
            XCTAssertFalse(lines.contains { $0.contains("\"sh\"") }, title)
            let world = try ProjectWorld(for: self)
            for file in files { try world.write(file.text, to: file.path) }
            try world.beginRepository()
            try world.run("validate").expect(0, title)
        }
    }

    /// A heading whose definition nothing deploys would only look tested.
    func testEveryDefinitionIsDeployedByATest() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let sources = try FileManager.default.contentsOfDirectory(atPath: folder.path).map {
            try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
        }.joined()
        XCTAssertEqual(Stranger.all.map(\.title).sorted(), try ApplicationWorld.titles())
        for stranger in Stranger.all {
            XCTAssertTrue(sources.contains("ApplicationWorld(.\(stranger.folder), for: self"), stranger.title)
        }
    }

    private static let names = ["base", "production", "staging"].map { "environments/\($0).json" }
}
