import DeployTestSupport
import Foundation
import XCTest

/// The page of worked guides, typed line by line.
final class GuideTests: XCTestCase {
    private static let page = "Sources/DeployCore/Documentation.docc/Guides.md"

    func testEveryBlockRunsInOrder() throws {
        for program in ["openssl", "curl"] { try require(program) }
        let world = try QuickstartWorld(for: self)
        let mount = "\(world.folder)/mnt"
        for folder in ["backups", "metrics"] {
            try FileManager.default.createDirectory(
                atPath: "\(mount)/\(folder)", withIntermediateDirectories: true)
        }
        let https = try HTTP.freePort()
        let blocks = try text().matches(of: #/(?m)^```sh\n(?<text>(?:(?!```).*\n)*)```$/#).map {
            world.withOwnPorts(String($0.output.text))
                .replacingOccurrences(of: "18443", with: "\(https)")
                .replacingOccurrences(of: "/mnt/", with: "\(mount)/")
        }
        XCTAssertEqual(blocks.count, 9, "blocks on the page")
        for block in blocks {
            let run = try world.runProgram(["bash", "-euo", "pipefail", "-c", block]).expect(0, block)
            try expect(!run.output.contains("not well"), run.output)
        }
        XCTAssertGreaterThan(world.names(in: "backups/production").count, 1, "one before each deployment")
        XCTAssertGreaterThan(try FileManager.default.contentsOfDirectory(atPath: "\(mount)/backups").count, 0)
        XCTAssertEqual(try world.git("status", "--porcelain"), "", "nothing is left uncommitted")
    }

    func testItsGuidesLeadSomewhere() throws {
        let folder = (Self.page as NSString).deletingLastPathComponent
        for link in try text().matches(of: #/<doc:(?<name>\w+)>/#).map({ String($0.output.name) }) {
            let path = "\(ProjectWorld.package)/\(folder)/\(link).md"
            XCTAssertTrue(FileManager.default.fileExists(atPath: path), link)
        }
    }

    private func text() throws -> String {
        try String(contentsOfFile: "\(ProjectWorld.package)/\(Self.page)", encoding: .utf8)
    }
}
